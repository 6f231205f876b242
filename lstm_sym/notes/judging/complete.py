"""What a full backward pass needs and the document leaves out.

Laws: only a document that sets out a backward pass is asked for the rest of it; what is missing is named with the
document's own marks. A line at a fixed time counts for that time, so a worked example is asked for every gate at every time
it treats.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from lstm_sym.notes.formula.names import is_d_name, reference
from lstm_sym.notes.formula.tree import Derivative, Indexed, Name, Prefixed, Relation
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.sampling.scope import Reading

ENOUGH = 3


def missing(model: Model, relations: Mapping[int, Relation], reading: Reading) -> Iterator[str]:
    """The lines that are missing, in words."""
    lines: dict[str, set[str]] = defaultdict(set)
    marks: dict[str, Counter[str]] = defaultdict(Counter)
    for relation in relations.values():
        for mark, key, time in _subjects(relation, model):
            for part in _parts(key, model):
                lines[time].add(part)
            marks[time][mark] += 1
    gates = [key for key in model.definitions if model.activated(key) or key in _states(model)]
    for time, found in sorted(lines.items()):
        treated = [gate for gate in gates if gate in found]
        absent = [gate for gate in gates if gate not in found]
        if len(treated) >= ENOUGH and 0 < len(absent) <= 2:
            for gate in absent:
                yield (
                    f"no line for {marks[time].most_common(1)[0][0]} {gate} at {time}"
                    if time != "t"
                    else f"no line for the adjoint of {gate}"
                )
    gradients = {part for found in lines.values() for part in found if part in model.parameters}
    if gradients:
        for key in model.parameters:
            if key not in gradients:
                yield f"no line for the gradient of {key}"


def _states(model: Model) -> set[str]:
    from lstm_sym.notes.formula.names import references

    return {
        read.key
        for d in model.definitions.values()
        for read in references(d.body, model.timed)
        if read.time and read.time.offset < d.shift
    }


def _parts(key: str, model: Model) -> list[str]:
    items = model.stacks.get(key)
    if items is None:
        return [key]
    return [read.key for item in items for read in [reference(item, model.timed)] if read is not None]


def _subjects(relation: Relation, model: Model) -> Iterator[tuple[str, str, str]]:
    """What the relation gives: mark, key and time of its left side."""
    left = relation.parts[0]
    mark, body = "", left
    if isinstance(left, Prefixed):
        mark, body = left.prefix, left.body
    elif isinstance(left, Derivative):
        of = reference(left.of, model.timed) if isinstance(left.of, Name | Indexed) else None
        if of is None or not model.is_loss(of.key):
            return
        mark, body = "the derivative by", left.by
    read = reference(body, model.timed) if isinstance(body, Name | Indexed) else None
    if read is None:
        return
    key = read.key
    if not mark:
        if is_d_name(key, model.names):
            mark, key = "d", key[1:]
        else:
            for prefix in ("delta", "Delta", "nabla"):
                if key.startswith(prefix + "_"):
                    mark, key = prefix, key[len(prefix) + 1 :]
    if mark and key in model.names:
        yield mark, key, str(read.time) if read.time is not None and not read.time.base else "t"
