"""What a document shows of its own conventions: its first step, its sums, the senses that its derivatives can have.

Law: evidence is read off the formulas alone; nothing here tries a sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from lstm_sym.notes.formula.names import Reference, is_d_name, reference, time_of
from lstm_sym.notes.formula.pairs import Pair, fixed_times
from lstm_sym.notes.formula.tree import (
    Big,
    Block,
    Call,
    Derivative,
    Factors,
    Formula,
    Group,
    Indexed,
    Name,
    Number,
    Prefixed,
    Relation,
    children,
    walk,
)
from lstm_sym.notes.meaning.parts import speaks
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.notation.stacked import cells
from lstm_sym.notes.sampling.roles import candidates
from lstm_sym.notes.sampling.samples import Samples, Setting
from lstm_sym.notes.sampling.scope import Reading


def is_step_name(name: str) -> bool:
    """Whether the name says by itself what it belongs to: c_next, d h_prev, g h_output."""
    return "_" in name and speaks(name.rpartition("_")[2])


def reference_of(node: Formula, samples: Samples) -> Reference | None:
    return reference(node, samples.model.timed) if isinstance(node, Name | Indexed) else None


def variants(pair: Pair, reading: Reading, samples: Samples) -> Iterator[Reading]:
    """Other senses of partial derivatives and of the loss of one step, for a pair that has any."""
    nodes = [node for side in (pair.left, pair.right) for node in walk(side) if isinstance(node, Derivative)]
    if not nodes:
        return
    jacobian = any(not _of_loss(node, samples) for node in nodes)
    step_loss = any(_of_loss(node, samples) and isinstance(node.of, Indexed) for node in nodes)
    for partials in ("total", "step", "direct") if jacobian else (reading.partials,):
        for step in (True, False) if step_loss else (reading.step_loss,):
            if (partials, step) != (reading.partials, reading.step_loss):
                yield replace(reading, partials=partials, step_loss=step)


def _of_loss(node: Derivative, samples: Samples) -> bool:
    read = reference(node.of, samples.model.timed) if isinstance(node.of, Name | Indexed) else None
    return read is not None and samples.model.is_loss(read.key)


def counts_time(pair: Pair, samples: Samples) -> bool:
    nodes = [node for side in (pair.left, pair.right) for node in walk(side)]
    if any(isinstance(node, Big) for node in nodes) or any(isinstance(node, Name) and node.text == "T" for node in nodes):
        return True
    return fixed_times(pair.left, samples.model.timed)


def first_steps(pairs: list[Pair], samples: Samples) -> tuple[int, ...]:
    """The steps that can be the first, the likelier in front: an input at 0 or a variable at -1 leaves 0 alone."""
    model = samples.model
    lowest: dict[bool, int] = {}
    bounds = Counter[int]()
    for node in (node for pair in pairs for side in (pair.left, pair.right) for node in walk(side)):
        read = reference(node, model.timed) if isinstance(node, Indexed) else None
        if read is not None and read.time is not None and not read.time.base and read.key in model.names:
            is_input = read.key in model.inputs
            lowest[is_input] = min(read.time.offset, lowest.get(is_input, read.time.offset))
        if isinstance(node, Big) and node.sub and isinstance(node.sub[0], Relation):
            lower = time_of(node.sub[0].parts[1])
            if lower is not None and not lower.base:
                bounds[lower.offset] += 1
    if lowest.get(True) == 0 or lowest.get(False, 0) < 0:
        return (0,)
    if lowest.get(True) == 1:
        return (1,)
    if sums_to_last(pairs) and not bounds[1]:
        return (0,)
    return (1, 0) if bounds[1] > bounds[0] else (0, 1)


def sums_to_last(pairs: list[Pair]) -> bool:
    """Whether some sum from 0 ends at T itself, which is then the index of the last step and not their number."""
    for node in (node for pair in pairs for side in (pair.left, pair.right) for node in walk(side)):
        if isinstance(node, Big) and node.sub and node.sup and isinstance(node.sub[0], Relation):
            lower, upper = time_of(node.sub[0].parts[1]), time_of(node.sup[0])
            if (
                lower is not None
                and upper is not None
                and not lower.base
                and (lower.offset, upper.base, upper.offset) == (0, "T", 0)
            ):
                return True
    return False


def keys_in(side: Formula, samples: Samples) -> list[str]:
    """The keys of all names in a side, marked ones with their mark in front."""
    found: list[str] = []

    def visit(node: Formula) -> None:
        if isinstance(node, Prefixed):
            read = reference(node.body, samples.model.timed) if isinstance(node.body, Name | Indexed) else None
            if read is not None:
                found.append(f"{node.prefix} {read.key}")
                return
        if isinstance(node, Derivative):
            read = reference(node.by, samples.model.timed) if isinstance(node.by, Name | Indexed) else None
            known = read is None or read.key in samples.model.names
            found.append("?" if read is None else read.key if known else f"partial {read.key}")
            return
        if isinstance(node, Name | Indexed):
            read = reference(node, samples.model.timed)
            if read is not None:
                found.append(read.key)
                return
        for child in children(node):
            visit(child)

    visit(side)
    return found


def alias_of(left: Formula, samples: Samples) -> str:
    """The marked name that a left side is, as in a reading; empty for anything else."""
    if isinstance(left, Prefixed):
        read = reference_of(left.body, samples)
        return f"{left.prefix}:{read.key}" if read is not None else ""
    if isinstance(left, Derivative):
        read = reference_of(left.by, samples)
        return f"partial:{read.key}" if read is not None else ""
    read = reference_of(left, samples)
    if read is None:
        return ""
    return f"d:{read.key[1:]}" if is_d_name(read.key, samples.model.names) else read.key


def left_roles(pair: Pair, reading: Reading, samples: Samples, setting: Setting) -> Iterator[Reading]:
    """The readings in which the left side alone has another of its roles."""
    alias = alias_of(pair.left, samples)
    marker, _, key = alias.rpartition(":")
    for role in candidates(samples.model, key, marker):
        if role.kind in ("same", "arriving", "direct", "step", "value", "net"):
            yield replace(reading, left=role)


def only_derivatives(pair: Pair, samples: Samples) -> bool:
    """Whether the right side is a chain rule that names partial derivatives and nothing else of the network."""
    found = False
    for node in walk(pair.right):
        if isinstance(node, Derivative) and not _of_loss(node, samples):
            found = True
    return found and not _plain_names(pair.right, samples)


def _plain_names(node: Formula, samples: Samples) -> bool:
    if isinstance(node, Derivative | Prefixed):
        return False
    read = reference_of(node, samples)
    if read is not None:
        return read.key in samples.model.names
    return any(_plain_names(child, samples) for child in children(node))


def common_stack(model: Model) -> Formula | None:
    """The stack that the weights of all gates multiply, as [h_{t-1}, x_t]; None where they multiply different ones."""
    stacks = {
        node
        for definition in model.definitions.values()
        for node in walk(definition.body)
        if isinstance(node, Group | Block) and cells(node) is not None and not definition.shift
    }
    return next(iter(stacks)) if len(stacks) == 1 else None


def is_later(node: Formula, samples: Samples) -> bool:
    """Whether the node is a name of the step t+1 or of what comes from there."""
    read = reference_of(node, samples) if isinstance(node, Indexed) else None
    if read is None:
        return False
    return (read.time is not None and read.time.base in ("t", "tau") and read.time.offset > 0) or read.key.endswith(
        ("_next", "_future")
    )


def only_in_calls(name: str, pairs: list[Pair], samples: Samples) -> bool:
    """Whether the name stands nowhere but in the argument of a function, where it can be no gradient."""

    def outside(node: Formula) -> bool:
        if isinstance(node, Call):
            return False
        read = reference_of(node, samples)
        if read is not None:
            return read.key == name
        return any(outside(child) for child in children(node))

    return not any(outside(side) for pair in pairs for side in (pair.left, pair.right))


def numbers_deltas(pair: Pair) -> bool:
    """Whether delta stands before a number, as in a list of steps delta 1, delta 2, ..."""
    for node in (node for side in (pair.left, pair.right) for node in walk(side)):
        if isinstance(node, Factors):
            for first, second in pairwise(node.factors):
                if isinstance(first, Name) and first.text == "delta" and isinstance(second, Number):
                    return True
    return False


def parts_of_output(pairs: list[Pair], samples: Samples) -> bool:
    """Whether a bare Delta can only be the loss of its step: what arrives at the output is named beside it, or the
    equations come from elsewhere than the document.
    """
    model = samples.model
    if any(definition.claim < 0 for definition in model.definitions.values()):
        return True
    arriving = {f"Delta {key}" for key in model.outputs}
    return any(arriving & set(keys_in(side, samples)) for pair in pairs for side in (pair.left, pair.right))
