"""Certified passes beside the same pass by hand on python-flint matrices and in mpmath loops, interleaved; results are compared.

    taskset -c 0 python benchmarks/balls.py [digits ...]

First table: one forward and backward pass with all gradients and updates, milliseconds of processor time, median and quartiles;
mpmath uses gmpy2 where it is installed. Second table: an LSTM over 1000 steps by naive balls and enclosed after the fact, at the
digits asked, and by naive balls with 700 more. What is lost is the worst radius against the largest entry of a quantity.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Mapping
from fractions import Fraction
from statistics import median, quantiles
from typing import Any

import flint
import mpmath
from balls_peers import flint_pass, mpmath_pass

from lstm_sym.calculus.derive import derive
from lstm_sym.cells import cell
from lstm_sym.evaluate.columns.columns import ColumnBalls
from lstm_sym.evaluate.enclosures.enclosure import Enclosure
from lstm_sym.evaluate.schedule.program import program
from lstm_sym.evaluate.schedule.run import Prepared, Values
from lstm_sym.evaluate.systems.givens import Givens, Matrix
from lstm_sym.evaluate.systems.interpret import rational
from lstm_sym.example.reader import builtin_example

LSTM = cell("lstm")
PROGRAM = program(derive(LSTM))
QUANTITIES = ("out", "delta_x", "delta_W_f", "delta_U_o")
MORE = 700
RUNS = {50: 31, 1000: 9, 10_000: 3}


def bits(digits: int) -> int:
    return digits * 3322 // 1000 + 1


def givens(steps: int, n: int, m: int, size: Fraction) -> Givens:
    """Random numbers up to `size` with three decimals."""
    draw, sizes = random.Random(1), {"n": Fraction(n), "m": Fraction(m)}
    bound = int(1000 * size)

    def matrix(symbol: Any) -> Matrix:
        rows, columns = (int(rational(side, sizes)) for side in symbol.shape)
        return tuple(tuple(Fraction(draw.randint(-bound, bound), 1000) for _ in range(columns)) for _ in range(rows))

    return Givens(
        {"n": n, "m": m},
        {p.name: matrix(p) for p in LSTM.parameters},
        [{x.name: matrix(x) for x in LSTM.inputs} for _ in range(steps)],
        [matrix(LSTM.output) for _ in range(steps)],
        Fraction(1, 10),
        {symbol.name: matrix(symbol) for symbol in LSTM.recurrent},
    )


def worksheet() -> Givens:
    example = builtin_example().givens
    zero = ((Fraction(0),),)
    return Givens(**{**vars(example), "initial": {"state": zero, "out": zero}})


def interleaved(works: Mapping[str, Callable[[], Any]], runs: int) -> dict[str, list[float]]:
    """Milliseconds of each, one run of each after the other, each round in another order."""
    times: dict[str, list[float]] = {name: [] for name in works}
    names = list(works)
    for k in range(runs):
        for name in names[k % len(names) :] + names[: k % len(names)]:
            start = time.process_time()
            works[name]()
            times[name].append((time.process_time() - start) * 1000)
    return times


def compare(ours: Values, by_hand: Mapping[str, Any], steps: int, n: int) -> None:
    """Whether both enclosures meet: the last output, the loss, gradients and new parameters of the first gate, of inputs."""
    last = [row[0] for row in ours.entries(("out", steps - 1))]
    assert all(a.overlaps(b) for a, b in zip(last, by_hand["out"], strict=True))
    assert ours.entries(("E", None))[0][0].overlaps(by_hand["E"])
    for name, whole in (("delta_{}_a", by_hand["gradient"]), ("{}_a_new", by_hand["new"])):
        rows = whole.tolist()
        for k in range(n):
            entries = [entry for kind in "WUb" for entry in ours.entries((name.format(kind), None))[k]]
            assert all(a.overlaps(b) for a, b in zip(entries, rows[k], strict=True))
    for step, column in enumerate(reversed(by_hand["delta_x"])):
        assert all(row[0].overlaps(b) for row, b in zip(ours.entries(("delta_x", step)), column, strict=True))


def passes(digits: int) -> None:
    for title, data in (("worksheet", worksheet()), ("T=20 m=8 n=16", givens(20, 16, 8, Fraction(3, 2)))):
        precision = bits(digits)
        ours, hand = Prepared(PROGRAM, data, ColumnBalls(precision)), flint_pass(data, precision)
        compare(ours.run(), hand(), len(data.inputs), data.sizes["n"])
        works = {
            "ours": ours.run,
            "flint": hand,
            "loops": mpmath_pass(data, precision),
            "fdot": mpmath_pass(data, precision, with_fdot=True),
        }
        times = interleaved(works, RUNS.get(digits, 3))
        middle = {name: median(each) for name, each in times.items()}
        spread = {name: quantiles(each, n=4) for name, each in times.items()}
        cells = "  ".join(f"{middle[name]:9.3f} [{spread[name][0]:.3f}, {spread[name][2]:.3f}]" for name in works)
        ratios = middle["ours"] / middle["flint"], middle["loops"] / middle["ours"], middle["fdot"] / middle["ours"]
        print(f"{title:14} {digits:6}  {cells}  " + " ".join(f"{ratio:6.2f}" for ratio in ratios), flush=True)


def lost(values: Values, precision: int, name: str) -> float:
    """Digits of the quantities of that name: the worst radius of an entry in units of the largest entry's last asked place."""
    worst = -99.0
    with flint.ctx.workprec(64):
        unit = flint.arb(2) ** -precision
        for key in values.matrices:
            if key[0] == name:
                entries = [entry for row in values.entries(key) for entry in row]
                size = max(abs(entry.mid()) for entry in entries)
                radius = max(entry.rad() for entry in entries)
                worst = max(worst, float((radius / size / unit).log() / flint.arb(10).log()))
    return worst


def long_run(digits: int, size: Fraction, steps: int = 1000) -> None:
    data, precision = givens(steps, 16, 8, size), bits(digits)
    naive, enclosed = Prepared(PROGRAM, data, ColumnBalls(precision)), Enclosure(PROGRAM, data, precision)
    first, second = enclosed.run(), naive.run()
    assert first is not None
    assert all(a.overlaps(b) for key in first.matrices for a, b in zip(_flat(first, key), _flat(second, key), strict=True))
    works: dict[str, Callable[[], Any]] = {"naive": naive.run, "enclosed": enclosed.run}
    works["raised"] = Prepared(PROGRAM, data, ColumnBalls(bits(digits + MORE))).run
    times = {name: median(each) for name, each in interleaved(works, 11 if digits < 500 else 3).items()}
    mine = "  ".join(f"{lost(first, precision, name):5.1f}" for name in QUANTITIES)
    cells = "  ".join(f"{times[name]:8.0f}" for name in works)
    ratios = f"{times['enclosed'] / times['naive']:5.2f} {times['enclosed'] / times['raised']:5.2f}"
    print(
        f"|w| <= {float(size):.1f} {digits:6}  {cells}  {ratios}   {mine}   {lost(second, precision, 'delta_W_f'):6.1f}",
        flush=True,
    )


def _flat(values: Values, key: Any) -> list[Any]:
    return [entry for row in values.entries(key) for entry in row]


def main() -> None:
    asked = [int(word) for word in sys.argv[1:]] or [50, 1000, 10_000]
    print(f"python-flint {flint.__version__}, mpmath {mpmath.__version__} with {mpmath.libmp.BACKEND}")
    print("pass           digits  ours, flint by hand, mpmath loops, mpmath fdot (ms)     ours/flint loops/ours fdot/ours")
    for digits in asked:
        passes(digits)
    print("1000 steps, T=999 m=8 n=16: naive, enclosed, naive with 700 more digits (ms); enclosed/naive, enclosed/raised;")
    print("digits lost in " + ", ".join(QUANTITIES) + "; by naive balls in delta_W_f, -99 for all")
    for digits in asked:
        if digits <= 1000:
            for size in (Fraction(1, 2), Fraction(3, 2)):
                long_run(digits, size)


if __name__ == "__main__":
    main()
