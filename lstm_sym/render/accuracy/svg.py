"""How many ulps implementations are off, drawn as SVG: a panel for each, quantities down, ulps across on a scale of powers of
ten.

A dot is the largest error at a saturation, a tick the mean; the dashed line is where no bit of the significand is left. Law:
the drawing is a function of the rows alone, loads nothing, and tells saturations apart by shape as well as by colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from math import log10

from lstm_sym.render.accuracy.text import by_quantity, number, saturations
from lstm_sym.ulps import Accuracy, Measured

WIDTH, LEFT, RIGHT, ROW, HEAD, FOOT = 900, 170, 40, 16, 46, 34
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#555555")
PRECISION = {"float16": 11, "bfloat16": 8, "float32": 24, "float64": 53}
LOWEST = 0.1


def _circle(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6"/>'


def _square(x: float, y: float) -> str:
    return f'<rect x="{x - 3.3:.1f}" y="{y - 3.3:.1f}" width="6.6" height="6.6"/>'


def _triangle(x: float, y: float) -> str:
    return f'<path d="M{x:.1f} {y - 4.4:.1f}l4.2 7.4h-8.4z"/>'


SHAPES: tuple[Callable[[float, float], str], ...] = (_circle, _square, _triangle)


def accuracy_svg(found: Sequence[Accuracy]) -> str:
    """One drawing with a panel for each table."""
    top = max([_top(each) for each in found], default=1.0)
    panels, y = [], 0.0
    for each in found:
        panels.append(f'<g transform="translate(0 {y:.0f})">{"".join(_panel(each, top))}</g>')
        y += HEAD + FOOT + ROW * len(by_quantity(each))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y:.0f}" viewBox="0 0 {WIDTH} {y:.0f}" '
        f'font-family="sans-serif" font-size="11" role="img"><title>Errors in ulps</title>'
        f'<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(panels) + "\n</svg>\n"
    )


def _top(found: Accuracy) -> float:
    """The power of ten at the right end: what is lost wholly fits in."""
    errors = [row.largest for row in found.rows if row.largest is not None]
    return max(float(2 ** PRECISION[found.format]), *errors, 1.0) * 10


def _panel(found: Accuracy, top: float) -> Iterator[str]:
    def x(ulps: float | None) -> float:
        share = 1.0 if ulps is None else (log10(min(max(ulps, LOWEST), top)) - log10(LOWEST)) / (log10(top) - log10(LOWEST))
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    across, table = saturations(found), by_quantity(found)
    bottom = HEAD + ROW * len(table)
    title = escape(f"{found.implementation}, {found.cell}, {found.format}")
    yield f'<text x="10" y="20" font-size="13" font-weight="bold">{title}</text>'
    yield from _legend(across)
    yield from _grid(x, top, bottom)
    lost = x(float(2 ** PRECISION[found.format]))
    yield f'<path d="M{lost:.1f} {HEAD - 4}V{bottom}" stroke="#a00" stroke-dasharray="4 3"/>'
    yield f'<text x="{lost:.1f}" y="{HEAD - 7}" fill="#a00" text-anchor="middle">no bit left</text>'
    for place, (quantity, rows) in enumerate(table.items()):
        y = HEAD + ROW * (place + 0.5)
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(quantity)}</text>'
        for saturation, row in rows.items():
            yield _mark(row, across.index(saturation), x, y)


def _mark(row: Measured, rank: int, x: Callable[[float | None], float], y: float) -> str:
    colour, shape = COLOURS[rank % len(COLOURS)], SHAPES[rank % len(SHAPES)]
    mean = x(row.mean)
    told = f"{row.quantity}, saturation {row.saturation}: largest {number(row.largest)}, mean {number(row.mean)}"
    return (
        f'<g fill="{colour}" stroke="none"><title>{escape(told)}</title>{shape(x(row.largest), y)}'
        f'<path d="M{mean:.1f} {y - 4:.1f}v8" stroke="{colour}" stroke-width="1.6"/></g>'
    )


def _legend(across: Sequence[int]) -> Iterator[str]:
    for rank, saturation in enumerate(across):
        left = WIDTH - RIGHT - 130 * (len(across) - rank) + 20
        yield f'<g fill="{COLOURS[rank % len(COLOURS)]}">{SHAPES[rank % len(SHAPES)](left, 16)}</g>'
        yield f'<text x="{left + 9}" y="20">saturation {saturation}</text>'


def _grid(x: Callable[[float | None], float], top: float, bottom: float) -> Iterator[str]:
    power = round(log10(LOWEST))
    while 10.0**power <= top:
        left = x(10.0**power)
        yield f'<path d="M{left:.1f} {HEAD - 4}V{bottom}" stroke="#ddd"/>'
        if power % 2 == 0:
            yield f'<text x="{left:.1f}" y="{bottom + 14:.0f}" text-anchor="middle">{_power(power)}</text>'
        power += 1
    yield f'<text x="{LEFT - 8}" y="{bottom + 14:.0f}" text-anchor="end">ulp, largest and | mean</text>'


def _power(exponent: int) -> str:
    return "1" if exponent == 0 else f'10<tspan dy="-4" font-size="8">{exponent}</tspan>'
