"""The slope of an activation from its definition in exponentials, in LaTeX: definition, quotient rule, slope in the output.

Law: the polynomials come from the activation's record, which proved itself when it was built; here they are only written down.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from lstm_sym.symbols.activations import Activation, slope_sides
from lstm_sym.symbols.polynomials import Coefficients


def slope_latex(record: Activation) -> str:
    """The three lines of the proof as an aligned display."""
    lines = " \\\\\n".join(rf"  {left} &= {right} && \text{{{why}}}" for left, right, why in _lines(record))
    return f"\\begin{{align*}}\n{lines}\n\\end{{align*}}\n"


def _lines(record: Activation) -> Iterator[tuple[str, str, str]]:
    sides = slope_sides(record.numerator, record.denominator, record.slope)
    above, below = polynomial(record.numerator, "e^{", "z}"), polynomial(record.denominator, "e^{", "z}")
    power = rf"\left({below}\right)^{sides.power}"
    function = record.latex
    yield rf"{function}(z)", rf"\frac{{{above}}}{{{below}}}", "definition"
    yield rf"{function}'(z)", _over(sides.derivative, power), "quotient rule"
    yield _in_output(record), _over(sides.in_output, power), "the definition, put in: the same"


def _over(coefficients: Coefficients, below: str) -> str:
    return rf"\frac{{{polynomial(coefficients, 'e^{', 'z}')}}}{{{below}}}"


def _in_output(record: Activation) -> str:
    value = rf"{record.latex}(z)"
    if record.slope == tuple(Fraction(c) for c in (0, 1, -1)):
        return rf"{value}\,\bigl(1 - {value}\bigr)"
    return polynomial(record.slope, rf"{record.latex}^{{", r"}(z)")


def polynomial(coefficients: Coefficients, before: str, after: str) -> str:
    """A polynomial whose k-th power is written before + k + after; highest power last where the constant is positive."""
    order = sorted((k for k, c in enumerate(coefficients) if c), key=lambda k: (coefficients[k] < 0, k))
    text = ""
    for power in order:
        coefficient = coefficients[power]
        sign = "-" if coefficient < 0 else "+" if text else ""
        size = "" if abs(coefficient) == 1 and power else str(abs(coefficient))
        exponent = "" if power == 1 else str(power)
        variable = "" if power == 0 else (before + exponent + after).replace("^{}", "")
        text += f" {sign} {size} {variable}" if text else f"{sign}{size} {variable}"
    return " ".join(text.split()) or "0"
