"""A plan as lines of tensor code: what is done before the loop, at each step, and after it, for every framework alike.

    products of several matrices with one vector, W_a x, W_i x, ...        one product with the matrices above one another
    W_aᵀ delta_a + W_iᵀ delta_i + ...                                     one product with the adjoints beside one another
    sums over time of delta_a xᵀ, delta_i xᵀ, ...                         one sum with the adjoints beside one another

Law: each line stands under the equation that it computes. Only products are put together; every value stays what the plan says,
with a row for each sequence of the batch even where it holds parameters only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sympy import Expr, Symbol

from lstm_sym.codegen.equation import equation
from lstm_sym.codegen.names import Names, joined
from lstm_sym.codegen.plan import Line, Plan, is_at
from lstm_sym.codegen.tensors.expressions import ATOM, PRODUCT, Framework, Writer
from lstm_sym.symbols.compound import Outer, SumOverTime
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.names import ADJOINT, ARRIVING, LOSS_ADJOINT
from lstm_sym.symbols.nodes import Expression, Product, Sum, Transposed, Zeros
from lstm_sym.symbols.traversal import symbols_in, walk


@dataclass
class Steps:
    """The lines of both passes; `fused_forward` and `fused_backward` are matrices put together before each loop."""

    plan: Plan
    framework: Framework
    names: Names
    fused: dict[str, dict[str, str]] = field(default_factory=lambda: {"forward": {}, "backward": {}})

    def name(self, symbol: Timed) -> str:
        """The name at one step: state, and state_prev for the step before; an input's is x_t."""
        offset = "_prev" if is_at(symbol, -1) else "_t" if self._is_input(symbol) else ""
        return self.names.of(("step", symbol.name, offset), symbol.name + offset)

    def whole(self, symbol: Timed) -> str:
        """The name of the values at all steps: state_all, and state_before for those one step earlier; an input's is its own."""
        offset = "_before" if is_at(symbol, -1) else "" if self._is_input(symbol) else "_all"
        return self.names.of(("all", symbol.name, offset), symbol.name + offset)

    def _is_input(self, symbol: Timed) -> bool:
        return symbol.name in {each.name for each in self.plan.derivation.cell.inputs}

    @property
    def first(self) -> str:
        """The first input at all steps, which every cell here has."""
        return self.whole(self.plan.derivation.cell.inputs[0])

    def before(self) -> list[str]:
        return self._lines(self.plan.before, "forward", at_once=True)

    def forward(self) -> list[str]:
        return self._lines(self.plan.forward, "forward")

    def backward(self) -> list[str]:
        return self._lines(self.plan.backward, "backward")

    def local(self) -> list[str]:
        return self._lines(self.plan.local, "backward", at_once=True)

    def after(self) -> list[str]:
        return self._lines(self.plan.after, "backward", at_once=True)

    def written(self, lines: Iterable[Line]) -> list[Timed]:
        return [target for each in lines for target in each.targets if isinstance(target, Timed)]

    def read_in_forward(self) -> list[Timed]:
        """What a forward step takes from all steps: inputs, and what was computed before the loop."""
        given = {*self.plan.derivation.cell.inputs, *self.written(self.plan.before)}
        return _unique(s for each in self.plan.forward for s in each.reads if isinstance(s, Timed) and s in given)

    def kept(self) -> list[Timed]:
        """Forward values that the backward pass reads, at t or one step before."""
        values = {symbol.name for symbol in self.written(self.plan.forward)}
        later = (*self.plan.local, *self.plan.backward, *self.plan.after, *self._totals())
        return _unique(s for each in later for s in each.reads if isinstance(s, Timed) and s.name in values)

    def read_in_backward(self) -> list[Timed]:
        """What a backward step takes from all steps: kept values, local factors, inputs, and the cotangent of the output."""
        given = {*self.kept(), *self.written(self.plan.local), *self.plan.derivation.cell.inputs, self.cotangent}
        return _unique(s for each in self.plan.backward for s in each.reads if s in given)

    def collected(self) -> list[Timed]:
        """Adjoints that are read for all steps at once, after the loop."""
        made = set(self.written(self.plan.backward))
        return _unique(s for each in (*self.plan.after, *self._totals()) for s in each.reads if s in made)

    @property
    def cotangent(self) -> Timed:
        return self.plan.derivation.cell.output.named(LOSS_ADJOINT)

    def _totals(self) -> list[Line]:
        return [Line(each.targets, tuple(_body(value) for value in each.values)) for each in self.plan.totals]

    def totals(self) -> list[str]:
        """The gradients of the parameters; outer products with one right side are one product, cut into its parts."""
        writer = Writer(self.framework, self.whole)
        outer: dict[Expression, list[tuple[Parameter, Outer]]] = {}
        lines: list[str] = []
        for each in self.plan.totals:
            target, body = each.targets[0], _body(each.values[0])
            assert isinstance(target, Parameter)
            if isinstance(body, Zeros):
                zeros = self.framework.zeros.format(like=self.first, shape=f"p.{target.name.removeprefix(ADJOINT)}.shape")
                lines += [f"# {equation(target, each.values[0])}", f"{self.total(target)} = {zeros}"]
            elif isinstance(body, Outer):
                outer.setdefault(body.args[1], []).append((target, body))
            else:
                lines += [f"# {equation(target, each.values[0])}", f"{self.total(target)} = {writer.total(body)}"]
        for right, group in outer.items():
            lines += [f"# {equation(target, SumOverTime(body, 0, 0))}" for target, body in group]
            lefts = [writer.code(body.args[0]) for _, body in group]
            beside = self._side_by_side(lefts, lines)
            product = f'{self.framework.einsum}("tbi,tbj->ij", {beside}, {writer.code(right)})'
            targets = [self.total(target) for target, _ in group]
            like = ", ".join(f"p.{target.name.removeprefix(ADJOINT)}" for target, _ in group)
            lines.append(f"{', '.join(targets)} = " + (f"split({product}, ({like}), 0)" if len(group) > 1 else product))
        return lines

    def total(self, parameter: Parameter) -> str:
        return self.names.of(("total", parameter.name), parameter.name)

    def _side_by_side(self, parts: list[str], lines: list[str]) -> str:
        """The name of arrays put side by side; the first time with the line that does it."""
        if len(parts) == 1:
            return parts[0]
        key = ("beside", tuple(parts))
        new = key not in self.names.given
        is_named = all(part.isidentifier() for part in parts)
        name = self.names.of(key, joined(part.removesuffix("_all") for part in parts) + "_all" if is_named else "sides_all")
        if new:
            lines.append(f"{name} = {self.framework.joined(parts, -1)}")
        return name

    def _lines(self, lines: Sequence[Line], function: str, *, at_once: bool = False) -> list[str]:
        """The code of a phase; a group of products with one right side is computed where the first of them is read."""
        known: dict[Expression, str] = {}
        writer = Writer(self.framework, self.whole if at_once else self.name, known)
        groups = {p: group for _, group in _by((p.args[-1], p) for each in lines for p in _stackable(each)) for p in group}
        code: list[str] = []
        for each in lines:
            for product in _stackable(each):
                if product not in known and len(groups[product]) > 1:
                    code += self._stacked(groups[product], writer, known, function)
            target, value = each.targets[0], each.values[0]
            assert isinstance(target, Timed)
            self._pulled_back(value, writer, known, function, code if at_once else None)
            code.append(f"# {equation(target, value)}")
            right = writer.code(value)
            if not any(isinstance(symbol, Timed) for symbol in symbols_in(value)):
                right = self._spread(value, right, function, at_once)
            code.append(f"{writer.symbol(target)} = {right}")
        return code

    def _spread(self, value: Expression, code: str, function: str, at_once: bool) -> str:
        """What holds parameters and numbers only, for every sequence of the batch, with `at_once` at every step."""
        leading = [f"{self.first}.shape[{axis}]" for axis in ((0, 1) if at_once else (1,))]
        shape = f"({', '.join(leading)}, {self._length(value.shape[0], function)})"
        zeros = self.framework.zeros.format(like=self.first, shape=shape)
        return zeros if isinstance(value, Zeros) else f"{zeros} + {code}"

    def _length(self, rows: Expr, function: str) -> str:
        """A size as code, read off an argument of the function."""
        cell = self.plan.derivation.cell
        found = {s.shape[0]: f"{self.whole(s)}.shape[2]" for s in cell.inputs}
        for place in (1, 0):
            found |= {p.shape[place]: f"p.{p.name}.shape[{place}]" for p in cell.parameters if p.shape[1] != 1 or place == 0}
        carried = [s.prev if function == "forward" else s.named(ARRIVING + s.name) for s in cell.recurrent]
        found = {s.shape[0]: f"{self.name(s)}.shape[1]" for s in carried} | found
        return str(rows.subs({size: Symbol(code) for size, code in found.items() if size.is_Symbol}))

    def _stacked(self, group: Sequence[Product], writer: Writer, known: dict[Expression, str], function: str) -> list[str]:
        parameters = [str(product.args[0]) for product in group]
        matrix = self._matrix(parameters, function)
        right = writer.code(group[0].args[-1], ATOM)
        parts = [self.names.of((function, product), f"{product.args[0]}_{right}") for product in group]
        known.update(zip(group, parts, strict=True))
        like = ", ".join(f"p.{name}" for name in parameters)
        return [f"{', '.join(parts)} = split({right} @ {matrix}.T, ({like}), -1)"]

    def _pulled_back(
        self, value: Expression, writer: Writer, known: dict[Expression, str], function: str, shared: list[str] | None
    ) -> None:
        """A sum of products with transposed matrices, as one product; with `shared` the adjoints side by side get a name."""
        for node in walk(value):
            terms = [term for term in node.args if _is_pull_back(term)] if isinstance(node, Sum) else []
            if len(terms) < 2 or node in known:
                continue
            matrix = self._matrix([str(term.args[0].body) for term in terms], function)
            parts = [writer.code(term.args[1]) for term in terms]
            beside = self.framework.joined(parts, -1) if shared is None else self._side_by_side(parts, shared)
            rest = [term for term in node.args if term not in terms]
            known[node] = " + ".join([f"{beside} @ {matrix}", *(writer.code(term, PRODUCT) for term in rest)])

    def _matrix(self, parameters: list[str], function: str) -> str:
        """The name of matrices above one another, put together before the loop."""
        name = self.names.of(("matrix", tuple(parameters)), joined(parameters))
        self.fused[function][name] = self.framework.joined([f"p.{each}" for each in parameters], 0)
        return name


def _body(value: Expression) -> Expression:
    assert isinstance(value, SumOverTime)
    return value.body


def _stackable(each: Line) -> list[Product]:
    return [
        node
        for value in each.values
        for node in walk(value)
        if isinstance(node, Product) and len(node.args) == 2 and isinstance(node.args[0], Parameter) and node.shape[1] == 1
    ]


def _is_pull_back(term: Expression) -> bool:
    is_pair = isinstance(term, Product) and len(term.args) == 2
    return is_pair and isinstance(term.args[0], Transposed) and isinstance(term.args[0].body, Parameter)


def _by(pairs: Iterable[tuple[Expression, Expression]]) -> list[tuple[Expression, list]]:
    groups: dict[Expression, list] = {}
    for key, value in pairs:
        if value not in groups.setdefault(key, []):
            groups[key].append(value)
    return list(groups.items())


def _unique(symbols: Iterable[Expression]) -> list[Timed]:
    return [symbol for symbol in dict.fromkeys(symbols) if isinstance(symbol, Timed)]
