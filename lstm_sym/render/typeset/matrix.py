"""Numbers in place of symbols: matrices of decimal text as boxes, turned and stacked for print, large ones with dots.

Law: entries are moved, never changed; a large matrix shows its first rows and columns, dots, and the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lstm_sym.errors import InputError
from lstm_sym.render.typeset.box import Box
from lstm_sym.render.typeset.ink import Ink
from lstm_sym.render.typeset.scalar import decimal
from lstm_sym.symbols.compound import Beside, Outer, Stack
from lstm_sym.symbols.nodes import Expression, Ones, Product, Transposed
from lstm_sym.worked import Entries

SHOWN = 10
"""Rows and columns up to this many are printed whole; beyond, the first KEPT, dots, and the last."""
KEPT = 6
WIDEST = 48
"""Characters in a row of entries, with one between them and the next; a wider matrix has dots as well."""

Numbers = Mapping[Expression, Entries]


def entries_of(node: Expression, numbers: Numbers) -> Entries | None:
    """The entries that stand for a symbol, a stack of symbols or a transpose of either; None where they are not given."""
    if node in numbers:
        return checked(numbers[node], node)
    if isinstance(node, Transposed):
        inner = entries_of(node.body, numbers)
        return None if inner is None else turned(inner)
    if isinstance(node, Stack):
        blocks = [entries_of(block, numbers) for block in node.blocks]
        return None if any(block is None for block in blocks) else tuple(row for block in blocks if block for row in block)
    if isinstance(node, Beside):
        blocks = [entries_of(block, numbers) for block in node.blocks]
        found = [block for block in blocks if block]
        return tuple(sum(rows, ()) for rows in zip(*found, strict=True)) if len(found) == len(blocks) else None
    return None


def shape_in_numbers(node: Expression, numbers: Numbers) -> tuple[int, int] | None:
    """Rows and columns of a node as its numbers have them; None where they do not say, as for a matrix of ones."""
    found = entries_of(node, numbers)
    if found is not None:
        return len(found), len(found[0])
    if isinstance(node, Transposed):
        inner = shape_in_numbers(node.body, numbers)
        return None if inner is None else inner[::-1]
    if isinstance(node, Product | Outer):
        left, right = (shape_in_numbers(node.args[end], numbers) for end in (0, -1))
        if left is None or right is None:
            return right if isinstance(node, Product) and isinstance(node.args[0], Transposed) else None
        return left[0], right[1] if isinstance(node, Product) else right[0]
    if isinstance(node, Ones):
        return None
    shapes = (shape_in_numbers(part, numbers) for part in node.parts)
    return next((shape for shape in shapes if shape is not None), None)


def turned(entries: Entries) -> Entries:
    return tuple(zip(*entries, strict=True))


def checked(entries: Entries, what: object) -> Entries:
    """The entries, if they are rows of equal length and there is at least one."""
    if not entries or not entries[0] or any(len(row) != len(entries[0]) for row in entries):
        raise InputError(f"numbers for {what}", got="no entries, or rows of different lengths", expected="rows of equal length")
    return entries


def is_scalar(entries: Entries) -> bool:
    return len(entries) == len(entries[0]) == 1


def is_elided(entries: Entries) -> bool:
    """Whether dots stand for some of the entries."""
    return len(entries) > SHOWN or _columns(entries) < len(entries[0])


def _columns(entries: Entries) -> int:
    """How many columns are printed: all, or the first ones that leave room for dots and the last."""
    widths = [max(len(entry) for entry in column) + 2 for column in turned(entries)]
    if len(widths) <= SHOWN and sum(widths) <= WIDEST:
        return len(widths)
    fitting = [count for count in range(1, KEPT + 1) if sum(widths[:count]) + widths[-1] <= WIDEST]
    return min(max(fitting, default=1) + 1, len(widths))


def number_box(entries: Entries, ink: Ink, *, scalar_in_brackets: bool = False) -> Box:
    """A bare number for one entry, else the matrix."""
    if is_scalar(entries) and not scalar_in_brackets:
        return decimal(entries[0][0], ink)
    if not is_elided(entries):
        return ink.matrix([[decimal(entry, ink) for entry in row] for row in entries])
    rows = _kept(len(entries), len(entries) if len(entries) <= SHOWN else KEPT + 1)
    columns = _kept(len(entries[0]), _columns(entries))
    return ink.matrix([[_cell(entries, row, column, ink) for column in columns] for row in rows])


def _kept(size: int, shown: int) -> Sequence[int | None]:
    """The indices that are shown; None stands for dots."""
    return range(size) if shown == size else [*range(shown - 1), None, size - 1]


def _cell(entries: Entries, row: int | None, column: int | None, ink: Ink) -> Box:
    if row is None:
        return ink.sign("vertical dots" if column is not None else "diagonal dots")
    return ink.sign("dots") if column is None else decimal(entries[row][column], ink)
