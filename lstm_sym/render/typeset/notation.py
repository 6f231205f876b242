"""How symbols are called: a table of names and patterns, for LaTeX and for plain text. Another notation is another table.

Law: a name is read as prefix, base, index and suffix (delta_, W, a, _new), each of which is looked up; `#` in a pattern stands
for what it decorates. Names are identifiers, checked again here, so that no name can carry a command.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lstm_sym.render.typeset.box import Level
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LABEL, LOSS, LOSS_ADJOINT, NEW, PRE_ACTIVATION, RATE, VALUE_ADJOINT
from lstm_sym.symbols.scalars import checked_name


@dataclass(frozen=True)
class Written:
    """A name or pattern in LaTeX and in plain text. `bare` patterns print nothing that a power could be mistaken to belong to."""

    latex: str
    text: str
    bare: bool = True
    tall: bool = False


SMALL = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
CAPITAL = "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
GREEK = {
    name: Written("\\" + name, letter)
    for names, letters in ((SMALL, "αβγδεζηθικλμνξπρστφχψω"), (CAPITAL, "ΓΔΘΛΞΠΣΦΨΩ"))
    for name, letter in zip(names.split(), letters, strict=True)
}
"""Names that are written as Greek letters."""

GATES = "gates"
"""The name of the gates above one another."""

DERIVED = {
    ADJOINT: Written(r"\delta #", "δ#", bare=False),
    ARRIVING: Written(r"\Delta #", "Δ#", bare=False),
    VALUE_ADJOINT: Written(r"\frac{\partial E}{\partial #}", "∂E/∂#", bare=False, tall=True),
}
"""Prefixes that decorate a symbol together with its time."""

UPDATED = {NEW: Written(r"\mathrm{new}", "new")}
"""Suffixes, written as superscripts."""


@dataclass(frozen=True)
class Notation:
    """A table of names. `names` has whole names, bases and indices; what it does not have is written as it is declared.

    `time` is the pattern of a time index: with `time_above` it stands as superscript, else with the other indices as subscript.
    """

    title: str
    names: Mapping[str, Written] = field(default_factory=dict)
    derived: Mapping[str, Written] = field(default_factory=lambda: DERIVED)
    updated: Mapping[str, Written] = field(default_factory=lambda: UPDATED)
    time: Written = Written("#", "#")
    time_above: bool = False
    signs: Mapping[str, Written] = field(default_factory=dict)
    """Signs other than the usual ones: hadamard, product, outer."""
    added: Mapping[str, str] = field(default_factory=dict)
    """An index that a base gets besides its own: W of the input is W_{f,x} where {"W": "x"}."""
    cells: Mapping[str, Mapping[str, Written]] = field(default_factory=dict)
    """The names that hold for one cell only, by the name of the cell."""
    concatenated: bool = False
    """Whether W x + U h is written as one product with [h, x]."""
    adjoint_of_net: bool = False
    """Whether the adjoint of a gate's pre-activation names that pre-activation."""
    gates: frozenset[str] = frozenset()

    def for_cell(self, cell: str, gates: Iterable[str]) -> Notation:
        """The table for one cell: its own names, and which of its variables are gates."""
        return replace(self, names={**self.names, **self.cells.get(cell, {})}, gates=frozenset(gates) | {GATES})

    def said(self, cell: str) -> str | None:
        """What a reader must know where the table does not name the symbols of a cell."""
        if not self.cells or cell in self.cells:
            return None
        return f"The notation {self.title} has no names for the cell {cell}: its symbols keep their declared names."

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
    if name in notation.names or name == LOSS_ADJOINT:
        return NameParts("", name, (), "")
    prefix = next((p for p in notation.derived if name.startswith(p) and len(name) > len(p)), "")
    rest = name.removeprefix(prefix)
    suffix = next((s for s in notation.updated if rest.endswith(s) and len(rest) > len(s)), "")
    rest = rest.removesuffix(suffix)
    if prefix == ADJOINT and notation.adjoint_of_net and rest in notation.gates:
        rest = PRE_ACTIVATION.rstrip("_") if rest == GATES else PRE_ACTIVATION + rest
    if rest in notation.names:
        return NameParts(prefix, rest, (), suffix)
    base, *indices = rest.split("_")
    digits = base.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if digits and digits.isdigit():
        base, indices = base.removesuffix(digits), [digits, *indices]
    return NameParts(prefix, base, tuple(index for index in indices if index), suffix)


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
    below = [notation.word(index) for index in parts.indices]
    below += [notation.word(notation.added[parts.base])] if parts.base in notation.added and time is None else []
    above = [notation.updated[parts.suffix]] if parts.suffix else []
    if time is not None:
        when = Written(notation.time.latex.replace("#", time), notation.time.text.replace("#", time))
        (above if notation.time_above else below).append(when)
    below += [Written(entry, entry)] if entry else []
    pattern = notation.derived[parts.prefix] if parts.prefix else Written("#", "#")
    return Scripted(pattern, notation.word(parts.base), tuple(below), tuple(above))


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
