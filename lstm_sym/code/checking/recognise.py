"""Recognise the forward pass as a cell of the package, with the map from the cell's parameters to the user's arrays.

The graph of the loss is matched with the cell's equations at every step and unit: o·tanh(a·i + f·state) is an LSTM, and so
on. The match is on exact expressions, so it needs no tolerance; which entries of which array stand for W_i is read off the
pre-activations, whatever the layout (stacked, concatenated, rows or columns). Law: what does not match wholly is not
recognised, and the report says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from lstm_sym.code.running.run import Run
from lstm_sym.code.running.tape import Tape
from lstm_sym.code.scalars.graph import Residues, Scalar

Activations = dict[int, tuple[str, Scalar, Residues]]
Gates = dict[str, list[Scalar]]
Pair = tuple[Scalar, Scalar]


@dataclass(frozen=True)
class _Unit:
    """One unit at one step: its output and the pre-activation of each gate."""

    output: Scalar
    gates: Gates


def recognised(run: Run) -> dict[str, Any] | None:
    """The cell's name, the arrays for its parameters gate by gate, and a sentence; None where no cell fits."""
    tape = Tape(run)
    for name, match in MATCHERS.items():
        units = [unit for scalar in tape.order if (unit := match(scalar, tape.activations)) is not None]
        if units:
            gates = _parameters(units)
            if gates:
                return {"cell": name, "gates": gates, "text": _sentence(name, gates)}
    return None


def _factors(scalar: Scalar) -> Pair | None:
    return scalar.args if scalar.op == "mul" else None


def _kind(scalar: Scalar, activations: Activations) -> str:
    return activations[scalar.ident][0] if scalar.ident in activations else ""


def _ordered(pair: Pair | None, first: str, second: str | None, activations: Activations) -> Pair | None:
    """The two factors so that the first is the one activation and the second the other (any scalar for None)."""
    for one, two in (pair, pair[::-1]) if pair else ():
        if _kind(one, activations) == first and (second is None or _kind(two, activations) == second):
            return one, two
    return None


def _lstm(scalar: Scalar, activations: Activations) -> _Unit | None:
    outer = _ordered(_factors(scalar), "sigma", "tanh", activations)
    if outer is None:
        return None
    state = activations[outer[1].ident][1]
    if state.op != "add":
        return None
    for new, old in (state.args, state.args[::-1]):
        written = _ordered(_factors(new), "tanh", "sigma", activations)
        kept = _ordered(_factors(old), "sigma", None, activations)
        if written and kept:
            z = {
                name: [activations[s.ident][1]]
                for name, s in (("a", written[0]), ("i", written[1]), ("f", kept[0]), ("o", outer[0]))
            }
            return _Unit(scalar, z)
    return None


def _complement(scalar: Scalar, activations: Activations) -> Scalar | None:
    """z for 1 - z, where z is a logistic gate."""
    if scalar.op != "add":
        return None
    for one, two in (scalar.args, scalar.args[::-1]):
        pair = _factors(two)
        if one.value == 1 and pair and pair[0].value == -1 and _kind(pair[1], activations) == "sigma":
            return pair[1]
    return None


def _gru(scalar: Scalar, activations: Activations, after: bool) -> _Unit | None:
    if scalar.op != "add":
        return None
    for one, two in (scalar.args, scalar.args[::-1]):
        pair, kept = _factors(one), _factors(two)
        for rest, other in (pair, pair[::-1]) if pair and kept else ():
            gate = _complement(rest, activations)
            if gate is None or kept is None or all(gate is not part for part in kept):
                continue
            past = kept[1] if kept[0] is gate else kept[0]
            candidate = other if _kind(other, activations) == "tanh" else past
            if _kind(candidate, activations) != "tanh":
                continue
            inner = activations[candidate.ident][1]
            resets = _resets(inner, activations, after)
            if resets:
                return _Unit(scalar, {"r": resets, "z": [activations[gate.ident][1]], "g": [inner]})
    return None


def _resets(z: Scalar, activations: Activations, after: bool) -> list[Scalar]:
    """Pre-activations of the reset gates among the terms of the candidate: r · (U h), or inside U (r · h)."""
    found = []
    for term in _terms(z):
        pair = _factors(term)
        for part in (pair,) if after else [_factors(factor) for factor in pair or ()]:
            gated = _ordered(part, "sigma", None, activations)
            if gated:
                found.append(activations[gated[0].ident][1])
    return found


def _elman(scalar: Scalar, activations: Activations) -> _Unit | None:
    if _kind(scalar, activations) != "tanh":
        return None
    z = activations[scalar.ident][1]
    return _Unit(scalar, {"h": [z]}) if len(_terms(z)) > 2 else None


MATCHERS: dict[str, Callable[[Scalar, Activations], _Unit | None]] = {
    "lstm": _lstm,
    "gru": lambda scalar, activations: _gru(scalar, activations, after=False),
    "gru_reset_after": lambda scalar, activations: _gru(scalar, activations, after=True),
    "elman": _elman,
}
"""Cells by name, the most particular first."""


def _terms(scalar: Scalar) -> list[Scalar]:
    """The terms of a sum."""
    found, stack = [], [scalar]
    while stack:
        part = stack.pop()
        if part.op == "add":
            stack.extend(part.args)
        else:
            found.append(part)
    return found


def _parameters(units: list[_Unit]) -> dict[str, dict[str, str]]:
    """For each gate the arrays behind W (inputs), U (past outputs) and b; empty where a gate has no recurrent weights."""
    outputs = {unit.output.ident for unit in units}
    result: dict[str, dict[str, str]] = {}
    for gate in units[0].gates:
        sums = list({z.ident: z for unit in units for z in unit.gates[gate]}.values())
        if not all(_affine(term, outputs) for z in sums for term in _terms(z)):
            return {}
        roles = _roles([_terms(z) for z in sums], outputs)
        if not roles["U"] or not roles["W"]:
            return {}
        result[gate] = {role: _named(roles[role]) for role in ("W", "U", "b") if roles[role]}
    return result


def _affine(term: Scalar, outputs: set[int]) -> bool:
    """Whether a term of a pre-activation is a weight times an input or a past output, or a bias; a reset gate may stand before
    it.
    """
    pair = _factors(term)
    if term.op == "arg" or term.value is not None or (pair and all(part.op in ("arg", "const") for part in pair)):
        return True
    return _recurrent(term, outputs) is not None or _gated(pair, outputs)


def _gated(pair: Pair | None, outputs: set[int]) -> bool:
    """A gate times an affine sum, or a weight times a gated initial state; a number times a sum is the difference of two."""
    if pair is None or any(part.value is not None for part in pair):
        return False
    sums = [part for part in pair if part.op == "add"]
    states = [part for part in pair if part.op == "mul" and any(factor.op in ("arg", "const") for factor in part.args)]
    return any(all(_affine(term, outputs) for term in _terms(part)) for part in sums) or bool(states)


def _roles(sums: list[list[Scalar]], outputs: set[int]) -> dict[str, set[Scalar]]:
    """The arguments in these pre-activations by role.

    A unit is known by its recurrent weights: its own weights occur in no other unit, inputs do; its bias stands alone at
    every step, a weight that a one-hot input picks does not.
    """
    recurrent = [frozenset(w for term in terms if (w := _recurrent(term, outputs)) is not None) for terms in sums]
    seen: dict[Scalar, set[frozenset[Scalar]]] = defaultdict(set)
    alone: dict[Scalar, int] = defaultdict(int)
    steps: dict[frozenset[Scalar], int] = defaultdict(int)
    paired: set[Scalar] = set()
    for terms, unit in zip(sums, recurrent, strict=True):
        if not unit:
            continue
        steps[unit] += 1
        for term in terms:
            pair = _factors(term)
            if term.op == "arg":
                alone[term] += 1
                seen[term].add(unit)
            elif pair and _recurrent(term, outputs) is None:
                paired |= {part for part in pair if part.op == "arg"}
                for part in pair:
                    seen[part].add(unit)
    own = {scalar for scalar, where in seen.items() if len(where) == 1 and scalar.op == "arg"}
    biases = {scalar for scalar in own if alone[scalar] == steps[next(iter(seen[scalar]))] and scalar not in paired}
    return {"U": set().union(*recurrent) if recurrent else set(), "b": biases, "W": own - biases}


def _recurrent(term: Scalar, outputs: set[int]) -> Scalar | None:
    """The weight of a term that multiplies a past output."""
    pair = _factors(term)
    for weight, other in (pair, pair[::-1]) if pair else ():
        if weight.op == "arg" and (other.ident in outputs or _inside(other, outputs)):
            return weight
    return None


def _inside(scalar: Scalar, outputs: set[int]) -> bool:
    return scalar.op == "mul" and any(part.ident in outputs for part in scalar.args)


def _named(entries: Iterable[Scalar]) -> str:
    """Entries of arrays as the user would write them: W[0:3, 2:4]."""
    by_path: dict[str, set[tuple[int, ...]]] = defaultdict(set)
    for entry in entries:
        by_path[entry.args[0]].add(entry.args[1])
    return ", ".join(f"{path}[{_box(indices)}]" for path, indices in sorted(by_path.items()))


def _box(indices: set[tuple[int, ...]]) -> str:
    parts = []
    for axis in range(len(next(iter(indices)))):
        values = {index[axis] for index in indices}
        low, high = min(values), max(values)
        parts.append(str(low) if low == high else f"{low}:{high + 1}")
    return ", ".join(parts)


def _sentence(name: str, gates: dict[str, dict[str, str]]) -> str:
    maps = "; ".join(f"{role}_{gate} = {array}" for gate, roles in sorted(gates.items()) for role, array in roles.items())
    return f"the forward pass is the cell {name}: {maps}"
