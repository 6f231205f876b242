"""How symbols are called: a table of names and patterns, for LaTeX and for plain text. Another notation is another table.

Law: a name is read as prefix, base, index and suffix (delta_, W, a, _new), each of which is looked up; `#` in a pattern stands
for what it decorates. Names are identifiers, checked again here, so that no name can carry a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lstm_sym.cell import Cell
from lstm_sym.render.box import Level
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LABEL, LOSS, LOSS_ADJOINT, NEW, PRE_ACTIVATION, RATE, VALUE_ADJOINT
from lstm_sym.symbols.scalars import checked_name


@dataclass(frozen=True)
class Written:
    """A name or pattern in LaTeX and in plain text. `bare` patterns print nothing that a power could be mistaken to belong to.

    `index` is one that the name brings along, below: W_{fh} for the weights U_f.
    """

    latex: str
    text: str
    bare: bool = True
    tall: bool = False
    index: str = ""


SMALL = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
CAPITAL = "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
GREEK = {
    name: Written("\\" + name, letter)
    for names, letters in ((SMALL, "αβγδεζηθικλμνξπρστφχψω"), (CAPITAL, "ΓΔΘΛΞΠΣΦΨΩ"))
    for name, letter in zip(names.split(), letters, strict=True)
}
"""Names that are written as Greek letters."""

DERIVED = {
    ADJOINT: Written(r"\delta #", "δ#", bare=False),
    ARRIVING: Written(r"\Delta #", "Δ#", bare=False),
    VALUE_ADJOINT: Written(r"\frac{\partial E}{\partial #}", "∂E/∂#", bare=False, tall=True),
}
"""Prefixes that decorate a symbol together with its time."""

GATES = "gates"
"""The stack of the gates, whose adjoint keeps its name: it is no derivative by the values."""
UPDATED = {NEW: Written(r"\mathrm{new}", "new")}
"""Suffixes, written as superscripts."""


@dataclass(frozen=True)
class Notation:
    """A table of names. `names` has whole names, bases and indices; what it does not have is written as it is declared.

    `time` is the pattern of a time index: with `time_above` it stands as superscript, else with the other indices as subscript.
    `signs` replaces signs of the ink. With `fractions` adjoints are written as derivatives of the loss, those of a gate by its
    pre-activation; `gates` says which those are, and comes from `for_cell`.
    """

    title: str
    names: Mapping[str, Written] = field(default_factory=dict)
    derived: Mapping[str, Written] = field(default_factory=lambda: DERIVED)
    updated: Mapping[str, Written] = field(default_factory=lambda: UPDATED)
    time: Written = Written("#", "#")
    time_above: bool = False
    signs: Mapping[str, Written] = field(default_factory=dict)
    fractions: bool = False
    gates: frozenset[str] = frozenset()

    def for_cell(self, cell: Cell) -> Notation:
        """The table without names that would make two symbols of the cell look alike, which keep their declared ones."""
        symbols = (*cell.variables, *cell.inputs, *cell.parameters)
        gates = frozenset(v.name for v in cell.variables if cell.is_gate(v.name))
        table = replace(self, gates=gates)
        while True:
            shown: dict[Scripted, list[str]] = {}
            for symbol in symbols:
                shown.setdefault(scripted(symbol.name, None, table), []).append(symbol.name)
            alike = {part for names in shown.values() if len(names) > 1 for name in names for part in _words(name, table)}
            if not alike & set(table.names):
                return table
            table = replace(table, names={name: word for name, word in table.names.items() if name not in alike})

    def word(self, name: str) -> Written:
        """One word: from the table, a Greek letter, a single letter, or a name of several letters set tight."""
        if name in self.names:
            return self.names[name]
        if name in GREEK:
            return GREEK[name]
        checked = name if name.isdigit() else checked_name(name).replace("_", r"\_")
        return Written(checked if len(name) == 1 or name.isdigit() else rf"\mathit{{{checked}}}", name)


@dataclass(frozen=True)
class NameParts:
    """delta_W_a_new is prefix delta_, base W, indices (a,), suffix _new."""

    prefix: str
    base: str
    indices: tuple[str, ...]
    suffix: str


def name_parts(name: str, notation: Notation) -> NameParts:
    """The name taken apart; a name that the table has as a whole stays whole."""
    if notation.fractions and name.startswith(ADJOINT) and name != ADJOINT + GATES:
        of = name.removeprefix(ADJOINT)
        name = VALUE_ADJOINT + (PRE_ACTIVATION + of if of in notation.gates else of)
    if name in notation.names or name == LOSS_ADJOINT:
        return NameParts("", name, (), "")
    prefix = next((p for p in notation.derived if name.startswith(p) and len(name) > len(p)), "")
    rest = name.removeprefix(prefix)
    suffix = next((s for s in notation.updated if rest.endswith(s) and len(rest) > len(s)), "")
    rest = rest.removesuffix(suffix)
    if rest in notation.names:
        return NameParts(prefix, rest, (), suffix)
    base, *indices = rest.split("_")
    digits = base.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if digits and digits.isdigit():
        base, indices = base.removesuffix(digits), [digits, *indices]
    return NameParts(prefix, base, tuple(index for index in indices if index), suffix)


def _words(name: str, notation: Notation) -> set[str]:
    parts = name_parts(name, notation)
    return {parts.base, *parts.indices}


@dataclass(frozen=True)
class Scripted:
    """A symbol ready to be written: the pattern of its prefix, its base, and what stands below and above."""

    pattern: Written
    base: Written
    below: tuple[Written, ...]
    above: tuple[Written, ...]

    @property
    def level(self) -> Level:
        bare = self.base.bare and self.pattern.bare and not self.above
        return Level.ATOM if bare else Level.SCRIPTED


def scripted(name: str, time: str | None, notation: Notation, entry: str | None = None) -> Scripted:
    """The words of a symbol at a time; `entry` is the index of one entry of it."""
    parts = name_parts(name, notation)
    base = notation.word(parts.base)
    below = [notation.word(index) for index in parts.indices]
    if base.index:
        last = below.pop() if below else Written("", "")
        below.append(Written(f"{last.latex} {base.index}".strip(), last.text + base.index))
    above = [notation.updated[parts.suffix]] if parts.suffix else []
    if time is not None:
        when = Written(notation.time.latex.replace("#", time), notation.time.text.replace("#", time))
        (above if notation.time_above else below).append(when)
    below += [Written(entry, entry)] if entry else []
    pattern = notation.derived[parts.prefix] if parts.prefix else Written("#", "#")
    return Scripted(pattern, base, tuple(below), tuple(above))


WORKSHEET = Notation(
    "worksheet",
    names={
        LABEL: Written(r"\mathit{label}", "label"),
        LOSS: Written("E", "E"),
        RATE: Written(r"\lambda", "λ"),
        PRE_ACTIVATION.rstrip("_"): Written(r"\mathit{net}", "net"),
    },
)
"""The names of the worksheet: a, i, f, o, state, out; the step as subscript; delta for adjoints."""
