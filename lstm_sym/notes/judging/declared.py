"""Lines that declare rather than claim: definitions, losses, ranges of an index; and the update of the parameters, which is
judged.

Law: a declaration is accepted as the document's own and said to be one; an update must subtract a positive multiple of the
gradient.
"""

from __future__ import annotations

from fractions import Fraction

from lstm_sym.notes.formula.names import RUNNING, TIME_LETTERS, Reference, reference
from lstm_sym.notes.formula.pairs import Pair
from lstm_sym.notes.formula.tree import Call, Derivative, Factors, Formula, Group, Indexed, Name, Number, Prefixed, Terms, walk
from lstm_sym.notes.meaning.namings import naming
from lstm_sym.notes.notation.backward import LOSSES, SCALARS
from lstm_sym.notes.notation.stacked import cells
from lstm_sym.notes.sampling.interpret import Interpreter
from lstm_sym.notes.sampling.roles import Role, role_value
from lstm_sym.notes.sampling.samples import Samples, Setting
from lstm_sym.notes.sampling.scope import ClaimScope, Reading
from lstm_sym.notes.sampling.values import ShapeError, Value
from lstm_sym.notes.text.bounds import UnreadableError
from lstm_sym.notes.text.lexicon import FUNCTIONS
from lstm_sym.verdict import EVERY_SIZE, Status, Verdict


def declaration(pair: Pair, samples: Samples) -> str | None:
    """What the pair declares, in words; None where it claims something."""
    model = samples.model
    read = reference(pair.left, model.timed) if isinstance(pair.left, Name | Indexed) else None
    if read is not None and pair.position == 0:
        found = model.definitions.get(read.key)
        if found is not None and found.claim == pair.relation:
            return f"the definition of {read.key}"
        if isinstance(pair.right, Call) and any(found.claim == pair.relation for found in model.definitions.values()):
            return f"a name for what {read.key} is the activation of"
        if read.key in model.stacks and pair.right is not None and _same_stack(model.stacks[read.key], pair.right):
            return f"the definition of the stack {read.key}"
        if model.is_loss(read.key):
            return "the definition of the loss"
        if read.time is None and read.key in TIME_LETTERS | RUNNING and read.key not in model.names:
            return "the range of an index"
        if read.key in SCALARS and read.key not in model.names:
            return f"the value of {read.key}"
        if _abbreviation(pair, read, samples) and not _of_gradients(pair.right):
            return f"the definition of {read.key}"
    if isinstance(pair.right, Call) and len(pair.right.arguments) > 1 and read is not None and read.key in model.definitions:
        return f"what {read.key} depends on"
    if read is not None and pair.position:
        found = model.definitions.get(read.key)
        if found is not None and found.claim == pair.relation and found.body is pair.right:
            return f"the definition of {read.key}"
    bound = naming(pair, samples)
    if bound is not None:
        return f"the definition of {bound[0].replace(':', ' ')}: it is {bound[1]}"
    if read is not None and read.key in model.parts.sliced and pair.right in model.parts.stacks[read.key]:
        return f"{read.key} stands for its own part"
    if isinstance(pair.left, Name) and isinstance(pair.right, Name) and pair.right.text in FUNCTIONS.values():
        return f"what function {pair.left.text} is"
    if isinstance(pair.left, Derivative) and isinstance(pair.left.by, Name | Indexed) and not pair.position:
        stack = reference(pair.left.by, model.timed)
        items = cells(pair.right)
        below = tuple(item.by for item in items or () if isinstance(item, Derivative))
        if stack is not None and items is not None and model.stacks.get(stack.key) == below:
            return f"the definition of the stack {stack.key}"
    if pair.relation in model.stacked and pair.position == 0:
        return "the definition of several names at once"
    if loss_call(pair.left) and pair.position == 0:
        return "the definition of the loss"
    if _is_half_square_slope(pair):
        return "the derivative of the squared loss by its first letter"
    if isinstance(pair.right, Derivative) and _is_loss(pair.right.of) and _letter(pair.right.by, samples):
        return "a name for the derivative of the loss"
    return None


def _is_half_square_slope(pair: Pair) -> bool:
    """d/du (u - v)^2 / 2 = u - v, in the letters that the loss is called with."""
    left, right = pair.left, pair.right
    if not (isinstance(left, Factors) and len(left.factors) == 2 and isinstance(left.factors[1], Group)):
        return False
    derivative, letters = left.factors[0], left.factors[1].items
    if not (isinstance(derivative, Derivative) and _is_loss(derivative.of) and derivative.by == letters[0]):
        return False
    return isinstance(right, Terms) and right.signs == (1, -1) and right.terms == letters


def _abbreviation(pair: Pair, read: Reference, samples: Samples) -> bool:
    return samples.abbreviations.get(read.key) is pair.right


def start_value(pair: Pair, samples: Samples) -> str | None:
    """What a line such as h_0 = 0, t = 1, delta_{T+1} = 0 or f_t = 1 declares, in a document without numbers of an example."""
    model = samples.model
    left = pair.left
    inner = left.body if isinstance(left, Prefixed) else left.by if isinstance(left, Derivative) else left
    read = reference(inner, model.timed) if isinstance(inner, Name | Indexed) else None
    if read is None or pair.position or not isinstance(pair.right, Number):
        return None
    if read.time is None and read.key in TIME_LETTERS | RUNNING and read.key not in model.names:
        return "the range of an index"
    if isinstance(left, Derivative) and _is_loss(left.of) and _is_loss(left.by):
        return "the scale of the loss"
    if Fraction(pair.right.text) == 0 and (read.time is None or read.time.base in ("", "T")):
        return f"the value of {read.key} where the steps begin or end"
    if read.time is not None and read.time.base == "t" and inner is left:
        return f"an assumption about {read.key}"
    return None


def _of_gradients(right: Formula) -> bool:
    """Whether the line multiplies gradients: then it claims what its left side is, as no bare naming does."""
    factors = [node for node in walk(right) if isinstance(node, Factors)]
    return any(isinstance(part, Derivative | Prefixed) for node in factors for part in walk(node))


def _same_stack(items: tuple[Formula, ...], right: Formula) -> bool:
    from lstm_sym.notes.model.definitions import column_of

    return column_of(right) == items


def loss_call(node: Formula) -> bool:
    """E(x, y): a loss with its arguments."""
    if isinstance(node, Factors) and len(node.factors) == 2 and isinstance(node.factors[1], Group):
        return _is_loss(node.factors[0])
    return isinstance(node, Call) and _is_loss(node.function)


def _is_loss(node: Formula) -> bool:
    if loss_call(node):
        return True
    read = reference(node, frozenset()) if isinstance(node, Name | Indexed) else None
    return read is not None and read.key.split("_")[0] in LOSSES


def _letter(node: Formula, samples: Samples) -> bool:
    """Whether the page has a bare letter there; a time that stands nowhere in the text was supplied."""
    read = reference(node, samples.model.timed) if isinstance(node, Name | Indexed) else None
    written = isinstance(node, Indexed) and any(index.start < index.end for index in node.sub)
    return read is not None and (read.time is None or not written) and read.key not in samples.model.parameters


def update(pair: Pair, samples: Samples, reading: Reading, setting: Setting) -> Verdict | None:
    """The verdict of W_new = W_old - rate * gradient in any spelling; None where the pair is no update."""
    model = samples.model
    read = reference(pair.left, model.timed) if isinstance(pair.left, Name | Indexed) else None
    if read is None:
        return None
    bare, _, suffix = read.key.rpartition("_")
    key = bare if suffix in ("new", "old", "next") and bare in model.names else read.key
    if key not in (*model.parameters, *model.stacks) or key in model.timed:
        return None
    if not (suffix == "new" or pair.sign in ("<-", "-=") or key == read.key):
        return None
    scope = samples.scope(reading, setting)
    run = scope.interpreter()
    matrices = scope.network.matrices
    try:
        right = run(pair.right)
        old = scope.value(Reference(key, None), run)
        gradient = _gradient(scope, key, run)
    except (UnreadableError, ShapeError, KeyError):
        return None
    if isinstance(right, Fraction):
        return None
    for sign in (1, -1):
        for rate in SCALARS:
            step = matrices.scale(matrices.numbers.draw("scalar", rate), gradient)
            wanted = step if pair.sign == "-=" else matrices.add(old, step, -sign)
            if pair.sign == "-=" and sign == -1:
                wanted = matrices.scale(-1, step)
            if matrices.equal(right, wanted):
                if sign == 1:
                    return Verdict(Status.PROVED, EVERY_SIZE, "a step of gradient descent", 1)
                reason = "the step goes up the gradient: the sign of the gradient must be minus"
                return Verdict(Status.REFUTED, EVERY_SIZE, "a step of gradient descent", 1, reason=reason)
    return None


def _gradient(scope: ClaimScope, key: str, run: Interpreter) -> Value:
    items = scope.model.stacks.get(key)
    if items is None:
        found = role_value(scope.network, Role("grad", key), None)
        assert found is not None
        return found
    names = [read.key for item in items for read in [reference(item, scope.timed)] if read is not None]
    stacked = run.stacked_rows([_gradient(scope, name, run) for name in names], key in scope.model.parts.wide)
    assert isinstance(stacked, Value)
    return stacked
