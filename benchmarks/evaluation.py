"""Cost of certified evaluation against steps, units and digits: prints seconds; the cost is linear in the number of steps.

python benchmarks/evaluation.py
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from fractions import Fraction

from lstm_sym.calculus.derive import derive
from lstm_sym.cells import cell
from lstm_sym.evaluate.certify import certify
from lstm_sym.evaluate.rounding import Significant
from lstm_sym.evaluate.schedule.program import program
from lstm_sym.evaluate.schedule.run import run
from lstm_sym.evaluate.systems.balls import Balls
from lstm_sym.evaluate.systems.floats import Floats
from lstm_sym.evaluate.systems.givens import Givens, Matrix
from lstm_sym.evaluate.systems.interpret import rational

LSTM = cell("lstm")
PROGRAM = program(derive(LSTM))
CASES = ((25, 8, 50), (50, 8, 50), (100, 8, 50), (200, 8, 50), (50, 2, 50), (50, 16, 50), (2, 1, 1000), (2, 1, 10_000))


def givens(steps: int, n: int, m: int) -> Givens:
    """Random numbers of order one with two decimals."""
    draw, sizes = random.Random(1), {"n": Fraction(n), "m": Fraction(m)}

    def matrix(symbol: object) -> Matrix:
        rows, columns = (int(rational(size, sizes)) for size in symbol.shape)
        return tuple(tuple(Fraction(draw.randint(-100, 100), 100) for _ in range(columns)) for _ in range(rows))

    return Givens(
        {"n": n, "m": m},
        {p.name: matrix(p) for p in LSTM.parameters},
        [{x.name: matrix(x) for x in LSTM.inputs} for _ in range(steps)],
        [matrix(LSTM.output) for _ in range(steps)],
        Fraction(1, 10),
    )


def seconds(work: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def main() -> None:
    print("steps  n  digits   balls  float64  certified")
    for steps, n, digits in CASES:
        data, bits = givens(steps, n, 2 * n), digits * 3322 // 1000 + 64
        times = [
            seconds(run, PROGRAM, data, Balls(bits)),
            seconds(run, PROGRAM, data, Floats()),
            seconds(certify, PROGRAM, data, Significant(digits), lambda key: not key[0].startswith("net_")),
        ]
        print(f"{steps:5} {n:2} {digits:7}" + "".join(f" {t:8.3f}" for t in times))


if __name__ == "__main__":
    main()
