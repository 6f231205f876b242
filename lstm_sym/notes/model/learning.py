"""A model learnt from the relations of a document: its definitions, stacks, inputs, parameters and shapes.

Laws: the first definition of a name counts, a later one is a claim about it; what gradients define is no definition. A column
of names that no forward equation uses is a stack, an abbreviation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lstm_sym.notes.formula.names import reference, references
from lstm_sym.notes.formula.rewrite import rewrite
from lstm_sym.notes.formula.tree import Call, Derivative, Factors, Formula, Indexed, Name, Prefixed, Relation, walk
from lstm_sym.notes.model.definitions import Definition, Model, column_of
from lstm_sym.notes.model.manner import Manner, elementwise_signs, is_row_convention, tensor_sign
from lstm_sym.notes.model.shapes import Shapes
from lstm_sym.notes.model.sizes import Size
from lstm_sym.notes.model.softmax import name_arguments_of_heads
from lstm_sym.notes.notation.backward import NAMED_LOSSES, SCALARS, gradient_names, is_backward, is_loss_name
from lstm_sym.notes.notation.blocks import Parts
from lstm_sym.notes.notation.stacked import cells, parted, together
from lstm_sym.notes.text.lexicon import FUNCTIONS


def learn(relations: Mapping[int, Formula], timed: frozenset[str], parts: Parts | None = None) -> Model:
    """The model that these relations define; each comes with its number. `parts` are those of its weights."""
    known = list(relations.items())
    parts = parts or Parts()
    model = Model(timed, parts=parts)
    model.stacks.update(parts.stacks)
    gradients = gradient_names([relation for _, relation in known], timed)
    plain_keys = {read.key for _, relation in known for read in references(relation, timed)}
    for number, relation in known:
        if isinstance(relation, Relation) and relation.signs[0] in ("=", "<-"):
            _learn_one(model, number, relation, plain_keys, gradients)
    _learn_stacked(model, known)
    _sort_stacks(model)
    _stack_by_derivatives(model, known)
    _name_arguments(model, {number: relation.parts[0] for number, relation in known if isinstance(relation, Relation)})
    _name_by_activation(model, known)
    name_arguments_of_heads(model)
    _inline_stacks(model)
    _inputs_and_parameters(model)
    _learn_shapes(model)
    model.stepwise = frozenset(_stepwise(model, [relation for _, relation in known]))
    model.loss_keys = frozenset(_losses_by_use(model, [relation for _, relation in known]))
    return model


def _stepwise(model: Model, formulas: Sequence[Formula]) -> Iterable[str]:
    for node in (node for formula in formulas for node in walk(formula)):
        inner = node.body if isinstance(node, Prefixed) else node.by if isinstance(node, Derivative) else node
        read = reference(inner, model.timed) if isinstance(inner, Indexed) else None
        if read is not None and read.time is not None and not read.weak:
            for key in (read.key, read.key[1:] if inner is node else read.key):
                if key in model.parameters:
                    yield key


def _losses_by_use(model: Model, formulas: Sequence[Formula]) -> Iterable[str]:
    """The letters that stand above in derivatives and nowhere below."""
    above: set[str] = set()
    below: set[str] = set()
    for node in (node for formula in formulas for node in walk(formula)):
        if isinstance(node, Derivative):
            for part, found in ((node.of, above), (node.by, below)):
                read = reference(part, model.timed) if isinstance(part, Name | Indexed) else None
                found |= {read.key} if read is not None else set()
    return (key for key in above - below - model.names if key.partition("_")[0] in NAMED_LOSSES)


def _learn_stacked(model: Model, known: Sequence[tuple[int, Formula]]) -> None:
    """Gates that are defined together, and the parts of a variable."""
    for number, relation in known:
        if not isinstance(relation, Relation):
            continue
        defined = frozenset(model.definitions)
        own = any(found.claim == number for found in model.definitions.values())
        parts = [*together(relation), *([] if own else parted(relation, defined, model.timed))]
        for left, body in parts:
            read = reference(left, model.timed) if isinstance(left, Name | Indexed) else None
            if read is None or read.key in model.definitions:
                continue
            shift = read.time.offset if read.time is not None and read.time.base in ("t", "tau") else 0
            model.timed |= {read.key}
            model.definitions[read.key] = Definition(read.key, body, shift, number)
            model.stacked |= {number}


def _learn_one(model: Model, number: int, relation: Relation, keys: set[str], gradients: frozenset[str]) -> None:
    left, body = relation.parts[0], _spelled_out(relation, model.timed)
    read = reference(left, model.timed) if isinstance(left, Name | Indexed) else None
    if read is None or read.transposed or read.power is not None or read.primes:
        return
    if is_loss_name(read.key):
        model.losses.setdefault(read.key, (body, number))
        return
    if is_backward(relation, model.timed, keys) or not references(body, model.timed) or read.key in gradients:
        return
    items = column_of(body)
    if read.time is None:
        if items is not None and read.key not in model.timed:
            model.stacks.setdefault(read.key, items)
        return
    if read.time.base not in ("t", "tau") or read.key in model.definitions:
        return
    if all(other.key == read.key for other in references(body, model.timed)):
        return
    if any(other.key == read.key and other.time == read.time for other in references(body, model.timed)):
        return  # defined by itself: no definition
    model.definitions[read.key] = Definition(read.key, body, read.time.offset, number)


def _spelled_out(relation: Relation, timed: frozenset[str]) -> Formula:
    """The right side that says what is computed: of h_t = f(h_{t-1}, x_t) = tanh(W x_t + ...) the last."""
    first = relation.parts[1]
    vague = isinstance(first, Name | Indexed) or (isinstance(first, Call) and len(first.arguments) > 1)
    if len(relation.parts) == 2 or not vague or any(sign != "=" for sign in relation.signs):
        return first
    written = [part for part in relation.parts[2:] if any(read.time is None for read in references(part, timed))]
    return written[0] if written and not any(isinstance(node, Prefixed | Derivative) for node in walk(relation)) else first


def _sort_stacks(model: Model) -> None:
    """Columns of names that no forward equation reads are stacks, not variables."""
    used = {read.key for d in model.definitions.values() for read in references(d.body, model.timed)}
    for key, definition in list(model.definitions.items()):
        items = column_of(definition.body)
        if items is not None and key not in used:
            model.stacks[key] = items
            del model.definitions[key]


def stacked_by(relation: Formula) -> tuple[Formula, tuple[Formula, ...]] | None:
    """K and k_1, k_2, ... of dE/dK = [dE/dk_1; dE/dk_2; ...]; None for any other line."""
    left = relation.parts[0] if isinstance(relation, Relation) else None
    items = cells(relation.parts[1]) if isinstance(relation, Relation) else None
    if not isinstance(left, Derivative) or items is None or not isinstance(left.by, Name | Indexed):
        return None
    below = tuple(item.by for item in items if isinstance(item, Derivative) and item.of == left.of)
    return (left.by, below) if len(below) == len(items) else None


def _stack_by_derivatives(model: Model, known: Sequence[tuple[int, Formula]]) -> None:
    """A name of which only the derivative is stacked is the stack of what stands below."""
    for _, relation in known:
        found = stacked_by(relation)
        read = reference(found[0], model.timed) if found is not None else None
        if found is not None and read is not None and read.key not in model.definitions:
            model.stacks.setdefault(read.key, found[1])


def _name_by_activation(model: Model, known: Sequence[tuple[int, Formula]]) -> None:
    """h_t = tanh(z_t) after h_t = tanh(W x_t + ...): z_t is the name of that argument."""
    for number, relation in known:
        if not isinstance(relation, Relation) or len(relation.parts) != 2:
            continue
        left, right = relation.parts
        read = reference(left, model.timed) if isinstance(left, Name | Indexed) else None
        argument = right.arguments[0] if isinstance(right, Call) and len(right.arguments) == 1 else None
        inner = reference(argument, model.timed) if isinstance(argument, Name | Indexed) else None
        definition = model.definitions.get(read.key) if read is not None else None
        if definition is None or inner is None or inner.key in model.definitions or definition.claim == number:
            continue
        body = definition.body
        same_time = read is not None and read.time == inner.time and inner.time is not None
        if (
            isinstance(body, Call)
            and isinstance(right, Call)
            and body.function == right.function
            and same_time
            and argument is not None
        ):
            model.definitions[inner.key] = Definition(inner.key, body.arguments[0], definition.shift, number)
            model.definitions[definition.key] = Definition(
                definition.key, Call(body.function, (argument,)), definition.shift, definition.claim
            )


def _inline_stacks(model: Model) -> None:
    """z_t = [h_{t-1}; x_t] is written out where an equation reads it at the same step, and is an abbreviation besides."""
    for key, definition in list(model.definitions.items()):
        items = column_of(definition.body)
        if items is None or definition.shift or not _read_now(model, key):
            continue
        model.stacks[key] = items
        del model.definitions[key]
        for other, found in list(model.definitions.items()):
            body = _replaced(found.body, key, definition.body, model.timed)
            model.definitions[other] = Definition(other, body, found.shift, found.claim)


def _read_now(model: Model, key: str) -> bool:
    """Whether every forward equation that reads the variable reads it plainly, at its own step."""
    reads = [(read, d.shift) for d in model.definitions.values() for read in references(d.body, model.timed) if read.key == key]
    plain = [
        read.time is not None and read.time.offset == shift == 0 and not read.transposed and read.power is None
        for read, shift in reads
    ]
    return bool(plain) and all(plain)


def _replaced(body: Formula, key: str, new: Formula, timed: frozenset[str]) -> Formula:
    def rule(node: Formula) -> Formula | None:
        read = reference(node, timed) if isinstance(node, Indexed) else None
        return new if read is not None and read.key == key else None

    return rewrite(body, rule)


def _name_arguments(model: Model, lefts: dict[int, Formula]) -> None:
    """h = tanh(W x + b) and z = W x + b: the argument gets the name that the document has for it."""
    bodies = {definition.body: definition for definition in model.definitions.values() if not isinstance(definition.body, Call)}
    for key, definition in list(model.definitions.items()):
        body = definition.body
        if isinstance(body, Call) and len(body.arguments) == 1:
            named = bodies.get(body.arguments[0])
            if named is not None and column_of(named.body) is not None:
                continue
            if named is not None and named.shift == definition.shift:
                argument = lefts[named.claim]
                model.definitions[key] = Definition(key, Call(body.function, (argument,)), definition.shift, definition.claim)


def _inputs_and_parameters(model: Model) -> None:
    inputs: dict[str, None] = {}
    parameters: dict[str, None] = {}
    for definition in model.definitions.values():
        for read in references(definition.body, model.timed):
            if read.key in model.definitions or read.key in SCALARS or read.key in FUNCTIONS.values():
                continue
            if read.key in model.stacks:
                for item in model.stacks[read.key]:
                    part = reference(item, model.timed)
                    if part is not None:
                        parameters.setdefault(part.key)
            elif read.time is not None:
                inputs.setdefault(read.key)
            else:
                parameters.setdefault(read.key)
    model.inputs, model.parameters = tuple(inputs), tuple(parameters)
    model.functions = frozenset(
        read.key
        for d in model.definitions.values()
        for node in walk(d.body)
        if isinstance(node, Call)
        for read in [reference(node.function, frozenset())]
        if read is not None and read.key not in FUNCTIONS.values()
    )


def _learn_shapes(model: Model) -> None:
    bodies = [definition.body for definition in model.definitions.values()]
    row = is_row_convention(bodies, model.timed)
    model.manner = Manner(row=row, otimes=tensor_sign(bodies))
    scalar_weights = _scalar_weights(bodies, model)
    model.shapes = Shapes(model.timed, row, model.scalars)
    model.shapes.hadamard |= elementwise_signs(bodies, model.timed)
    for _ in range(2):
        for definition in model.definitions.values():
            model.shapes.learn(definition.key, definition.body)
    for key, items in model.stacks.items():
        model.shapes.stack(key, items, key in model.parts.wide)
    if scalar_weights:
        for shape in list(model.shapes.known.values()):
            for size in shape:
                _to_one(size)


def _to_one(size: Size) -> None:
    root = size.root()
    if root.bound is None:
        root.bound = 1


def _scalar_weights(bodies: Sequence[Formula], model: Model) -> bool:
    """Whether all weights are small letters that multiply: a network of one unit, written with numbers."""
    weights = set()
    for body in bodies:
        for node in walk(body):
            if isinstance(node, Factors):
                for factor in node.factors:
                    read = reference(factor, model.timed) if isinstance(factor, Name | Indexed) else None
                    if read is not None and read.key in model.parameters:
                        weights.add((read.key, any(sign in ("odot", "circ") for sign in node.signs)))
    letters = [key.split("_")[-1 if key.startswith(("tilde", "hat", "bar")) else 0] for key, _ in weights]
    return bool(letters) and all(letter[:1].islower() for letter in letters) and not any(had for _, had in weights)
