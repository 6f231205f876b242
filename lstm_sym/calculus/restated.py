"""A derivation in the form that a notation asks for: concatenated products, and a name for all pre-activations together.

Law: what is added or restated are statements like any others, to be proved with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.calculus.backward import StepList
from lstm_sym.calculus.concatenated import concatenated
from lstm_sym.derivation import Derivation, Result
from lstm_sym.symbols.compound import Stack
from lstm_sym.symbols.leaves import Timed
from lstm_sym.symbols.names import ADJOINT, PRE_ACTIVATION

NETS = PRE_ACTIVATION.rstrip("_")


def restated(derivation: Derivation, *, joined: bool = False, nets: bool = False) -> Derivation:
    """The derivation with products `joined` to one with [h, x]; with `nets`, their stack is defined where its adjoint is used."""
    found = concatenated(derivation) if joined else derivation
    return replace(found, results=tuple(_with_nets(found))) if nets else found


def _with_nets(derivation: Derivation) -> Iterator[Result]:
    for result in derivation:
        left = result.statement.left
        if result.kind == "stacked" and isinstance(left, Stack) and all(isinstance(block, Timed) for block in left.blocks):
            names = [block.name for block in left.blocks]
            if all(name.startswith(ADJOINT) for name in names):
                blocks = [block.named(PRE_ACTIVATION + block.name.removeprefix(ADJOINT)) for block in left.blocks]
                named = Stack(NETS, *blocks)
                yield StepList(NETS, None).result("stacked", named, Stack("", *blocks), "definition")
        yield result
