"""Examples drawn from a seed so that they are pleasant to work by hand.

    weights of one decimal, inputs in halves, gates well inside their range, no value that vanishes by accident

Laws: the same options and seed give the same example; of those that are pleasant, the one is taken in which working from
printed numbers differs least often from rounding the exact values. What nothing satisfies is an error that says what to change.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lstm_sym.cell import Cell
from lstm_sym.errors import InputError
from lstm_sym.evaluate.rounding import Decimals
from lstm_sym.evaluate.systems.givens import Givens, Matrix
from lstm_sym.evaluate.systems.interpret import rational
from lstm_sym.example.example import Example
from lstm_sym.example.solve import solve_to
from lstm_sym.exercise.carried import carried_apart
from lstm_sym.symbols.applied import Apply
from lstm_sym.worked import Line, Solution

TRIES, CANDIDATES = 400, 6
LOWEST, HIGHEST = Fraction(1, 10), Fraction(9, 10)
LIMITS = {"units": 6, "inputs": 6, "steps": 8}


@dataclass(frozen=True)
class Options:
    """How large an exercise is; `decimals` is how many digits after the point are asked for."""

    units: int = 1
    inputs: int = 2
    steps: int = 2
    decimals: int = 4

    def __post_init__(self) -> None:
        for name, most in LIMITS.items():
            number = getattr(self, name)
            if not 1 <= number <= most:
                raise InputError(f"--{name} {number}", got=str(number), expected=f"a whole number from 1 to {most}")
        if not 3 <= self.decimals <= 12:
            raise InputError(f"--digits {self.decimals}", got=str(self.decimals), expected="a whole number from 3 to 12")


def draw(cell: Cell, options: Options, seed: int) -> tuple[Example, Solution]:
    """The example of that seed, worked out."""
    found: list[tuple[int, Example, Solution]] = []
    generator = random.Random(f"{cell.name} {options} {seed}")
    for _ in range(TRIES):
        example = Example(
            f"{cell.name}-{seed}", f"Variant {seed}", cell, "squared", _givens(cell, options, generator), options.decimals
        )
        solution = solve_to(example, Decimals(options.decimals))
        if not all(_pleasant(line, options.decimals) for line in asked_lines(solution)):
            continue
        apart = carried_apart(example, solution)
        found.append((apart, example, solution))
        if apart == 0 or len(found) == CANDIDATES:
            break
    if not found:
        raise InputError(
            f"seed {seed}",
            got=f"no pleasant example in {TRIES} tries",
            expected="gates from 0.1 to 0.9 and no value that rounds to zero",
            advice="ask for fewer units, inputs or steps, or for more digits",
        )
    _, example, solution = min(found, key=lambda one: one[0])
    return example, solution


def asked_lines(solution: Solution) -> Iterator[Line]:
    """The lines that are a quantity of their own, stacked forms left out."""
    for part in solution.parts:
        for line in part.lines:
            if hasattr(line.left, "name") and not hasattr(line.left, "blocks"):
                yield line


def _pleasant(line: Line, decimals: int) -> bool:
    """Activated values are well inside their range; what is not exactly zero keeps two digits."""
    values = [Fraction(entry) for row in line.value for entry in row]
    if isinstance(line.right, Apply) and not all(LOWEST <= abs(value) <= HIGHEST for value in values):
        return False
    least = Fraction(10, 10**decimals) if line.time is not None else Fraction(1, 10**decimals)
    return _vanishes(line) or all(abs(value) >= least for value in values)


def _vanishes(line: Line) -> bool:
    """Whether zero is what the exercise means: nothing arrives, or a factor is a zero initial value."""
    zeros = {symbol for symbol, entries in line.numbers.items() if all(Fraction(entry) == 0 for row in entries for entry in row)}
    return not line.numbers or bool(zeros)


def _givens(cell: Cell, options: Options, generator: random.Random) -> Givens:
    sizes = {"n": options.units, "m": options.inputs}
    known = {name: Fraction(size) for name, size in sizes.items()}

    def matrix(symbol: object, values: Sequence[Fraction]) -> Matrix:
        rows, columns = (int(rational(size, known)) for size in symbol.shape)  # type: ignore[attr-defined]
        return tuple(tuple(generator.choice(values) for _ in range(columns)) for _ in range(rows))

    steps = range(options.steps)
    return Givens(
        sizes=sizes,
        parameters={parameter.name: matrix(parameter, WEIGHTS) for parameter in cell.parameters},
        inputs=[{symbol.name: matrix(symbol, INPUTS) for symbol in cell.inputs} for _ in steps],
        labels=[matrix(cell.output, LABELS) for _ in steps],
        rate=Fraction(1, 10),
    )


WEIGHTS = tuple(Fraction(k, 10) for k in range(-9, 10) if k)
INPUTS = tuple(Fraction(k, 2) for k in range(-4, 5) if k)
LABELS = tuple(Fraction(k, 10) for k in range(-9, 10) if k)
