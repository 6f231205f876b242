"""The same pass of an LSTM written by hand, as its peers are: on python-flint matrices with stacked gates, and in mpmath loops.

Forward, squared loss at every step, all adjoints, gradients of parameters, inputs and initial values, and the updates.
The flint pass stacks the four gates, keeps tanh(state), works on lists between the matrix products, and finds
the weight gradients as one product over all steps. Gates stand in the order a, i, f, o.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import flint
import mpmath

from lstm_sym.evaluate.systems.givens import Givens
from lstm_sym.evaluate.systems.rationals import fmpq

GATES = "aifo"
Pass = Callable[[], dict[str, Any]]


def _stacked(givens: Givens, number: Callable[[Fraction], Any]) -> list[list[Any]]:
    """[W U b] of all gates above one another."""
    get = givens.parameters
    return [
        [number(entry) for name in "WUb" for entry in get[f"{name}_{gate}"][row]]
        for gate in GATES
        for row in range(givens.sizes["n"])
    ]


def flint_pass(givens: Givens, precision: int) -> Pass:
    """The pass on arb_mat at that precision, with everything that can be prepared already done."""

    def number(value: Fraction) -> Any:
        return flint.arb(fmpq(value))

    with flint.ctx.workprec(precision):
        n, m, steps = givens.sizes["n"], givens.sizes["m"], len(givens.inputs)
        stacked = flint.arb_mat(_stacked(givens, number))
        without_bias = flint.arb_mat([row[: m + n] for row in stacked.tolist()]).transpose()
        xs = [[number(entry) for (entry,) in step["x"]] for step in givens.inputs]
        labels = [[number(entry) for (entry,) in label] for label in givens.labels]
        state0, out0 = ([number(entry) for (entry,) in givens.initial[name]] for name in ("state", "out"))
        one, half, rate = flint.arb(1), flint.arb(1) / 2, number(givens.rate)

    def step(out: list[Any], state: list[Any], x: list[Any]) -> tuple[Any, ...]:
        entries = [*x, *out, one]
        net = (stacked * flint.arb_mat(len(entries), 1, entries)).entries()
        a = [z.tanh() for z in net[:n]]
        i, f, o = ([1 / (1 + (-z).exp()) for z in net[k * n : (k + 1) * n]] for k in (1, 2, 3))
        new = [p * q + r * s for p, q, r, s in zip(a, i, f, state, strict=True)]
        squashed = [s.tanh() for s in new]
        return entries, a, i, f, o, state, new, squashed, [p * q for p, q in zip(squashed, o, strict=True)]

    def run() -> dict[str, Any]:
        kept, out, state = [], out0, state0
        for x in xs:
            kept.append(step(out, state, x))
            state, out = kept[-1][6], kept[-1][8]
        deltas = [[h - y for h, y in zip(k[8], label, strict=True)] for k, label in zip(kept, labels, strict=True)]
        loss = half * sum(d * d for row in deltas for d in row)
        arriving, later, gates, inputs = [flint.arb(0)] * n, [flint.arb(0)] * n, [], []
        for (_, a, i, f, o, before, _, squashed, _), delta in zip(reversed(kept), reversed(deltas), strict=True):
            d_out = [p + q for p, q in zip(delta, arriving, strict=True)]
            d_state = [d * q * (1 - s * s) + l for d, q, s, l in zip(d_out, o, squashed, later, strict=True)]
            d_a = [d * q * (1 - p * p) for d, q, p in zip(d_state, i, a, strict=True)]
            d_i = [d * p * q * (1 - q) for d, p, q in zip(d_state, a, i, strict=True)]
            d_f = [d * s * q * (1 - q) for d, s, q in zip(d_state, before, f, strict=True)]
            d_o = [d * s * q * (1 - q) for d, s, q in zip(d_out, squashed, o, strict=True)]
            later = [d * q for d, q in zip(d_state, f, strict=True)]
            gates.append([*d_a, *d_i, *d_f, *d_o])
            both = (without_bias * flint.arb_mat(4 * n, 1, gates[-1])).entries()
            inputs.append(both[:m])
            arriving = both[m:]
        left = flint.arb_mat(steps, 4 * n, [d for row in gates for d in row]).transpose()
        right = flint.arb_mat(steps, m + n + 1, [e for k in reversed(kept) for e in k[0]])
        gradient = left * right
        return {
            "E": loss,
            "gradient": gradient,
            "new": stacked - gradient * rate,
            "delta_x": inputs,
            "out": out,
            "before": (arriving, later),
        }

    def at_precision() -> dict[str, Any]:
        with flint.ctx.workprec(precision):
            return run()

    return at_precision


def mpmath_pass(givens: Givens, precision: int, with_fdot: bool = False) -> Pass:
    """The pass as loops over mpmath numbers, products of rows by a loop too or by mpmath's fdot; nothing is certified here."""
    context = mpmath.ctx_mp.MPContext()
    context.prec = precision
    tanh, exp, mpf = context.tanh, context.exp, context.mpf

    def looped(row: Sequence[Any], column: Sequence[Any]) -> Any:
        return sum(a * b for a, b in zip(row, column, strict=True))

    fdot = context.fdot if with_fdot else looped

    def number(value: Fraction) -> Any:
        return mpf(value.numerator) / value.denominator

    n, m = givens.sizes["n"], givens.sizes["m"]
    stacked = _stacked(givens, number)
    columns = [list(column) for column in zip(*stacked, strict=True)][: m + n]
    xs = [[number(entry) for (entry,) in step["x"]] for step in givens.inputs]
    labels = [[number(entry) for (entry,) in label] for label in givens.labels]
    state0, out0 = ([number(entry) for (entry,) in givens.initial[name]] for name in ("state", "out"))
    rate = number(givens.rate)

    def run() -> dict[str, Any]:
        kept: list[tuple[Any, ...]] = []
        out, state = out0, state0
        for x in xs:
            entries = [*x, *out, mpf(1)]
            net = [fdot(row, entries) for row in stacked]
            a = [tanh(z) for z in net[:n]]
            i, f, o = ([1 / (1 + exp(-z)) for z in net[k * n : (k + 1) * n]] for k in (1, 2, 3))
            new = [p * q + r * s for p, q, r, s in zip(a, i, f, state, strict=True)]
            squashed = [tanh(s) for s in new]
            out = [p * q for p, q in zip(squashed, o, strict=True)]
            kept.append((entries, a, i, f, o, state, squashed, out))
            state = new
        deltas = [[h - y for h, y in zip(k[7], label, strict=True)] for k, label in zip(kept, labels, strict=True)]
        loss = sum(d * d for row in deltas for d in row) / 2
        arriving, later, gates, inputs = [mpf(0)] * n, [mpf(0)] * n, [], []
        for (_, a, i, f, o, before, squashed, _), delta in zip(reversed(kept), reversed(deltas), strict=True):
            d_out = [p + q for p, q in zip(delta, arriving, strict=True)]
            d_state = [d * q * (1 - s * s) + l for d, q, s, l in zip(d_out, o, squashed, later, strict=True)]
            d_a = [d * q * (1 - p * p) for d, q, p in zip(d_state, i, a, strict=True)]
            d_i = [d * p * q * (1 - q) for d, p, q in zip(d_state, a, i, strict=True)]
            d_f = [d * s * q * (1 - q) for d, s, q in zip(d_state, before, f, strict=True)]
            d_o = [d * s * q * (1 - q) for d, s, q in zip(d_out, squashed, o, strict=True)]
            later = [d * q for d, q in zip(d_state, f, strict=True)]
            gates.append([*d_a, *d_i, *d_f, *d_o])
            both = [fdot(column, gates[-1]) for column in columns]
            inputs.append(both[:m])
            arriving = both[m:]
        over_time: list[Sequence[Any]] = list(zip(*(k[0] for k in reversed(kept)), strict=True))
        gradient = [[fdot(row, column) for column in over_time] for row in zip(*gates, strict=True)]
        new_parameters = [[w - rate * d for w, d in zip(*rows, strict=True)] for rows in zip(stacked, gradient, strict=True)]
        return {
            "E": loss,
            "gradient": gradient,
            "new": new_parameters,
            "delta_x": inputs,
            "out": out,
            "before": (arriving, later),
        }

    return run
