"""Gates that are defined together, as blocks of one product.

    [i; f; o; g] = [sigma; sigma; sigma; tanh] W [x; h]      i = sigma(first quarter of W [x; h]), and so on
    a_t = W x_t + ...,  a_t = [a_i; a_f; a_o; a_g]           a_i is the first quarter of a_t

Law: the parts are of equal height, in the order in which they stand; each becomes a definition of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.tree import Block, Call, Factors, Formula, Group, Indexed, Name, Relation, Slice, Terms
from lstm_sym.notes.text.lexicon import FUNCTIONS


def together(relation: Relation) -> Iterator[tuple[Formula, Formula]]:
    """The single equations that a stacked one stands for: left and right sides; none where it is not stacked."""
    names = cells(relation.parts[0])
    if names is None or not all(isinstance(name, Name | Indexed) for name in names):
        return
    body = relation.parts[1]
    rows = [row_of(body, position, len(names)) for position in range(len(names))]
    if all(row is not None for row in rows):
        yield from ((name, row) for name, row in zip(names, rows, strict=True) if row is not None)
        return
    functions, argument = _functions(body, len(names))
    if argument is None:
        return
    for position, (name, function) in enumerate(zip(names, functions, strict=True)):
        part = Slice(argument, position, len(names), start=argument.start, end=argument.end)
        yield name, Call(function, (part,), start=body.start, end=body.end)


def row_of(node: Formula, position: int, count: int) -> Formula | None:
    """The row at a position of a column that is written out by rows; None where it is not."""
    ends = {"start": node.start, "end": node.end}
    if isinstance(node, Block):
        return node.rows[position][0] if len(node.rows) == count and all(len(row) == 1 for row in node.rows) else None
    if isinstance(node, Group) and len(node.items) == 1:
        return row_of(node.items[0], position, count)
    if isinstance(node, Terms):
        rows = [row_of(term, position, count) for term in node.terms]
        return (
            None if any(row is None for row in rows) else Terms(node.signs, tuple(row for row in rows if row is not None), **ends)
        )
    if isinstance(node, Call) and len(node.arguments) == 1:
        inner = row_of(node.arguments[0], position, count)
        return None if inner is None else Call(node.function, (inner,), **ends)
    if isinstance(node, Factors) and len(node.factors) == 2:
        matrix, column = node.factors
        if isinstance(matrix, Block) and isinstance(column, Block) and len(matrix.rows) == count:
            weights, parts = matrix.rows[position], [row[0] for row in column.rows if len(row) == 1]
            if len(weights) == len(parts):
                products = tuple(Factors((weight, part), ("",), **ends) for weight, part in zip(weights, parts, strict=True))
                return Terms((1,) * len(products), products, **ends)
        if isinstance(matrix, Block) and len(matrix.rows) == count and all(len(row) == 1 for row in matrix.rows):
            weight = matrix.rows[position][0]
            if not (isinstance(weight, Name) and weight.text in FUNCTIONS.values()):
                return Factors((weight, column), node.signs, **ends)
    return None


def parted(relation: Relation, defined: frozenset[str], timed: frozenset[str]) -> Iterator[tuple[Formula, Formula]]:
    """The parts of a variable that is defined elsewhere: a_t = [a_i; a_f; a_o; a_g]."""
    left = relation.parts[0]
    read = reference(left, timed) if isinstance(left, Name | Indexed) else None
    names = cells(relation.parts[1])
    if read is None or names is None or read.key not in defined:
        return
    reads = [reference(name, timed) if isinstance(name, Name | Indexed) else None for name in names]
    if any(part is None or part.key in defined for part in reads):
        return
    for position, name in enumerate(names):
        yield name, Slice(left, position, len(names), start=left.start, end=left.end)


def cells(node: Formula) -> tuple[Formula, ...] | None:
    """What stands in a column, a row or a list in brackets; None for anything else."""
    if isinstance(node, Block) and (len(node.rows) == 1 or all(len(row) == 1 for row in node.rows)):
        found = tuple(cell for row in node.rows for cell in row)
    elif isinstance(node, Group) and node.kind in "[(" and len(node.items) > 1:
        found = node.items
    else:
        return None
    return found if len(found) > 1 else None


def _functions(body: Formula, count: int) -> tuple[tuple[Formula, ...], Formula | None]:
    """The functions of the blocks and their common argument."""
    if isinstance(body, Call) and len(body.arguments) == 1:
        return (body.function,) * count, body.arguments[0]
    if not isinstance(body, Factors):
        return (), None
    first = cells(body.factors[0])
    if first is None or len(first) != count or not all(isinstance(f, Name) and f.text in FUNCTIONS.values() for f in first):
        return (), None
    rest = body.factors[1:]
    argument = rest[0] if len(rest) == 1 else Factors(rest, body.signs[1:], start=rest[0].start, end=rest[-1].end)
    return first, argument
