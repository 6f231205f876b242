"""Cost of `solve --digits N` on the worksheet's example against the cost of one multiplication at that precision.

python benchmarks/digits.py [N ...]

Columns: seconds for balls (the network evaluated once), for the whole solution with every digit certified and written, for a
thousand multiplications of balls at that precision, and the first two as numbers of multiplications. Where these stay bounded,
the cost grows as the multiplication does: an exponential takes O(log N) of them. Timings are taken in turns; the median is
printed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

import flint

from lstm_sym.calculus.derive import derive
from lstm_sym.evaluate.schedule.program import program
from lstm_sym.evaluate.schedule.run import run
from lstm_sym.evaluate.systems.balls import Balls
from lstm_sym.example.solve import solve
from lstm_sym.notes.example_file import load_example

DIGITS = (10, 100, 1000, 10_000, 100_000)
MULTIPLICATIONS = 1000
BITS_PER_DIGIT = 3.3219281


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def multiplications(bits: int) -> Callable[[], None]:
    """A thousand products of two balls with full midpoints."""
    with flint.ctx.workprec(bits):
        left, right = flint.arb(2).sqrt(), flint.arb(3).sqrt()

    def work() -> None:
        with flint.ctx.workprec(bits):
            for _ in range(MULTIPLICATIONS if bits < 50_000 else MULTIPLICATIONS // 20):
                left * right

    return work


def main() -> None:
    example = load_example()
    steps = program(derive(example.cell))
    solve(example, 10)
    print("  digits    balls s    solve s   us each    balls in multiplications    solve in multiplications")
    for digits in [int(text) for text in sys.argv[1:]] or DIGITS:
        bits = round(digits * BITS_PER_DIGIT) + 64
        times: list[list[float]] = [[], [], []]
        for _ in range(3 if digits < 50_000 else 1):
            for column, work in zip(
                times,
                (lambda: run(steps, example.givens, Balls(bits)), lambda: solve(example, digits), multiplications(bits)),  # noqa: B023
                strict=True,
            ):
                column.append(seconds(work))
        balls, whole, thousand = (median(column) for column in times)
        one = thousand / (MULTIPLICATIONS if bits < 50_000 else MULTIPLICATIONS // 20)
        print(f"{digits:8} {balls:10.4f} {whole:10.4f} {one * 1e6:9.2f} {balls / one:27.0f} {whole / one:27.0f}")


if __name__ == "__main__":
    main()
