"""NODES: how each node type of an expression is written. To print a new node type, add a function and a row.

Law: a function writes its own sign and asks the printer for its parts at the level that it needs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sympy import Expr, Integer

from lstm_sym.errors import InputError
from lstm_sym.render.expression.derivative import vector_jacobian_product
from lstm_sym.render.typeset.box import BREAK_AT_FACTOR, BREAK_AT_TERM, Box, Level, beside, chain
from lstm_sym.render.typeset.matrix import KEPT, SHOWN, entries_of, is_scalar, number_box, turned
from lstm_sym.render.typeset.notation import Written
from lstm_sym.render.typeset.scalar import coefficient, decimal, index
from lstm_sym.symbols.activations import activation
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import VJP, Beside, Outer, Stack, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros
from lstm_sym.symbols.traversal import at_time, symbols_in

if TYPE_CHECKING:
    from lstm_sym.render.expression.printer import Printer

MOST_STEPS = 100_000
"""A sum without a symbol that depends on the step would never end."""


def _parameter(printer: Printer, node: Parameter) -> Box:
    return printer.ink.symbol(node.name, None, printer.notation)


def _timed(printer: Printer, node: Timed) -> Box:
    return printer.ink.symbol(node.name, index(node.time), printer.notation)


def _ones(printer: Printer, node: Ones) -> Box:
    return decimal("1", printer.ink)


def _zeros(printer: Printer, node: Zeros) -> Box:
    return decimal("0", printer.ink)


def _sum(printer: Printer, node: Sum) -> Box:
    first, *rest = (_term(printer, term, first=number == 0) for number, term in enumerate(node.args))
    return chain(first[1], rest, BREAK_AT_TERM, Level.SUM)


def _term(printer: Printer, term: Expression, *, first: bool) -> tuple[Box, Box]:
    """The sign of a term and its body; the body of the first term carries its own sign."""
    if isinstance(term, Scaled) and not first and term.coefficient.could_extract_minus_sign():
        positive = -term.coefficient
        body = printer.part(term.body, Level.PRODUCT) if positive == 1 else _scaled(printer, Scaled(positive, term.body))
        return printer.ink.sign("minus"), body
    box = printer.box(term)
    if box.level == Level.NEGATIVE and not first:
        box = printer.ink.parentheses(box)
    return printer.ink.sign("plus"), box


def _scaled(printer: Printer, node: Scaled) -> Box:
    if node.coefficient.could_extract_minus_sign():
        positive = -node.coefficient
        body = printer.part(node.body, Level.PRODUCT) if positive == 1 else _scaled(printer, Scaled(positive, node.body))
        return beside(printer.ink.sign("negative"), body, level=Level.NEGATIVE)
    body = printer.part(node.body, Level.PRODUCT)
    sign, factor = "scale", coefficient(node.coefficient, printer.ink, printer.notation)
    if printer.numbers is not None:
        factor = _coefficient_in_numbers(printer, node, factor)
        sign = "times" if printer.scalar(node.body) else "scale"
    return chain(factor, [(printer.ink.sign(sign), body)], BREAK_AT_FACTOR, Level.PRODUCT)


def _coefficient_in_numbers(printer: Printer, node: Scaled, symbolic: Box) -> Box:
    """The number of a coefficient that is a symbol, looked up by the symbol or by its name."""
    assert printer.numbers is not None
    name = str(node.coefficient)
    for symbol, entries in printer.numbers.items():
        if symbol == node.coefficient or getattr(symbol, "name", None) == name:
            box = number_box(entries, printer.ink)
            return box if box.level > Level.NEGATIVE else printer.ink.parentheses(box)
    return symbolic


def _hadamard(printer: Printer, node: Hadamard) -> Box:
    sign = printer.ink.sign("times") if printer.scalar(node) else printer.sign("hadamard")
    first, *rest = (printer.part(factor, Level.SCRIPTED) for factor in node.args)
    return chain(first, [(sign, factor) for factor in rest], BREAK_AT_FACTOR, Level.PRODUCT)


def _product(printer: Printer, node: Product) -> Box:
    factors = [factor for factor in node.args if not (printer.numbers is not None and _is_one_by_one(printer, factor, node))]
    if len(factors) == 1:
        return printer.box(factors[0])
    if printer.numbers is None:
        sign, boxes = "product", [_factor_in_symbols(printer, factor) for factor in factors]
    elif all(printer.scalar(factor) for factor in factors):
        sign, boxes = "times", [printer.part(factor, Level.SCRIPTED) for factor in factors]
    else:
        sign, boxes = "beside", [_factor_in_brackets(printer, factor) for factor in factors]
    return chain(boxes[0], [(printer.sign(sign), box) for box in boxes[1:]], BREAK_AT_FACTOR + 1, Level.PRODUCT)


def _is_one_by_one(printer: Printer, factor: Expression, node: Product) -> bool:
    """Whether the factor is a row or column of ones that, beside a single number, is 1 and left out."""
    return isinstance(factor, Transposed) and isinstance(factor.body, Ones) and printer.scalar(node.args[-1])


def _factor_in_symbols(printer: Printer, factor: Expression) -> Box:
    return printer.ink.sign("ones") if isinstance(factor, Ones) else printer.part(factor, Level.SCRIPTED)


def _factor_in_brackets(printer: Printer, factor: Expression) -> Box:
    """A factor of a matrix product with numbers: matrices of one entry keep their brackets, so that shapes stay visible."""
    assert printer.numbers is not None
    entries = entries_of(factor, printer.numbers)
    if entries is not None and is_scalar(entries):
        return number_box(entries, printer.ink, scalar_in_brackets=True)
    return _factor_in_symbols(printer, factor)


def _outer(printer: Printer, node: Outer) -> Box:
    left, right = node.args
    if printer.numbers is None:
        sides = [printer.part(side, Level.SCRIPTED) for side in (left, right)]
        return chain(sides[0], [(printer.sign("outer"), sides[1])], BREAK_AT_FACTOR + 1, Level.PRODUCT)
    if printer.scalar(left) and printer.scalar(right):
        sides = [printer.part(side, Level.SCRIPTED) for side in (left, right)]
        return chain(sides[0], [(printer.ink.sign("times"), sides[1])], BREAK_AT_FACTOR + 1, Level.PRODUCT)
    row = entries_of(right, printer.numbers)
    last = _factor_in_brackets(printer, right.T) if row is None else number_box(turned(row), printer.ink, scalar_in_brackets=True)
    return chain(_factor_in_brackets(printer, left), [(printer.ink.sign("beside"), last)], BREAK_AT_FACTOR + 1, Level.PRODUCT)


def _power(printer: Printer, node: Power) -> Box:
    if isinstance(node.base, Apply) and not node.base.is_slope:
        return _applied(printer, node.base, str(node.exponent))
    return printer.ink.power(printer.part(node.base, Level.ATOM), str(node.exponent))


def _transposed(printer: Printer, node: Transposed) -> Box:
    if isinstance(node.body, Ones):
        return printer.ink.power(printer.ink.sign("ones"), "T")
    return printer.ink.power(printer.part(node.body, Level.ATOM), "T")


def _apply(printer: Printer, node: Apply) -> Box:
    return _applied(printer, node, "'" if node.is_slope else "")


def _applied(printer: Printer, node: Apply, exponent: str) -> Box:
    record = activation(node.function.removesuffix("'"))
    return printer.ink.function(Written(record.latex, record.text), exponent, printer.box(node.body))


def _sum_over_time(printer: Printer, node: SumOverTime) -> Box:
    if printer.numbers is not None:
        return _written_out(printer, node)
    sign = printer.ink.total(f"t={index(node.lower)}", index(node.upper))
    return beside(sign, printer.ink.sign("gap"), printer.part(node.body, Level.PRODUCT), level=Level.SUM)


def _written_out(printer: Printer, node: SumOverTime) -> Box:
    """The sum term by term, for the steps that there are numbers for; many terms have dots before the last one."""
    terms = [at_time(node.body, time) for time in _steps(printer, node)]
    if len(terms) <= SHOWN:
        return printer.box(Sum(*terms)) if len(terms) > 1 else printer.box(terms[0])
    shown = [_term(printer, term, first=number == 0) for number, term in enumerate((*terms[:KEPT], terms[-1]))]
    dots = (printer.ink.sign("plus"), printer.ink.sign("dots"))
    return chain(shown[0][1], [*shown[1:-1], dots, shown[-1]], BREAK_AT_TERM, Level.SUM)


def _steps(printer: Printer, node: SumOverTime) -> list[Expr]:
    """The steps of a sum: up to its last one where that is a number, else for as long as every symbol has a number."""
    assert printer.numbers is not None
    if isinstance(node.upper, Integer):
        found = list(range(int(node.lower), int(node.upper) + 1))
    else:
        found = []
        while symbols := [s for s in symbols_in(at_time(node.body, node.lower + len(found))) if isinstance(s, Timed)]:
            if len(found) >= MOST_STEPS or not all(symbol in printer.numbers for symbol in symbols):
                break
            found.append(int(node.lower) + len(found))
    if not found:
        raise InputError(f"sum {node}", got="no step with numbers for all its symbols", expected="numbers for at least one step")
    return [Integer(time) for time in found]


def _stack(printer: Printer, node: Stack) -> Box:
    if not node.name:
        parts = [printer.box(block) for block in node.blocks]
        return printer.ink.listed(parts) if printer.notation.concatenated else printer.ink.matrix([[part] for part in parts])
    times = {block.time for block in node.blocks if isinstance(block, Timed)}
    return printer.ink.symbol(node.name, index(times.pop()) if len(times) == 1 else None, printer.notation)


def _beside(printer: Printer, node: Beside) -> Box:
    if not node.name:
        return printer.ink.matrix([[printer.box(block) for block in node.blocks]])
    return printer.ink.symbol(node.name, None, printer.notation)


NODES: dict[type[Expression], Callable[[Printer, Expression], Box]] = {
    Parameter: _parameter,
    Timed: _timed,
    Ones: _ones,
    Zeros: _zeros,
    Sum: _sum,
    Scaled: _scaled,
    Hadamard: _hadamard,
    Product: _product,
    Outer: _outer,
    Power: _power,
    Transposed: _transposed,
    Apply: _apply,
    SumOverTime: _sum_over_time,
    Stack: _stack,
    Beside: _beside,
    VJP: vector_jacobian_product,
}
