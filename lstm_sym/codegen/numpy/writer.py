"""Writes lines as NumPy calls with `out=` into the workspace; the batch is in rows, so that W x is x @ W.T there.

Law: a target is written only when all that it is computed from was read, or in place from what shares its memory; a node that
has no form here raises UnsupportedError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.codegen.equation import equation
from lstm_sym.codegen.mirror import sign_and_parameter
from lstm_sym.codegen.numpy.buffers import Layout, free_of_time
from lstm_sym.codegen.numpy.parameters import ACROSS, DOWN, Signed
from lstm_sym.codegen.numpy.scope import STEP, Scope
from lstm_sym.codegen.plan import Line
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros, product
from lstm_sym.symbols.traversal import walk

Values = tuple[Expression, ...]
FROM_EXP = ("np.add({out}, 1, out={out})", "np.reciprocal({out}, out={out})")
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "tanh": ("np.tanh({argument}, out={out})",),
    "sigma": ("np.negative({argument}, out={out})", "np.exp({out}, out={out})", *FROM_EXP),
    "tanh'": ("np.cosh({argument}, out={out})", "np.reciprocal({out}, out={out})", "np.multiply({out}, {out}, out={out})"),
}
"""The calls of each activation; argument and result may be one array."""
OF_NEGATIVE: dict[str, tuple[str, ...]] = {"sigma": ("np.exp({argument}, out={out})", *FROM_EXP)}
"""The calls of an activation of -z from z, where they are fewer."""


@dataclass(frozen=True)
class Target:
    """Where a value goes; `is_read` says that the value reads this memory, so that only the last call may write it, `is_flat`
    that steps and batch may be seen as one axis.
    """

    code: str
    is_read: bool = False
    is_flat: bool = True


@dataclass
class Writer:
    """Writes lines into a scope."""

    scope: Scope

    def line(self, each: Line) -> None:
        """The calls of a line under its equations; block by block where the blocks do not lie together."""
        for target, value in zip(each.targets, each.values, strict=True):
            self.scope.lines.append(f"# {equation(target, value)}")
        self._line(each.targets, each.values)
        for target in each.targets:
            self.scope.wrote(target)

    def _line(self, targets: Sequence[Timed], values: Values) -> None:
        if len(targets) > 1 and ((self.scope.mode == STEP and _is_spread(values)) or not self._fits(targets, values)):
            for target, value in zip(targets, values, strict=True):
                self._line((target,), (value,))
            return
        run = self.scope.memory.layout.run([target.name for target in targets])
        is_flat = self.scope.mode == STEP or run is None or not run.buffer.is_stacked
        self.into(Target(self.scope.quantity(targets), self._is_read(targets, values), is_flat), values)

    def _is_read(self, targets: Sequence[Timed], values: Values) -> bool:
        """Whether the values read the memory of a target; what is carried from step to step has one memory for all times."""
        known = self.scope.memory.layout
        places = {(known.root(target.name), _moment(known, target)) for target in targets}
        symbols = [node for value in values for node in walk(value) if isinstance(node, Timed)]
        return any((known.root(symbol.name), _moment(known, symbol)) in places for symbol in symbols)

    def _fits(self, targets: Sequence[Timed], values: Values) -> bool:
        """Whether targets, and each quantity at the same place of all values, lie one after another."""
        if not self.scope.fits(targets):
            return False
        rows = zip(*[[node for node in walk(value) if isinstance(node, Timed)] for value in values], strict=True)
        return all(len(set(symbols)) == 1 or self.scope.fits(symbols) for symbols in rows)

    def call(self, function: str, *arguments: str, out: str) -> None:
        self.scope.lines.append(f"np.{function}({', '.join(arguments)}, out={out})")

    def into(self, target: Target, values: Values) -> None:
        """Computes the values into the target."""
        node, code = values[0], target.code
        if _is_leaf(node):
            self.scope.lines.append(f"np.copyto({code}, {self.operand(values)})")
        elif isinstance(node, Sum):
            self._sum(target, values)
        elif isinstance(node, Product):
            self._product_into(target, values)
        elif isinstance(node, Hadamard):
            self._chain("multiply", target, [_parts(values, place) for place in range(len(node.args))], len(values))
        elif isinstance(node, Scaled):
            self._scaled(target, values, node.coefficient)
        elif isinstance(node, Power):
            self._chain("multiply", target, [_parts(values, 0)] * node.exponent, len(values))
        elif isinstance(node, Apply) and node.function in FUNCTIONS:
            self._activation(target, node.function, _parts(values, -1))
        elif isinstance(node, Ones):
            self.scope.lines.append(f"{code}[...] = {_constant(node)}")
        else:
            raise _unsupported(node)

    def operand(self, values: Values) -> str:
        """The code of a value: a quantity, a number, or a scratch array into which it is computed first."""
        node = values[0]
        number = _constant(node)
        if number is not None:
            return number
        if len(set(values)) == 1:
            values = values[:1]
        parameters = _parameters(values)
        if parameters is not None:
            return self.scope.entries(parameters)
        if isinstance(node, Timed):
            return self.scope.quantity([v for v in values if isinstance(v, Timed)])
        if isinstance(node, Product):
            return self._product(values)
        code = self.scope.borrow(len(values), node.shape[0])
        self.into(Target(code), values)
        return code

    def _activation(self, target: Target, function: str, argument: Values) -> None:
        calls = FUNCTIONS[function]
        if function in OF_NEGATIVE and _is_negative(argument):
            calls, argument = OF_NEGATIVE[function], _parts(argument, -1)
        source = self.operand(argument)
        self.scope.lines += [call.format(argument=source, out=target.code) for call in calls]
        self.scope.give_back(source)

    # sums and Hadamard products

    def _sum(self, target: Target, values: Values) -> None:
        terms = [_parts(values, place) for place in range(len(values[0].args))]
        gathered, terms = self._gathered(target, terms)
        self._chain("add", target, sorted(terms, key=_is_negative), len(values), gathered)

    def _chain(self, function: str, target: Target, parts: list[Values], blocks: int, first: str | None = None) -> None:
        """The sum or product of the parts from left to right, the last call into the target; equal parts are computed once."""
        known: dict[Values, str] = {}
        if first is None:
            first = self._first(target, parts, blocks, known)
        if not parts and first != target.code:
            self.scope.lines.append(f"np.copyto({target.code}, {first})")
        for place, part in enumerate(parts):
            second = known.setdefault(part, known.get(part) or self._spread(self._term(function, part), part, blocks))
            is_last = place == len(parts) - 1
            out = target.code if is_last or not target.is_read else self._between(first, blocks, part[0].shape[0], known)
            self.call("subtract" if function == "add" and _is_negative(part) else function, first, second, out=out)
            if first != out and first not in known.values():
                self.scope.give_back(first)
            first = out
        for code in known.values():
            self.scope.give_back(code)

    def _first(self, target: Target, parts: list[Values], blocks: int, known: dict[Values, str]) -> str:
        """Where the chain starts: a part that is computed into the target at once, or the first one."""
        inner = next((part for part in parts if parts.count(part) == 1 and self._starts(target, part, blocks)), None)
        if inner is not None and not target.is_read:
            parts.remove(inner)
            self.into(target, inner)
            return target.code
        part = parts.pop(0)
        known[part] = self._spread(self.operand(part), part, blocks)
        return known[part]

    def _spread(self, code: str, part: Values, blocks: int) -> str:
        """With an axis for the blocks, where one quantity over several steps meets several blocks."""
        is_shared = blocks > 1 and len(set(part)) == 1 and not free_of_time(part[0])
        return f"{code}[:, None]" if is_shared and self.scope.mode != STEP else code

    def _starts(self, target: Target, part: Values, blocks: int) -> bool:
        """Whether a part can be computed into the target first: no leaf, and as different between the blocks as the target is."""
        node = part[0]
        if _is_leaf(node) or _constant(node) is not None or _is_negative(part):
            return False
        if isinstance(node, Product) and (blocks > 1 or not target.is_flat):
            return False
        return len(set(part)) == blocks

    def _between(self, first: str, blocks: int, rows: Expr, known: dict[Values, str]) -> str:
        """A scratch array for a value between the first call of a chain and the last."""
        borrowed = self.scope.borrowed.get(first)
        if borrowed is not None and borrowed.blocks == blocks and first not in known.values():
            return first
        return self.scope.borrow(blocks, rows)

    def _term(self, function: str, part: Values) -> str:
        return self.operand(_parts(part, -1) if function == "add" and _is_negative(part) else part)

    def _scaled(self, target: Target, values: Values, coefficient: Expr) -> None:
        code = self.operand(_parts(values, -1))
        if coefficient == -1:
            self.call("negative", code, out=target.code)
        else:
            self.call("multiply", code, _number(coefficient), out=target.code)
        self.scope.give_back(code)

    # matrix products

    def _gathered(self, target: Target, terms: list[Values]) -> tuple[str | None, list[Values]]:
        """Terms A^T u + B^T v over blocks u, v of one array as one product [u v] @ [A; B]; and the other terms."""
        found = {term[0].args[1].name: term for term in terms if _is_pullback(term)}
        for buffer in self.scope.memory.layout.buffers:
            names = [name for name in buffer.members if name in found]
            if buffer.side_by_side and len(names) > 1 and self.scope.memory.layout.run(names):
                chosen = [found[name][0] for name in names]
                matrices = [(1, node.args[0].body) for node in chosen]
                code = self.scope.borrow(1, chosen[0].shape[0]) if target.is_read or not target.is_flat else target.code
                together = self.scope.quantity([node.args[1] for node in chosen], side_by_side=True)
                self._matmul(together, self.scope.parameter(matrices, DOWN), code)
                return code, [term for term in terms if term[0] not in chosen]
        return None, terms

    def _product_into(self, target: Target, values: Values) -> None:
        if target.is_read or len(values) > 1 or not target.is_flat:
            code = self._product(values)
            self.scope.lines.append(f"np.copyto({target.code}, {code})")
            self.scope.give_back(code)
            return
        left, right = self._factors(values)
        self._matmul(right, left, target.code)
        self.scope.give_back(right)

    def _product(self, values: Values) -> str:
        """A product in a scratch array."""
        left, right = self._factors(values)
        blocks = len(values)
        code = self.scope.borrow(blocks, values[0].shape[0], is_product=blocks > 1)
        self._matmul(right, left, self.scope.as_written(code) if blocks > 1 else code)
        self.scope.give_back(right)
        return code

    def _factors(self, values: Values) -> tuple[str, str]:
        """The matrices and the columns of a product, in that order."""
        rights = {product(*value.args[1:]) for value in values}
        lefts = [value.args[0] for value in values]
        matrices = _parameters([left.body if isinstance(left, Transposed) else left for left in lefts])
        transposed = {isinstance(left, Transposed) for left in lefts}
        if len(rights) > 1 or len(transposed) > 1 or matrices is None:
            raise _unsupported(values[0])
        right = rights.pop()
        if free_of_time(right) or right.shape[1] != 1 or (True in transposed and len(values) > 1):
            raise _unsupported(values[0])
        return self.scope.parameter(matrices, DOWN if True in transposed else ACROSS), self.operand((right,))

    def _matmul(self, left: str, panels: str, out: str) -> None:
        if self.scope.mode == STEP:
            left, out = self.scope.seen_by(panels, left, "_in_rows"), self.scope.seen_by(panels, out, "_in_pieces")
            self.call("matmul", left, panels, out=out)
        else:
            self.scope.lines.append(f"_multiply({left}, {panels}, {out})")


def _moment(known: Layout, symbol: Timed) -> Expr | None:
    return None if known.buffer(symbol.name).kind == "carry" else symbol.time


def _parts(values: Values, place: int) -> Values:
    return tuple(value.args[place] for value in values)


def _parameters(values: Sequence[Expression]) -> list[Signed] | None:
    """The values as parameters with signs, if all of them are that."""
    found = [sign_and_parameter(value) for value in values]
    return [each for each in found if each is not None] if None not in found else None


def _is_leaf(node: Expression) -> bool:
    return isinstance(node, Timed) or sign_and_parameter(node) is not None


def _is_spread(values: Values) -> bool:
    """Whether each value is one quantity times another: NumPy is faster at that block by block than at spreading the first."""
    if not isinstance(values[0], Hadamard) or not all(map(_is_leaf, values[0].args)):
        return False
    alike = {len({value.args[place] for value in values}) == 1 for place in range(len(values[0].args))}
    return len(alike) == 2


def _is_negative(term: Values) -> bool:
    node = term[0]
    return isinstance(node, Scaled) and node.coefficient == -1 and _constant(node) is None and not _is_leaf(node)


def _is_pullback(term: Values) -> bool:
    """Whether the term is A^T u for a parameter A and a quantity u."""
    node = term[0]
    if len(term) > 1 or not isinstance(node, Product) or len(node.args) != 2:
        return False
    left, right = node.args
    return isinstance(left, Transposed) and isinstance(left.body, Parameter) and isinstance(right, Timed)


def _constant(node: Expression) -> str | None:
    """The number that fills a matrix of equal entries."""
    if isinstance(node, Ones):
        return "0" if isinstance(node, Zeros) else "1"
    return _number(node.coefficient) if isinstance(node, Scaled) and type(node.body) is Ones else None


def _number(coefficient: Expr) -> str:
    if coefficient.is_Integer:
        return str(int(coefficient))
    if coefficient.is_Rational:
        return f"{int(coefficient.p)} / {int(coefficient.q)}"
    raise UnsupportedError(f"coefficient {coefficient}", got="a symbol", expected="a rational number")


def _unsupported(node: Expression) -> UnsupportedError:
    return UnsupportedError(
        f"code for {type(node).__name__}",
        got=str(node)[:80],
        expected="sums, Hadamard products, powers, activations, products of a parameter and a column that depends on time",
        advice="give inner parts equations of their own, or add a form to lstm_sym/codegen/numpy/writer.py",
    )
