"""The formula tree: what stands on the page, frozen, with positions, and with every ambiguity still in it.

Laws: `start` and `end` are offsets into the original text and take no part in equality. A juxtaposition, `*` or `\\cdot` is
kept as it was written; whether it is a matrix product, a Hadamard product or an application is decided later, by shape.
Indices are kept as written; which of them is time is decided later, from the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A node of the tree."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Number(Formula):
    """A number as its decimal text, such as 0.45 or 1e-3."""

    text: str


@dataclass(frozen=True)
class NumberMatrix(Formula):
    """A matrix of printed numbers, as text."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Name(Formula):
    """A name of one or several letters; Greek letters are spelled out. Accents are hat, tilde, bar, dot."""

    text: str
    accents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indexed(Formula):
    """A base with the items of its subscript and of its superscript, and its primes."""

    base: Formula
    sub: tuple[Formula, ...] = ()
    sup: tuple[Formula, ...] = ()
    primes: int = 0


@dataclass(frozen=True)
class Group(Formula):
    """Brackets with the items between them; kind is one of ( [ { <, and separator is one of '' , ;"""

    kind: str
    items: tuple[Formula, ...]
    separator: str = ""


@dataclass(frozen=True)
class Block(Formula):
    """A matrix written by rows and cells."""

    rows: tuple[tuple[Formula, ...], ...]


@dataclass(frozen=True)
class Terms(Formula):
    """A sum: terms with their signs, +1 or -1, in written order."""

    signs: tuple[int, ...]
    terms: tuple[Formula, ...]


@dataclass(frozen=True)
class Factors(Formula):
    """A product: factors, and between each two the sign that was written ('' for juxtaposition)."""

    factors: tuple[Formula, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Fraction(Formula):
    """A quotient, written with a bar or a slash."""

    above: Formula
    below: Formula


@dataclass(frozen=True)
class Partial(Formula):
    """The differential of something, as it stands above or below the bar of a derivative."""

    body: Formula | None


@dataclass(frozen=True)
class Derivative(Formula):
    """The derivative of `of` by `by`: a fraction of differentials, a subscripted nabla or partial sign."""

    of: Formula
    by: Formula


@dataclass(frozen=True)
class Prefixed(Formula):
    """A delta (or Delta, d, nabla) in front of a name: the adjoint of that name in some sense."""

    prefix: str
    body: Formula


@dataclass(frozen=True)
class Call(Formula):
    """A function applied to arguments: function is a Name or an Indexed name."""

    function: Formula
    arguments: tuple[Formula, ...]


@dataclass(frozen=True)
class Slice(Formula):
    """One of `count` parts of equal height of a column, counted from 0. Nobody writes it: stacked equations are read so."""

    body: Formula
    position: int
    count: int


@dataclass(frozen=True)
class Range(Formula):
    """first:last inside the brackets of a slice; None where nothing is written."""

    first: Formula | None
    last: Formula | None


@dataclass(frozen=True)
class Cut(Formula):
    """A slice body[ranges], as written."""

    body: Formula
    ranges: tuple[Formula, ...]


@dataclass(frozen=True)
class Big(Formula):
    """A sum or product sign with its bounds over a body; kind is 'sum' or 'prod'."""

    kind: str
    sub: tuple[Formula, ...]
    sup: tuple[Formula, ...]
    body: Formula


@dataclass(frozen=True)
class Relation(Formula):
    """Parts joined by =, <-, += and the like: a = b = c has two signs."""

    parts: tuple[Formula, ...]
    signs: tuple[str, ...]


def children(node: Formula) -> Iterator[Formula]:
    """The formulas directly inside a node, in written order."""
    for item in fields(node):
        value = getattr(node, item.name)
        yield from _formulas(value)


def _formulas(value: object) -> Iterator[Formula]:
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _formulas(part)


def walk(node: Formula) -> Iterator[Formula]:
    """The node and every formula inside it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)
