"""Formulas back to LaTeX in the author's own spelling.

Law: what the author wrote is taken from the text; only what is new is spelled here, with the author's own words for names
and times.
"""

from __future__ import annotations

from lstm_sym.claim import Claim
from lstm_sym.notes.formula.tree import (
    Block,
    Call,
    Derivative,
    Factors,
    Formula,
    Fraction,
    Group,
    Indexed,
    Name,
    Number,
    Prefixed,
    Relation,
    Terms,
)
from lstm_sym.notes.text.document import Document
from lstm_sym.notes.text.lexicon import FUNCTIONS, GREEK

SIGNS = {
    "odot": " \\odot ",
    "circ": " \\circ ",
    "cdot": " \\cdot ",
    "times": " \\times ",
    "star": " * ",
    "otimes": " \\otimes ",
    "": " ",
    "at": " @ ",
}
WORDS = {"transpose": "\\top", "infinity": "\\infty", "sigma": "\\sigma", "...": "\\dots"}


class Speller:
    """Spells formulas over one text; a node without a place in it is new."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, node: Formula) -> str:
        if node.end > node.start:
            return balanced(self.text, node.start, node.end)
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        return method(node) if method else ""

    def _number(self, node: Number) -> str:
        return node.text

    def _name(self, node: Name) -> str:
        word = WORDS.get(node.text) or (
            f"\\{node.text}" if node.text in GREEK or node.text in ("tanh", "exp", "log") else node.text
        )
        if len(node.text) > 1 and not word.startswith("\\"):
            word = node.text if node.text not in FUNCTIONS else f"\\operatorname{{{node.text}}}"
        for accent in node.accents:
            word = f"{word}'" if accent == "prime" else f"\\{accent}{{{word}}}"
        return word

    def _indexed(self, node: Indexed) -> str:
        below = f"_{{{', '.join(map(self._index, node.sub))}}}" if node.sub else ""
        above = f"^{{{' '.join(map(self._index, node.sup))}}}" if node.sup else ""
        return f"{self(node.base)}{chr(39) * node.primes}{below}{above}"

    def _index(self, node: Formula) -> str:
        """An index stands close: t-1."""
        if isinstance(node, Group) and len(node.items) == 1 and node.end <= node.start:
            return self._group(Group(node.kind, (Name(self._index(node.items[0])),)))
        return self(node).replace(" ", "") if isinstance(node, Terms | Relation) else self(node)

    def _group(self, node: Group) -> str:
        opening, closing = {
            "(": ("(", ")"),
            "[": ("[", "]"),
            "{": ("\\{", "\\}"),
            "<": ("\\langle ", " \\rangle"),
            "|": ("\\|", "\\|"),
        }[node.kind]
        return opening + (node.separator + " ").join(map(self, node.items)) + closing

    def _terms(self, node: Terms) -> str:
        parts = [("-" if node.signs[0] < 0 else "") + self(node.terms[0])]
        parts += [(" - " if sign < 0 else " + ") + self(term) for sign, term in zip(node.signs[1:], node.terms[1:], strict=True)]
        return "".join(parts)

    def _factors(self, node: Factors) -> str:
        parts = [self._factor(node.factors[0])]
        for sign, factor in zip(node.signs, node.factors[1:], strict=True):
            parts += [SIGNS.get(sign, " "), self._factor(factor)]
        return "".join(parts)

    def _factor(self, node: Formula) -> str:
        return f"({self(node)})" if isinstance(node, Terms) else self(node)

    def _call(self, node: Call) -> str:
        return f"{self(node.function)}({', '.join(map(self, node.arguments))})"

    def _prefixed(self, node: Prefixed) -> str:
        if node.prefix not in ("delta", "Delta", "nabla", "d", "dp"):
            return f"\\bar{{{self(node.body)}}}" if node.prefix == "bar" else f"{self(Name(node.prefix))}_{{{self(node.body)}}}"
        prefix = f"\\{node.prefix} " if node.prefix in ("delta", "Delta", "nabla") else node.prefix
        return f"{prefix}{self(node.body)}"

    def _fraction(self, node: Fraction) -> str:
        return f"\\frac{{{self(node.above)}}}{{{self(node.below)}}}"

    def _derivative(self, node: Derivative) -> str:
        return f"\\frac{{\\partial {self(node.of)}}}{{\\partial {self(node.by)}}}"

    def _block(self, node: Block) -> str:
        rows = " \\\\ ".join(" & ".join(map(self, row)) for row in node.rows)
        return f"\\begin{{bmatrix}} {rows} \\end{{bmatrix}}"

    def _big(self, node: Formula) -> str:
        from lstm_sym.notes.formula.tree import Big

        assert isinstance(node, Big)
        below = f"_{{{', '.join(map(self._index, node.sub))}}}" if node.sub else ""
        above = f"^{{{' '.join(map(self._index, node.sup))}}}" if node.sup else ""
        return f"\\{node.kind}{below}{above} {self(node.body)}"

    def _relation(self, node: Formula) -> str:
        from lstm_sym.notes.formula.tree import Relation

        assert isinstance(node, Relation)
        return " = ".join(map(self, node.parts))


def balanced(text: str, start: int, end: int) -> str:
    """text[start:end] with the closing braces that belong to it."""
    return text[start : closed(text, start, end)]


def closed(text: str, start: int, end: int) -> int:
    """The end moved over closing braces that belong to what stands before."""
    missing = text.count("{", start, end) - text.count("}", start, end)
    while missing > 0 and end < len(text) and text[end] in "} ":
        missing -= text[end] == "}"
        end += 1
    return end


def clean(text: str) -> str:
    """The text on one line, without alignment marks."""
    return " ".join(text.replace("&", " ").replace("\\\\", " ").split())


def claim_at(text: Document, kind: str, start: int, end: int) -> Claim:
    """The claim that stands between two offsets of a document, closing braces included."""
    end = closed(text.text, start, end)
    return Claim(kind, text.text[start:end], text.place(start), start, end)
