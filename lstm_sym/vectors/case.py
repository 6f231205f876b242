"""One case of a pack, and grids of cases over cells, sizes, numbers of steps, saturations and seeds.

    lstm_m2_n3_steps4_sat10_seed1        n units, m inputs, steps t = 0..3, pre-activations of the order of 10

A cell is one of the package, by its name, or any other declared cell. Law: a case is named by what it is drawn from; the name,
the equations of its cell and this version of the program give every byte of its files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from sympy import Symbol

from lstm_sym.cell import Cell
from lstm_sym.cells import CELLS, cell
from lstm_sym.errors import InputError
from lstm_sym.losses import LOSSES

MOST_UNITS = 256
MOST_STEPS = 1000
MOST_SATURATION = 1000
MOST_SEED = 10**9
LINEAR = "linear"


@dataclass(frozen=True)
class Case:
    """Everything that the numbers of a case are drawn from; `steps` is T + 1, `own` the declaration of a cell of a user."""

    cell: str
    m: int
    n: int
    steps: int
    saturation: int
    seed: int
    loss: str = LINEAR
    own: Cell | None = None

    def __post_init__(self) -> None:
        _check_cell(self.cell, self.own)
        if self.loss not in LOSSES:
            raise InputError(f"loss {self.loss!r}", got="no loss of that name", expected=f"one of {', '.join(LOSSES)}")
        _bounded("size m", self.m, 1, MOST_UNITS)
        _bounded("size n", self.n, 1, MOST_UNITS)
        _bounded("number of steps", self.steps, 1, MOST_STEPS, "T is the index of the last step, so T = 0 is one step")
        _bounded("saturation", self.saturation, 1, MOST_SATURATION)
        _bounded("seed", self.seed, 0, MOST_SEED)

    @property
    def declared(self) -> Cell:
        """The cell."""
        return self.own or cell(self.cell)

    @property
    def sizes(self) -> dict[str, int]:
        """m and n; other sizes of the cell, such as that of a second input, are m + 1, m + 2, ... in alphabetical order."""
        symbols = (*self.declared.inputs, *self.declared.variables, *self.declared.parameters)
        names = {size.name for symbol in symbols for size in symbol.shape if isinstance(size, Symbol)} - {"m", "n"}
        return {"m": self.m, "n": self.n} | {name: self.m + k for k, name in enumerate(sorted(names), start=1)}

    @property
    def name(self) -> str:
        loss = "" if self.loss == LINEAR else f"_{self.loss}"
        return f"{self.cell}_m{self.m}_n{self.n}_steps{self.steps}_sat{self.saturation}_seed{self.seed}{loss}"


@dataclass(frozen=True)
class Grid:
    """The ranges of a grid; its cases are all combinations. A cell is a name of the package, or a declaration."""

    cells: Sequence[str | Cell] = CELLS
    sizes: Sequence[tuple[int, int]] = ((2, 1), (2, 3))
    steps: Sequence[int] = (1, 4)
    saturations: Sequence[int] = (1, 10, 40)
    seeds: Sequence[int] = (1,)
    loss: str = LINEAR

    def cases(self) -> tuple[Case, ...]:
        """Every case once, in the order of the ranges; `sizes` are pairs (m, n)."""
        ranges = (self.cells, self.sizes, self.steps, self.saturations, self.seeds)
        found = (_case(given, m, n, steps, sat, seed, self.loss) for given, (m, n), steps, sat, seed in product(*ranges))
        return tuple(dict.fromkeys(found))


RENAME = 'give the cell another name: name = "..." in its TOML file, or another name of the file'


def _case(given: str | Cell, m: int, n: int, steps: int, saturation: int, seed: int, loss: str) -> Case:
    name, own = (given, None) if isinstance(given, str) else (given.name, given)
    return Case(name, m, n, steps, saturation, seed, loss, own)


def _check_cell(name: str, own: Cell | None) -> None:
    if own is None:
        cell(name)
    elif name in CELLS:
        raise InputError(f"cell {name}", got="the name of a cell of the package", expected="a name of its own", advice=RENAME)
    elif not own.inputs:
        raise InputError(f"cell {name}", got="no input", expected="an input, which carries the steps")


GRIDS: dict[str, Grid] = {
    "small": Grid(),
    "full": Grid(sizes=((1, 1), (2, 3), (5, 4), (8, 8)), steps=(1, 2, 5, 20), seeds=(1, 2)),
}


def _bounded(what: str, value: int, least: int, most: int, advice: str | None = None) -> None:
    if not (isinstance(value, int) and least <= value <= most):
        raise InputError(what, got=str(value)[:40], expected=f"a whole number from {least} to {most}", advice=advice)
