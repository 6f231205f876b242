"""The words of LaTeX that notes of this field use, as tables: operators, Greek letters, functions, spacing, accents.

Law: a command that stands in no table is unreadable by name; nothing is guessed.
"""

# ruff: noqa: SIM905
# fmt: off
# ruff: noqa: E501
from __future__ import annotations

OPERATORS: dict[str, tuple[str, str]] = {
    "odot": ("OP", "odot"), "circ": ("OP", "circ"), "cdot": ("OP", "cdot"), "times": ("OP", "times"),
    "otimes": ("OP", "otimes"),
    "ast": ("OP", "star"), "star": ("OP", "star"), "bullet": ("OP", "cdot"), "bigodot": ("OP", "odot"),
    "oplus": ("PLUS", "+"),
    "leftarrow": ("REL", "<-"), "gets": ("REL", "<-"), "coloneqq": ("REL", "="), "equiv": ("REL", "="),
    "triangleq": ("REL", "="),
    "approx": ("REL", "~"), "simeq": ("REL", "~"), "doteq": ("REL", "="), "propto": ("OTHER", "propto"),
    "to": ("OTHER", "to"),
    "in": ("OTHER", "in"), "le": ("OTHER", "le"), "leq": ("OTHER", "le"), "ge": ("OTHER", "ge"), "geq": ("OTHER", "ge"),
    "neq": ("OTHER", "ne"), "ne": ("OTHER", "ne"), "sim": ("OTHER", "sim"), "Rightarrow": ("BREAK", ""),
    "implies": ("BREAK", ""),
    "Longrightarrow": ("BREAK", ""), "therefore": ("BREAK", ""), "iff": ("BREAK", ""), "forall": ("BREAK", ""),
    "because": ("BREAK", ""),
    "Leftrightarrow": ("BREAK", ""), "Longleftrightarrow": ("BREAK", ""), "rightarrow": ("OTHER", "to"),
    "mapsto": ("OTHER", "to"),
    "sum": ("BIG", "sum"), "prod": ("BIG", "prod"), "partial": ("PARTIAL", "d"), "nabla": ("NABLA", "nabla"),
    "frac": ("FRAC", ""),
    "dfrac": ("FRAC", ""), "tfrac": ("FRAC", ""), "top": ("TRANSPOSE", ""), "intercal": ("TRANSPOSE", ""),
    "prime": ("PRIME", "'"),
    "langle": ("LANGLE", "<"), "rangle": ("RANGLE", ">"), "lbrack": ("LSQ", "["), "rbrack": ("RSQ", "]"),
    "lbrace": ("LCURLY", "{"),
    "rbrace": ("RCURLY", "}"), "{": ("LCURLY", "{"), "}": ("RCURLY", "}"), "vert": ("BAR", "|"), "mid": ("BAR", "|"),
    "|": ("BAR", "|"),
    "Vert": ("BAR", "|"), "dots": ("DOTS", ""),
    "ldots": ("DOTS", ""),
    "cdots": ("DOTS", ""), "vdots": ("DOTS", ""), "ddots": ("DOTS", ""), "infty": ("NAME", "infinity"),
    "colon": ("COLON", ":"),
    "quad": ("QUAD", ""), "qquad": ("QUAD", ""), "enspace": ("QUAD", ""), "hfill": ("QUAD", ""), "parallel": ("OTHER", "parallel"), "Vec": ("OTHER", "vec"),
    "sqrt": ("OTHER", "sqrt"),
    "min": ("OTHER", "min"), "max": ("OTHER", "max"), "lVert": ("BAR", "|"), "rVert": ("BAR", "|"), "cup": ("OTHER", "cup"),
}
"""Commands with a token of their own: kind and value. OTHER is read by name and then found to be no part of an equation."""

GREEK: dict[str, str] = {
    name: name.removeprefix("var")
    for name in (
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma "
        "varsigma tau upsilon "
        "phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar imath jmath"
    ).split()
}

FUNCTIONS: dict[str, str] = {
    "tanh": "tanh", "sigmoid": "sigma", "sigm": "sigma", "logistic": "sigma", "sig": "sigma", "softmax": "softmax",
    "diag": "diag",
    "Diag": "diag", "exp": "exp", "log": "log", "ln": "log", "relu": "relu", "ReLU": "relu", "cosh": "cosh", "sinh": "sinh",
    "Softmax": "softmax", "vec": "vec", "concat": "concat", "sech": "sech", "Sigmoid": "sigma", "Tanh": "tanh",
    "Logistic": "sigma",
}
"""Words that are functions, with one spelling each. Sigma as a letter is a function where it is applied."""

SPACING = frozenset(
    ", ; : ! > displaystyle textstyle scriptstyle left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr "
    "Biggl Biggr limits "
    "nolimits middle nonumber notag allowbreak bigm centering noindent medspace thinspace normalsize small "
    "large Large "
    "mathstrut strut hline smallskip medskip bigskip".split()
)

STYLES = frozenset(
    "mathbf boldsymbol bm mathrm mathit mathsf mathtt mathcal mathbb mathfrak mathscr pmb bf rm cal it sf textbf "
    "textit textrm texttt "
    "operatorname operatorname* textsf emph mathop underline mathbin mathrel mathord".split()
)
WORD_STYLES = frozenset(
    "mathrm mathit mathsf mathtt operatorname operatorname* textbf textit textrm texttt textsf text mbox rm it".split()
)
TEXTS = frozenset("text mbox textrm textnormal intertext textit textbf hbox".split())
PROSE = frozenset(
    "and or where with for if so then thus hence when otherwise we have is are therefore but since let here note "
    "while as by at to in on "
    "of the from such that which all any given using".split()
)
DROPPED_WITH_ARGUMENT = frozenset(
    "label tag tag* ref eqref cite hspace vspace hspace* vspace* color phantom hphantom vphantom".split()
)
WIDE_WITH_ARGUMENT = frozenset({"hspace", "hspace*"})
ROWS = frozenset({"\\", "cr", "newline"})
WRAPPERS: dict[str, tuple[int, int]] = {
    "boxed": (0, 0), "fbox": (0, 0), "cancel": (0, 0), "bcancel": (0, 0), "underbrace": (0, -1), "overbrace": (0, 1),
    "underbracket": (0, -1), "overset": (1, 0), "underset": (1, 0), "stackrel": (1, 0), "textcolor": (1, 0),
    "colorbox": (1, 0), "mathclap": (0, 0), "substack": (0, 0), "smash": (0, 0),
}
"""Commands around a formula that change nothing: how many arguments stand before it, and where its remark stands (-1 below)."""

ACCENTS: dict[str, str] = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "overline": "bar", "dot": "dot",
    "vec": "",
    "overrightarrow": "", "check": "check", "ddot": "ddot", "breve": "breve",
}

MATRICES = frozenset("bmatrix pmatrix matrix vmatrix Bmatrix smallmatrix array bsmallmatrix cases rcases dcases".split())
DISPLAYS = frozenset(
    "equation equation* align align* aligned alignat alignat* alignedat split gather gather* gathered eqnarray "
    "eqnarray* multline multline* "
    "displaymath math flalign flalign* subequations dmath dmath*".split()
)

UNICODE: dict[str, tuple[str, str]] = {
    "⊙": ("OP", "odot"), "∘": ("OP", "circ"), "◦": ("OP", "circ"), "·": ("OP", "cdot"), "⋅": ("OP", "cdot"),
    "×": ("OP", "times"),
    "⊗": ("OP", "otimes"), "∗": ("OP", "star"), "*": ("OP", "star"), "/": ("SLASH", "/"), "+": ("PLUS", "+"),
    "-": ("MINUS", "-"),
    "−": ("MINUS", "-"), "–": ("MINUS", "-"), "=": ("REL", "="), "≈": ("REL", "~"), "←": ("REL", "<-"),
    "∂": ("PARTIAL", "d"),
    "∇": ("NABLA", "nabla"), "∑": ("BIG", "sum"), "Σ": ("BIG", "sum"), "∏": ("BIG", "prod"),
    "(": ("LPAR", "("), ")": ("RPAR", ")"),
    "[": ("LSQ", "["), "]": ("RSQ", "]"), "⟨": ("LANGLE", "<"), "⟩": ("RANGLE", ">"), "〈": ("LANGLE", "<"),
    "〉": ("RANGLE", ">"),
    ",": ("COMMA", ","), ";": ("SEMI", ";"), "'": ("PRIME", "'"), "’": ("PRIME", "'"), "′": ("PRIME", "'"),
    "|": ("BAR", "|"),
    ":": ("COLON", ":"), "ᵀ": ("SUPT", ""), "⊤": ("TRANSPOSE", ""), "<": ("LANGLE", "<"), ">": ("RANGLE", ">"),
    "!": ("OTHER", "!"),
    "&": ("AMP", "&"), "∈": ("OTHER", "in"), "…": ("DOTS", ""), "¬": ("OTHER", "not"), "?": ("OTHER", "?"),
    "@": ("OP", "at"),
    "ℓ": ("NAME", "ell"), "{": ("LBRACE", "{"), "}": ("RBRACE", "}"), "_": ("SUB", "_"), "^": ("SUP", "^"),
    "∆": ("NAME", "Delta"),
}

UNICODE_GREEK: dict[str, str] = dict(
    zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΦΨΩ",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
        "omega "
        "Gamma Delta Theta Lambda Xi Pi Phi Psi Omega".split(), strict=True)
)

ESCAPED: dict[str, tuple[str, str]] = {"_": ("SUB", "_"), "*": ("OP", "star")}
"""Signs that Markdown wants with a backslash, and that stand so in many formulas."""
