"""`generate`: the text of a module for a declared cell, from its derivation.

    derive -> plain plan -> passes -> proof of the plan -> text of a backend

Law: nothing is written from a plan that is not proved; a backend is a row of BACKENDS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lstm_sym.cell import Cell
from lstm_sym.codegen.choice import Choice, chosen
from lstm_sym.codegen.options import DEFAULTS, Options
from lstm_sym.codegen.plan import Plan
from lstm_sym.codegen.sizes import checked_sizes
from lstm_sym.derivation import Derivation
from lstm_sym.errors import InputError


@dataclass(frozen=True)
class Backend:
    """A way to write a plan: the passes that it wants, and its writer; both are imported when they are used."""

    name: str
    passes: tuple[str, ...]
    write: Callable[[Plan, Options], str]


def _numpy(plan: Plan, options: Options) -> str:
    from lstm_sym.codegen.numpy.module import module

    return module(plan, options)


def _numba(plan: Plan, options: Options) -> str:
    from lstm_sym.codegen.numba.module import numba_module

    return numba_module(plan, options)


def _torch(plan: Plan, options: Options) -> str:
    from lstm_sym.codegen.tensors.torch import torch_module

    return torch_module(plan, options)


def _jax(plan: Plan, options: Options) -> str:
    from lstm_sym.codegen.tensors.jax import jax_module

    return jax_module(plan, options)


def _scalars(plan: Plan, options: Options) -> str:
    from lstm_sym.codegen.scalars.module import scalar_module

    return scalar_module(plan, options)


ALL_PASSES = ("shared", "mirror", "hoist", "local", "defer", "stack", "at_once", "in_place")
FOR_LOOPS = ("shared", "hoist", "defer", "stack", "at_once", "in_place")
"""For compiled loops: what a loop reads once costs nothing there, so that it is not computed before."""
OUTSIDE_LOOPS = ("shared", "hoist", "defer")
"""For frameworks that fuse operations themselves: what does not recur is done for all steps at once."""
EAGER = ("shared", "hoist", "local", "defer")
"""For frameworks that start each operation by itself: as few of them in a step as can be."""
ENTRY_BY_ENTRY = ("shared", "inner")
"""For scalars: nothing is gained by an order of blocks, or by leaving the loop."""
BACKENDS: dict[str, Backend] = {
    each.name: each
    for each in (
        Backend("numpy", ALL_PASSES, _numpy),
        Backend("numba", FOR_LOOPS, _numba),
        Backend("torch", EAGER, _torch),
        Backend("jax", OUTSIDE_LOOPS, _jax),
        Backend("scalars", ENTRY_BY_ENTRY, _scalars),
    )
}
"""The backends by name. To add one, write its folder beside `numpy` and its row here."""
BY_SIZE = ("numpy", "scalars")
"""The backends between which sizes choose."""


def plan_of(cell: Cell, backend: str = "numpy", options: Options = DEFAULTS, passes: Sequence[str] | None = None) -> Plan:
    """The plan that a backend writes, proved; `passes` overrides the backend's own."""
    from lstm_sym.codegen.check import require_proved

    plan = _planned(cell, _backend(backend).passes if passes is None else passes, options)
    require_proved(plan)
    return plan


def generate(
    cell: Cell,
    backend: str = "numpy",
    *,
    dtype: str = "float64",
    layout: str = "time-first",
    stable: bool = False,
    sizes: Mapping[str, int] | None = None,
) -> str:
    """The text of one module with forward and backward pass of the cell; raises InputError for unknown options.

    With `sizes`, a number for each size, the plan is chosen by them: `choice` says which.
    """
    options = Options(dtype, layout, stable, tuple(checked_sizes(cell, sizes).items()) if sizes else ())
    taken = choice(cell, backend, options).backend
    return _backend(taken).write(plan_of(cell, taken, options), options)


def choice(cell: Cell, backend: str, options: Options) -> Choice:
    """The backend that writes the module for the sizes of the options, and why; raises InputError for sizes that do not fit."""
    if not options.sizes and backend != "scalars":
        return Choice(backend)
    sizes = checked_sizes(cell, dict(options.sizes))
    if _backend(backend).name not in BY_SIZE:
        raise InputError(
            f"--size with --backend {backend}", expected=f"--backend {' or '.join(BY_SIZE)}, whose plan sizes decide"
        )
    return chosen(backend, options.dtype, sizes, _planned(cell, BACKENDS["scalars"].passes, options))


def _planned(cell: Cell, passes: Sequence[str], options: Options) -> Plan:
    from lstm_sym.codegen.lower import plain_plan
    from lstm_sym.codegen.passes import apply_passes

    return apply_passes(plain_plan(_derivation(cell)), [*passes, *(["stable"] if options.stable else [])])


@lru_cache(maxsize=8)
def _derivation(cell: Cell) -> Derivation:
    from lstm_sym.calculus.derive import derive

    return derive(cell)


def _backend(name: str) -> Backend:
    if name not in BACKENDS:
        raise InputError(f"--backend {name}", got=repr(name), expected=f"one of {', '.join(BACKENDS)}")
    return BACKENDS[name]
