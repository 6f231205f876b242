"""What can be missing in a formula: factors (gates, their slopes, weights) and terms (what a neighbouring equation sends
back).

Law: candidates come from the document's own equations: a slope fits the activation of its name, a term is the pullback of
an equation that uses the name, with the mark that the document uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.notes.formula.names import Time, reference
from lstm_sym.notes.formula.shift import at_time, shifted, squared, turned
from lstm_sym.notes.formula.tree import Call, Derivative, Factors, Formula, Group, Indexed, Name, Number, Prefixed, Terms
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.model.manner import HADAMARD

ONE = Number("1")


def one_minus(body: Formula) -> Group:
    return Group("(", (Terms((1, -1), (ONE, body)),))


def slope_of(atom: Formula, key: str, model: Model, sign: str) -> Formula | None:
    """The slope of a name's own activation at its value: (1 - v^2) or v (1 - v)."""
    definition = model.definitions.get(key)
    if definition is None or not isinstance(definition.body, Call):
        return None
    function = definition.body.function
    base = function.base if isinstance(function, Indexed) else function
    name = base.text if isinstance(base, Name) else ""
    if name == "tanh":
        return one_minus(squared(atom))
    return Factors((atom, one_minus(atom)), (sign,)) if name == "sigma" else None


def factors_to_add(atoms: tuple[Formula, ...], model: Model, sign: str) -> Iterator[Formula]:
    """Factors that a product can lack, at the step t first, then at its neighbours; adjoints after forward values."""
    forward = [atom for atom in atoms if isinstance(atom, Indexed)]
    marked = [atom for atom in atoms if isinstance(atom, Prefixed | Derivative)]
    for step in (0, 1, -1):
        for atom in forward:
            moved = shifted(atom, step, model.timed) if step else atom
            if moved is not None:
                yield from _forms(moved, model, sign)
    for step in (0, 1):
        for mark in marked:
            moved = shifted(mark, step, model.timed) if step else mark
            if moved is not None:
                yield moved


def _forms(atom: Formula, model: Model, sign: str) -> Iterator[Formula]:
    read = reference(atom, model.timed)
    if read is None or read.key not in model.definitions:
        return
    yield atom
    slope = slope_of(atom, read.key, model, sign)
    if slope is None:
        yield Call(Name("tanh"), (atom,))
        yield one_minus(Indexed(Call(Name("tanh"), (atom,)), (), (Number("2"),)))
        return
    yield slope
    yield one_minus(atom)


def terms_to_add(left: Formula, atoms: tuple[Formula, ...], model: Model) -> Iterator[Formula]:
    """Terms that an adjoint can lack: what each equation that uses its name sends back to it, and whole marked names."""
    target = left.body if isinstance(left, Prefixed) else getattr(left, "by", left)
    read = reference(target, model.timed) if isinstance(target, Name | Indexed) else None
    if read is None or read.time is None:
        return
    key = read.key if read.key in model.definitions else read.key[1:]
    marked = [atom for atom in atoms if not (isinstance(atom, Indexed | Name) and _plain(atom, model))]
    for atom in marked:
        whole = at_time(atom, read.time, model.timed)
        if whole is not None:
            yield whole
    for atom in marked:
        yield from _sent_back(atom, key, read.time, model)


def _plain(atom: Formula, model: Model) -> bool:
    read = reference(atom, model.timed)
    return read is not None and read.key in (*model.definitions, *model.inputs)


def _sent_back(atom: Formula, key: str, time: Time, model: Model) -> Iterator[Formula]:
    inner = atom.body if isinstance(atom, Prefixed) else getattr(atom, "by", atom)
    read = reference(inner, model.timed) if isinstance(inner, Name | Indexed) else None
    if read is None:
        return
    user = read.key if read.key in model.definitions else read.key[1:]
    definition = model.definitions.get(user)
    if definition is None:
        return
    body = definition.body
    activated = isinstance(body, Call)
    inside = body.arguments[0] if isinstance(body, Call) else body
    for term in inside.terms if isinstance(inside, Terms) else (inside,):
        for offset, rest, sign in _linear(term, key, model, definition.shift):
            at = Time(time.base, time.offset - offset)
            mark = at_time(atom, at, model.timed)
            if mark is None:
                continue
            others = [moved for moved in (_moved(factor, at, offset, model) for factor in rest) if moved is not None]
            yield _joined(mark, others, sign, model)
            own = at_time(_atom_of(user, model), at, model.timed) if activated else None
            slope = slope_of(own, user, model, "odot") if own is not None else None
            if slope is not None:
                yield _joined(Group("(", (Factors((mark, slope), ("odot",)),)), others, sign, model)


def _atom_of(key: str, model: Model) -> Formula:
    from lstm_sym.notes.formula.tree import walk

    for definition in model.definitions.values():
        for node in walk(definition.body):
            read = reference(node, model.timed) if isinstance(node, Indexed) else None
            if read is not None and read.key == key and read.time is not None and read.power is None:
                return node
    return Indexed(Name(key), (Name("t"),))


def _linear(term: Formula, key: str, model: Model, shift: int) -> Iterator[tuple[int, list[Formula], str]]:
    """For a product that holds the key once: the offset of its time, the other factors, and the kind of product."""
    if not isinstance(term, Factors):
        return
    for position, factor in enumerate(term.factors):
        read = reference(factor, model.timed) if isinstance(factor, Name | Indexed) else None
        if read is not None and read.key == key and read.time is not None:
            rest = [other for index, other in enumerate(term.factors) if index != position]
            sign = term.signs[max(position - 1, 0)]
            yield read.time.offset - shift, rest, "odot" if sign in HADAMARD or sign in ("star", "times", "otimes") else ""


def _moved(factor: Formula, at: Time, offset: int, model: Model) -> Formula | None:
    """The factor of the equation at the time at which it is used; brackets such as (1 - z_t) are moved inside."""
    from lstm_sym.notes.formula.rewrite import rewrite

    def rule(node: Formula) -> Formula | None:
        read = reference(node, model.timed) if isinstance(node, Indexed) else None
        if read is None or read.time is None:
            return None
        return at_time(node, Time(at.base, at.offset + read.time.offset), model.timed)

    return rewrite(factor, rule)


def _joined(mark: Formula, others: list[Formula], sign: str, model: Model) -> Formula:
    if not others:
        return mark
    if sign == "":
        read = reference(others[0], model.timed) if isinstance(others[0], Name | Indexed) else None
        if read is not None and read.key in model.parameters:
            weight = turned(others[0])
            return Factors((mark, weight), ("",)) if model.manner.row else Factors((weight, mark), ("",))
    return Factors((mark, *others), ("odot",) * len(others))


def weights_to_add(model: Model) -> Iterator[Formula]:
    """Every weight matrix, transposed first."""
    from lstm_sym.notes.formula.tree import walk

    seen: set[str] = set()
    for definition in model.definitions.values():
        for node in walk(definition.body):
            read = reference(node, model.timed) if isinstance(node, Name | Indexed) else None
            if read is not None and read.key in model.parameters and read.key not in seen and not read.transposed:
                seen.add(read.key)
                yield turned(node)
                yield replace(node)
