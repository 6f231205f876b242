"""A document's network unrolled over a few steps in one number system: every value, and every adjoint in reverse mode.

Laws: parameters, inputs, labels and initial values are drawn, so that no two quantities agree by chance; nothing is
derived, the chain rule runs on the tape of the forward equations alone. A use of a variable is a node of its own, so that
what arrives from the next step can be told from what comes from the same step.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any, ClassVar

from lstm_sym.notes.formula.names import Reference
from lstm_sym.notes.formula.tree import Call, Formula
from lstm_sym.notes.model.definitions import Model
from lstm_sym.notes.sampling.effort import Effort
from lstm_sym.notes.sampling.interpret import Interpreter
from lstm_sym.notes.sampling.numbers import Balls
from lstm_sym.notes.sampling.values import Matrices, Rows, Value
from lstm_sym.notes.text.bounds import UnreadableError

SIZES = (2, 3, 7, 11, 13, 17, 19)
Consumer = tuple[str, int]


class Network:
    """One sample: `span` are its first and last step; with `at_rest` the initial values are zero."""

    def __init__(
        self, model: Model, numbers: Any, sizes: tuple[int, ...] = SIZES, span: tuple[int, int] = (0, 3), at_rest: bool = False
    ) -> None:
        self.model, self.matrices, self.span, self.at_rest = model, Matrices(numbers), span, at_rest
        self.sizes = _assigned(model, sizes)
        self.given: dict[tuple[str, int | None], Value] = {}
        self.nodes: dict[tuple[str, int | None], Value] = {}
        self.nets: dict[tuple[str, int], Value] = {}
        self.uses: dict[tuple[str, int | None], list[tuple[Consumer, Value]]] = defaultdict(list)
        self._adjoints: dict[tuple[int, ...], dict[int, Rows]] = {}
        self._complete = False
        self._open: set[tuple[str, int | None]] = set()
        self.labels: dict[tuple[str, int], Value] = {}
        self.scalars: dict[str, Any] = {}
        self.links: dict[Any, Any] = {}

    def value(self, key: str, time: int | None) -> Value:
        """The value of a variable, input or parameter."""
        place = (key, time)
        if place not in self.nodes:
            if place in self._open:
                raise UnreadableError(f"{key} is defined by itself", 0)
            self._open.add(place)
            try:
                self.nodes[place] = self._made(key, time)
            finally:
                self._open.discard(place)
        return self.nodes[place]

    def shape(self, key: str) -> tuple[int, int]:
        rows, columns = self.model.shapes.known.get(key) or self.model.shapes.vector(
            next(iter(self.model.shapes.known.values()))[0]
        )
        return self.size(rows), self.size(columns)

    def size(self, size: Any) -> int:
        root = size.root()
        if isinstance(root.bound, int):
            return root.bound
        if isinstance(root.bound, tuple):
            return sum(self.size(part) for part in root.bound)
        return self.sizes.setdefault(id(root), SIZES[min(len(self.sizes), len(SIZES) - 1)])

    def net(self, key: str, time: int) -> Value | None:
        """The pre-activation of an activated variable."""
        self.value(key, time)
        return self.nets.get((key, time))

    def _made(self, key: str, time: int | None) -> Value:
        if (key, time) in self.given:
            return self.given[key, time]
        definition = self.model.definitions.get(key)
        if definition is None or time is None or time < self.span[0]:
            if definition is not None and self.at_rest:
                rows, columns = self.shape(key)
                return Value(((0,) * columns,) * rows)
            return self.drawn(key, time)
        if time > self.span[1] + 2:
            return self.drawn(key, time)
        run = Interpreter(
            self.matrices,
            _Inside(self, (key, time)),
            self.model.manner,
            {"t": time - definition.shift, "tau": time - definition.shift},
        )
        return self._run(definition.body, run, key, time)

    def _run(self, body: Formula, run: Interpreter, key: str, time: int) -> Value:
        if isinstance(body, Call) and len(body.arguments) == 1:
            inner = self.matrices.same(run.matrix(run(body.arguments[0]), self.shape(key)))
            self.nets[key, time] = inner
            return self._applied(body, run, inner)
        return self.matrices.same(run.matrix(run(body), self.shape(key)))

    def _applied(self, body: Call, run: Interpreter, inner: Value) -> Value:
        from lstm_sym.notes.formula.names import reference
        from lstm_sym.notes.formula.tree import Indexed

        base = body.function.base if isinstance(body.function, Indexed) else body.function
        name = reference(body.function, frozenset())
        if name is None:
            raise UnreadableError("a function without a name", body.start)
        function = base.text if name.key == getattr(base, "text", "") else name.key  # type: ignore[attr-defined]
        return self.matrices.same(run.applied(function, inner, name, body))

    def drawn(self, key: str, time: int | None) -> Value:
        rows, columns = self.shape(key)
        draw = self.matrices.numbers.draw
        if isinstance(self.matrices.numbers, Balls) and time is not None and time > self.span[1]:
            # after the last step nothing is given; every use there is multiplied by an adjoint that is zero
            return Value(((0,) * columns,) * rows)
        return Value(tuple(tuple(draw(key, time, i, j) for j in range(columns)) for i in range(rows)))

    def scalar(self, key: str) -> Value:
        """A named number such as a learning rate."""
        if key in self.scalars:
            return self.matrices.constant(self.scalars[key])
        return Value(((self.matrices.numbers.draw("scalar", key),),))

    def use(self, key: str, time: int | None, consumer: Consumer) -> Value:
        """A node of its own for this use of a variable."""
        node = self.matrices.same(self.value(key, time))
        self.uses[key, time].append((consumer, node))
        return node

    # --- adjoints ----------------------------------------------------------------------------------------------------

    def complete(self) -> None:
        """Runs every forward equation at every step, so that all uses are on the tape."""
        if not self._complete:
            self._complete = True
            for time in range(self.span[0], self.span[1] + 2):
                for key in self.model.definitions:
                    self.value(key, time)

    def loss_seeds(self, times: tuple[int, ...]) -> dict[Value, Rows]:
        """The derivative of the loss of these steps by each output: of the document's own loss where it declares one."""
        if self.model.loss_step is not None:
            return {self._step_loss(time): ((1,),) for time in times}
        return {self.value(key, time): self._customary(key, time) for key in self.model.outputs for time in times}

    def _step_loss(self, time: int) -> Value:
        """The loss of one step, on the tape."""
        place = ("the loss", time)
        if place not in self.nodes:
            assert self.model.loss_step is not None
            run = Interpreter(self.matrices, _Inside(self, place), self.model.manner, {"t": time, "tau": time, "T": self.span[1]})
            self.nodes[place] = self.matrices.total(run.matrix(run(self.model.loss_step)))
        return self.nodes[place]

    def loss(self, time: int | None) -> Value:
        """The loss of one step; of all steps where no step is named."""
        total = self._step_loss(self.span[0] if time is None else time)
        for step in range(self.span[0] + 1, self.span[1] + 1) if time is None else ():
            total = self.matrices.add(total, self._step_loss(step))
        return total

    def _customary(self, key: str, time: int) -> Rows:
        """The slope of the squared loss by a plain output, of the cross-entropy by a softmax output."""
        if not self.is_softmax(key) or time < self.span[0]:
            return self.direct(key, time)
        inverse = self.matrices.numbers.inverse
        return self.matrices._zip(self.value(key, time).rows, self.label(key, time).rows, lambda p, y: -y * inverse(p))

    def is_softmax(self, key: str) -> bool:
        definition = self.model.definitions.get(key)
        return (
            definition is not None
            and isinstance(definition.body, Call)
            and getattr(definition.body.function, "text", "") == "softmax"
        )

    def direct(self, key: str, time: int) -> Rows:
        """The derivative of the loss by the output of the same step; for a softmax output by its argument."""
        if self.model.loss_step is not None:
            node = self.nets[key, time] if self.is_softmax(key) else self.value(key, time)
            found = self.matrices.backward({self._step_loss(time): ((1,),)}).get(node.order)
            return found if found is not None else ((0,) * node.shape[1],) * node.shape[0]
        output = self.value(key, time)
        return self.matrices._zip(output.rows, self.label(key, time).rows, lambda a, b: a - b)

    def loss_part(self, key: str, time: int) -> Value:
        """The same as a value; zero outside the steps."""
        if (self.span[1] if self.model.at_end else self.span[0]) <= time <= self.span[1]:
            return Value(self.direct(key, time))
        rows, columns = self.shape(key)
        return Value(((0,) * columns,) * rows)

    def label(self, key: str, time: int) -> Value:
        """The label of an output; that of a softmax output has the sum 1."""
        if (key, time) in self.labels:
            return self.labels[key, time]
        rows, columns = self.value(key, time).shape
        draw, norm = self.matrices.numbers.draw, self.matrices.norm
        entries = [draw("label", key, time, i) for i in range(rows * columns)]
        if self.is_softmax(key):
            entries[-1] = norm(1 - sum(entries[:-1]))
        return Value(tuple(tuple(entries[i * columns + j] for j in range(columns)) for i in range(rows)))

    def cotangents(self, times: tuple[int, ...] | None = None) -> dict[int, Rows]:
        """The adjoint of every node for the loss of these steps, or of all."""
        self.complete()
        first = self.span[1] if self.model.at_end else self.span[0]
        times = tuple(range(first, self.span[1] + 1)) if times is None else times
        if times not in self._adjoints:
            self._adjoints[times] = self.matrices.backward(self.loss_seeds(times))
        return self._adjoints[times]

    def adjoint(self, node: Value, times: tuple[int, ...] | None = None) -> Value:
        found = self.cotangents(times).get(node.order)
        return Value(found) if found is not None else Value(((0,) * node.shape[1],) * node.shape[0])

    def through(self, key: str, time: int | None, keep: Any, times: tuple[int, ...] | None = None) -> Value:
        """The part of the adjoint that comes by those uses for which keep(consumer key, consumer time) holds."""
        adjoints = self.cotangents(times)
        rows, columns = self.value(key, time).shape
        total: Rows = ((0,) * columns,) * rows
        for (consumer, at), node in self.uses[key, time]:
            if keep(consumer, at) and node.order in adjoints:
                total = self.matrices.plus(total, adjoints[node.order])
        return Value(total)


class _Inside:
    """The scope of a forward equation: names are uses by that equation."""

    stacks_vectors = True
    shared: frozenset[int] = frozenset()
    memo: ClassVar[dict] = {}

    def __init__(self, network: Network, consumer: Consumer) -> None:
        self.network, self.consumer = network, consumer
        self.effort = Effort()
        self.timed = network.model.timed
        self.span = network.span

    def value(self, read: Reference, run: Interpreter) -> Any:
        model = self.network.model
        if read.key in model.stacks:
            return run.stacked_rows([run(item) for item in model.stacks[read.key]], read.key in model.parts.wide)
        if read.key == model.loss_label:
            time = run.time(read.time)
            return self.network.label(model.outputs[0], run.times["t"] if time is None else time)
        if read.key == "T" and read.time is None:
            return Fraction(self.network.span[1])
        if read.key in model.names and read.time is None and read.key not in model.parameters:
            return self.network.use(read.key, run.times["t"], self.consumer)
        if read.key in SCALAR_NAMES and read.key not in model.parameters:
            raise UnreadableError(f"the number {read.key} in a forward equation", 0)
        time = run.time(read.time)
        return self.network.use(read.key, time, self.consumer)

    def function(self, name: str) -> str:
        return name

    def chain(self, node: Formula, run: Interpreter) -> None:
        return None

    def numbers(self, node: Any, run: Interpreter) -> Value:
        number = self.network.matrices.numbers.number
        return Value(tuple(tuple(number(Fraction(entry)) for entry in row) for row in node.rows))

    def derivative(self, node: Formula, run: Interpreter) -> Any:
        raise UnreadableError("a derivative in a forward equation", node.start)

    prefixed = derivative


SCALAR_NAMES = frozenset({"lambda", "eta"})


def _assigned(model: Model, sizes: tuple[int, ...]) -> dict[int, int]:
    """Distinct sizes for the free sizes: units first, then inputs, then what else there is."""
    found: dict[int, int] = {}
    order = [*model.definitions, *list(model.inputs), *list(model.parameters)]

    def visit(size: Any) -> None:
        root = size.root()
        if isinstance(root.bound, tuple):
            for part in root.bound:
                visit(part)
        elif root.bound is None and id(root) not in found:
            found[id(root)] = sizes[min(len(found), len(sizes) - 1)]

    for key in order:
        for size in model.shapes.known.get(key, ()):
            visit(size)
    return found
