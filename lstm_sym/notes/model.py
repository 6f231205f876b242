"""What a document defines: its forward equations, stacks, inputs and parameters, and how it writes.

Laws: a forward equation is one whose left side is a timed name and whose right side mentions no adjoint; the first
definition of a name counts, a later one is a claim about it. A column of names that no forward equation uses is a stack, an
abbreviation. What the forward equations use and nobody defines is an input if it is timed, else a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lstm_sym.notes.blocks import Parts
from lstm_sym.notes.customs import customary
from lstm_sym.notes.entries import without_entries
from lstm_sym.notes.formula import Block, Call, Derivative, Factors, Formula, Group, Indexed, Name, Prefixed, Relation, walk
from lstm_sym.notes.heads import name_arguments_of_heads
from lstm_sym.notes.letters import applied_letters, slope_of_derivative, told, with_letters
from lstm_sym.notes.lexicon import FUNCTIONS
from lstm_sym.notes.marks import marked
from lstm_sym.notes.names import Reference, is_d_name, reference
from lstm_sym.notes.products import Manner
from lstm_sym.notes.rewrite import rewrite
from lstm_sym.notes.shapes import Shapes, Size, is_row_convention
from lstm_sym.notes.stacked import parted, together
from lstm_sym.notes.timing import attach_known, attach_times, timed_keys

LOSSES = frozenset(
    {"E", "L", "J", "ell", "loss", "Loss", "cost", "Cost", "error", "L_total", "E_total", "Err", "L_tot", "E_tot", "calE"}
)
NAMED_LOSSES = LOSSES | {"C", "Q", "S", "e", "H", "O", "obj", "l"}
"""Letters that are a loss where nothing but a derivative is ever taken of them."""
SCALARS = frozenset({"lambda", "eta", "alpha", "mu", "epsilon", "lr", "gamma", "beta", "N", "infinity", "e"})
FREE_FUNCTIONS = frozenset({"f", "g", "phi", "psi", "F", "G", "act", "h", "activation"})
ADJOINT_BASES = frozenset({"delta", "Delta", "nabla"})


@dataclass(frozen=True)
class Definition:
    """key_t = body, read at time `shift` + t; `claim` is the number of the relation where it stands."""

    key: str
    body: Formula
    shift: int
    claim: int


@dataclass
class Model:
    """The notation of one document."""

    timed: frozenset[str]
    definitions: dict[str, Definition] = field(default_factory=dict)
    stacks: dict[str, tuple[Formula, ...]] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    functions: frozenset[str] = frozenset()
    scalars: frozenset[str] = SCALARS
    manner: Manner = field(default_factory=Manner)
    shapes: Shapes = field(default_factory=lambda: Shapes(frozenset(), False, SCALARS))
    losses: dict[str, tuple[Formula, int]] = field(default_factory=dict)
    loss_step: Formula | None = None
    """The loss of the step t, where the document declares one that can be evaluated; `loss_label` is the label's name in
    it.
    """
    loss_label: str | None = None
    loss_unread: bool = False
    parts: Parts = field(default_factory=Parts)
    """The weights that the document takes apart."""
    stacked: frozenset[int] = frozenset()
    """The relations that define several names at once."""

    loss_keys: frozenset[str] = frozenset()
    """What the document takes derivatives of and defines nowhere else."""

    at_end: bool = False
    """Whether the loss is on the last step alone."""
    one_step: bool = False
    """Whether times are left out, so that the lines are about one step."""
    stepwise: frozenset[str] = frozenset()
    """The parameters whose gradients carry a time: with it they are the part of one step, without it the whole."""

    def is_loss(self, key: str) -> bool:
        """Whether the key names the loss."""
        return key not in self.names and (is_loss_name(key) or key in self.loss_keys)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every forward name: variables, inputs, parameters, stacks."""
        return frozenset((*self.definitions, *self.inputs, *self.parameters, *self.stacks))

    def activated(self, key: str) -> bool:
        """Whether the variable is an activation of something, so that it has a pre-activation."""
        found = self.definitions.get(key)
        return found is not None and isinstance(found.body, Call)

    @cached_property
    def recurrent(self) -> frozenset[str]:
        """The variables that an equation reads from the step before."""
        uses = [(read, d.shift) for d in self.definitions.values() for read in references(d.body, self.timed)]
        return frozenset(read.key for read, shift in uses if read.time is not None and read.time.offset < shift)

    @cached_property
    def used_now(self) -> frozenset[str]:
        """The variables that an equation reads at its own step."""
        uses = [(read, d.shift) for d in self.definitions.values() for read in references(d.body, self.timed)]
        return frozenset(read.key for read, shift in uses if read.time is None or read.time.offset == shift)

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """The variables that the loss reads: those that nothing else reads at the same step."""
        used_now: set[str] = set()
        used: set[str] = set()
        for definition in self.definitions.values():
            for read in references(definition.body, self.timed):
                used.add(read.key)
                if read.time is None or read.time.offset - definition.shift == 0:
                    used_now.add(read.key)
        sinks = [key for key in self.definitions if key not in used]
        return tuple(sinks or [key for key in self.definitions if key not in used_now] or list(self.definitions)[-1:])


def gradient_names(formulas: Iterable[Formula], timed: frozenset[str]) -> frozenset[str]:
    """The names that a line defines by gradients, or by names that are so defined: d_1 = ..., d_2 = U^T d_1."""
    lines: dict[str, Formula] = {}
    for formula in formulas:
        left = formula.parts[0] if isinstance(formula, Relation) else None
        read = reference(left, timed) if isinstance(left, Name | Indexed) else None
        again = read is not None and any(other.key == read.key for other in references(formula, timed)[1:])
        if read is not None and isinstance(formula, Relation) and formula.signs[0] == "=" and not again:
            lines.setdefault(read.key, formula)
    keys = frozenset(lines)
    found = {key for key, line in lines.items() if is_backward(line, timed, keys)}
    while True:
        more = {
            key for key, line in lines.items() if key not in found and any(read.key in found for read in references(line, timed))
        }
        if not more:
            return frozenset(found)
        found |= more


def is_loss_name(key: str) -> bool:
    """Whether the key is a customary name of the loss: L, E, L_BCE, J_total."""
    base, _, word = key.partition("_")
    return key in LOSSES or (base in LOSSES and word.isalpha() and len(word) > 1)


def references(formula: Formula, timed: frozenset[str]) -> list[Reference]:
    """Every name in a formula, indices aside, in written order."""
    found: list[Reference] = []

    def visit(node: Formula) -> None:
        if isinstance(node, Name | Indexed):
            read = reference(node, timed)
            if read is not None:
                found.append(read)
                return
            if isinstance(node, Indexed):
                visit(node.base)
            return
        if isinstance(node, Call):
            for argument in node.arguments:
                visit(argument)
            return
        from lstm_sym.notes.formula import Big, children

        if isinstance(node, Big):
            visit(node.body)
            return
        for child in children(node):
            visit(child)

    visit(formula)
    return found


def normalised(formulas: Sequence[Formula]) -> tuple[list[Formula], frozenset[str]]:
    """The formulas with times attached and free functions applied, and the timed keys."""
    attached = customary([attach_times(formula) for formula in formulas])
    timed = timed_keys(attached)
    attached = without_entries(marked(attached, timed), timed)
    timed = timed_keys(attached)
    known = [attach_known(formula, timed) for formula in attached]
    letters = FREE_FUNCTIONS | applied_letters(known)
    applied = [apply_functions(formula, timed, letters) for formula in known]
    return [rewrite(formula, slope_of_derivative) for formula in with_letters(applied, told(applied, timed))], timed


def apply_functions(formula: Formula, timed: frozenset[str], letters: frozenset[str] = FREE_FUNCTIONS) -> Formula:
    """f(z) and g'(z) as calls, where f is no timed name."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Factors):
            return None
        factors, signs = [node.factors[0]], list[str]()
        for sign, factor in zip(node.signs, node.factors[1:], strict=True):
            before = factors[-1]
            read = reference(before, timed) if isinstance(before, Name | Indexed) else None
            free = read is not None and read.key in letters and read.key not in timed and read.time is None
            if sign == "" and free and isinstance(factor, Group) and factor.kind in "([":
                factors[-1] = Call(before, factor.items, start=before.start, end=factor.end)
            else:
                factors.append(factor)
                signs.append(sign)
        if len(factors) == len(node.factors):
            return None
        if len(factors) == 1:
            return factors[0]
        return Factors(tuple(factors), tuple(signs), start=node.start, end=node.end)

    return rewrite(formula, rule)


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


def is_backward(formula: Formula, timed: frozenset[str], keys: set[str] | frozenset[str]) -> bool:
    """Whether an adjoint, a derivative or a loss is mentioned."""
    for node in walk(formula):
        if isinstance(node, Prefixed | Derivative):
            return True
        if isinstance(node, Name) and node.text in ADJOINT_BASES:
            return True
    return any(is_loss_name(read.key) or is_d_name(read.key, keys) for read in references(formula, timed))


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
    """The right side that says what is computed: of h_t = f(h_{t-1}, x_t) = tanh(W x_t + ...) the last; of h_t = y_t = ... too."""
    first = relation.parts[1]
    vague = isinstance(first, Name | Indexed) or (isinstance(first, Call) and len(first.arguments) > 1)
    if len(relation.parts) == 2 or not vague or any(sign != "=" for sign in relation.signs):
        return first
    written = [part for part in relation.parts[2:] if any(read.time is None for read in references(part, timed))]
    return written[0] if written and not any(isinstance(node, Prefixed | Derivative) for node in walk(relation)) else first


def column_of(body: Formula) -> tuple[Formula, ...] | None:
    """The names of a column such as [a; i; f; o], else None."""
    if isinstance(body, Block):
        cells = [cell for row in body.rows for cell in row]
    elif isinstance(body, Group) and len(body.items) > 1:
        cells = list(body.items)
    else:
        return None
    return tuple(cells) if all(isinstance(cell, Name | Indexed) for cell in cells) else None


def _sort_stacks(model: Model) -> None:
    """Columns of names that no forward equation reads are stacks, not variables."""
    used = {read.key for d in model.definitions.values() for read in references(d.body, model.timed)}
    for key, definition in list(model.definitions.items()):
        items = column_of(definition.body)
        if items is not None and key not in used:
            model.stacks[key] = items
            del model.definitions[key]


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
    model.manner = Manner(row=row, otimes=_otimes(bodies))
    scalar_weights = _scalar_weights(bodies, model)
    model.shapes = Shapes(model.timed, row, model.scalars)
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


def _otimes(bodies: Sequence[Formula]) -> str:
    """The tensor sign between gates of a forward equation is a Hadamard product."""
    found = any(isinstance(node, Factors) and "otimes" in node.signs for body in bodies for node in walk(body))
    return "hadamard" if found else "outer"


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
