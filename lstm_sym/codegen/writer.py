"""Writes a line as NumPy calls: one expression, or calls with `out=` into the workspace.

Law: a target is written only when all that it is computed from was read, or in place from itself; a node that has no form here
raises UnsupportedError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr

from lstm_sym.codegen.access import ALL, BLOCK, STEP, Scope, size
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, Transposed, Zeros, product
from lstm_sym.symbols.traversal import symbols_in

Values = tuple[Expression, ...]
FUNCTIONS = {"tanh": "np.tanh({argument}, out={out})", "sigma": "_sigma({argument}, {out})"}


@dataclass(frozen=True)
class Target:
    """Where a line writes: the code of its blocks, and of the same memory with all rows on one axis."""

    code: str
    rows: str


@dataclass
class Writer:
    """Writes lines into a scope."""

    scope: Scope
    in_place: bool

    def line(self, targets: Sequence[Timed], values: Values) -> None:
        target = Target(self.scope.leaf(targets), self.scope.leaf(targets, flat=True))
        if self.in_place:
            self.into(target, values)
        else:
            self.scope.lines.append(f"{target.code}[...] = {self.infix(values)}")

    def call(self, function: str, *arguments: str, out: str) -> None:
        self.scope.lines.append(f"np.{function}({', '.join(arguments)}, out={out})")

    # in place

    def into(self, target: Target, values: Values) -> None:
        node = values[0]
        if isinstance(node, Timed | Parameter):
            self.scope.lines.append(f"np.copyto({target.code}, {self.operand(values)})")
        elif isinstance(node, Sum):
            self._sum(target, values)
        elif isinstance(node, Product):
            self._product(target, values)
        elif isinstance(node, Hadamard):
            self._hadamard(target, values)
        elif isinstance(node, Scaled):
            self.into(target, _parts(values, -1))
            self.call("multiply", target.code, _number(node.coefficient), out=target.code)
        elif isinstance(node, Power):
            base = self.operand(_parts(values, 0))
            self.call("multiply", base, base, out=target.code)
            for _ in range(node.exponent - 2):
                self.call("multiply", target.code, base, out=target.code)
            self.scope.release(base)
        elif isinstance(node, Apply) and node.function in FUNCTIONS:
            argument = _parts(values, -1)
            if not _is_leaf(argument[0]):
                self.into(target, argument)
            code = self.operand(argument) if _is_leaf(argument[0]) else target.code
            self.scope.lines.append(FUNCTIONS[node.function].format(argument=code, out=target.code))
        elif isinstance(node, Ones):
            self.scope.lines.append(f"{target.code}[...] = {0 if isinstance(node, Zeros) else 1}")
        else:
            raise _unsupported(node)

    def operand(self, values: Values) -> str:
        """The code of a value: a quantity, a number, or a temporary into which it is computed first."""
        node = values[0]
        number = _constant(node)
        if number is not None:
            return number
        if all(isinstance(value, Parameter) for value in values):
            return self.scope.parameter([v for v in values if isinstance(v, Parameter)], is_matrix=False)
        shared = len(set(values)) == 1
        if shared:
            values = values[:1]
        if isinstance(node, Timed):
            code = self.scope.leaf([v for v in values if isinstance(v, Timed)])
        else:
            code = self.scope.temporary(len(values), node.shape[0])
            rows = code if len(values) == 1 else f"{code}.reshape({code}.shape[:-3] + (-1, w.batch))"
            self.into(Target(code, rows), values)
        return code

    def _broadcast(self, code: str, values: Values) -> str:
        """With an axis for the blocks, where one quantity meets several blocks over all steps."""
        shared = len(values) > 1 and len(set(values)) == 1 and isinstance(values[0], Expression)
        timed = any(isinstance(symbol, Timed) for symbol in symbols_in(values[0]))
        return f"{code}[:, None]" if shared and timed and self.scope.mode != STEP else code

    def _sum(self, target: Target, values: Values) -> None:
        terms = [_parts(values, place) for place in range(len(values[0].args))]
        gathered, terms = self._gathered(terms)
        products = [term for term in terms if isinstance(term[0], Product)]
        others = [term for term in terms if term not in products]
        if gathered is not None:
            left, right = gathered
            self._matmul(left, right, target.rows)
        elif products:
            self._product(target, products.pop(0))
        else:
            self._first_two(target, others)
        for term in (*products, *others):
            self._accumulate(target, term)

    def _first_two(self, target: Target, terms: list[Values]) -> None:
        """The first two terms of a sum; a negative one is subtracted."""
        first = next((term for term in terms if not _is_negative(term)), terms[0])
        terms.remove(first)
        second = terms.pop(0)
        sign = _is_negative(second)
        left, right = self.operand(first), self.operand(_parts(second, -1) if sign else second)
        self.call("subtract" if sign else "add", self._broadcast(left, first), self._broadcast(right, second), out=target.code)
        self.scope.release(left)
        self.scope.release(right)

    def _accumulate(self, target: Target, term: Values) -> None:
        sign = _is_negative(term)
        code = self.operand(_parts(term, -1) if sign else term)
        self.call("subtract" if sign else "add", target.code, self._broadcast(code, term), out=target.code)
        self.scope.release(code)

    def _gathered(self, terms: list[Values]) -> tuple[tuple[str, str] | None, list[Values]]:
        """Terms A^T u + B^T v over blocks u, v of one array as one product [A; B]^T [u; v]; and the other terms."""
        found: dict[str, Values] = {}
        for term in terms:
            node = term[0]
            if len(term) == 1 and isinstance(node, Product) and len(node.args) == 2:
                left, right = node.args
                if isinstance(left, Transposed) and isinstance(left.body, Parameter) and isinstance(right, Timed):
                    found[right.name] = term
        for buffer in self.scope.layout.buffers:
            names = [name for name in buffer.members if name in found]
            if len(names) > 1 and self.scope.layout.run(names):
                chosen = [found[name] for name in names]
                matrices = [term[0].args[0].body for term in chosen]
                left = f"{self.scope.parameter(matrices, is_matrix=True)}.T"
                right = self.scope.leaf([term[0].args[1] for term in chosen], flat=True)
                return (self._bound_transpose(left), right), [term for term in terms if term not in chosen]
        return None, terms

    def _bound_transpose(self, code: str) -> str:
        return code

    def _product(self, target: Target, values: Values) -> None:
        left, right = self._factors(values)
        self._matmul(left, right, target.rows)
        self.scope.release(right)

    def _factors(self, values: Values) -> tuple[str, str]:
        rights = {product(*value.args[1:]) for value in values}
        lefts = [value.args[0] for value in values]
        matrices = [left.body if isinstance(left, Transposed) else left for left in lefts]
        if len(rights) > 1 or not all(isinstance(matrix, Parameter) for matrix in matrices):
            raise _unsupported(values[0])
        transposed = {isinstance(left, Transposed) for left in lefts}
        if len(transposed) > 1 or (True in transposed and len(values) > 1):
            raise _unsupported(values[0])
        left = self.scope.parameter([m for m in matrices if isinstance(m, Parameter)], is_matrix=True)
        right = rights.pop()
        if not any(isinstance(symbol, Timed) for symbol in symbols_in(right)):
            raise _unsupported(values[0])
        return left + (".T" if True in transposed else ""), self.operand((right,)) if self.in_place else self.infix((right,))

    def _matmul(self, left: str, right: str, out: str) -> None:
        if self.scope.mode == STEP:
            self.call("matmul", left, right, out=out)
        else:
            self.scope.lines.append(f"_product_of_all({left}, {right}, {out})")

    def _hadamard(self, target: Target, values: Values) -> None:
        factors = [_parts(values, place) for place in range(len(values[0].args))]
        inner = next((factor for factor in factors if not _is_leaf(factor[0]) and len(set(factor)) == len(values)), None)
        if inner is not None:
            factors.remove(inner)
            self.into(target, inner)
            code = target.code
        else:
            first = factors.pop(0)
            code = self.operand(first)
            code = self._broadcast(code, first)
        for factor in factors:
            other = self.operand(factor)
            self.call("multiply", code, self._broadcast(other, factor), out=target.code)
            self.scope.release(other)
            self.scope.release(code)
            code = target.code

    # as one expression

    def infix(self, values: Values) -> str:
        node = values[0]
        number = _constant(node)
        if number is not None:
            return number
        if _is_leaf(node):
            return self._broadcast(self.operand(values), values)
        if isinstance(node, Sum | Hadamard):
            sign = " + " if isinstance(node, Sum) else " * "
            return "(" + sign.join(self.infix(_parts(values, place)) for place in range(len(node.args))) + ")"
        if isinstance(node, Product):
            left, right = self._factors(values)
            blocks = "" if len(values) == 1 else f".reshape({self._leading()}{len(values)}, {size(node.shape[0])}, w.batch)"
            return f"({left} @ {right}){blocks}"
        if isinstance(node, Scaled):
            return f"({_number(node.coefficient)} * {self.infix(_parts(values, -1))})"
        if isinstance(node, Power):
            return f"{self.infix(_parts(values, 0))} ** {node.exponent}"
        if isinstance(node, Apply) and node.function in FUNCTIONS:
            name = {"tanh": "np.tanh", "sigma": "_sigma"}[node.function]
            return f"{name}({self.infix(_parts(values, -1))})"
        raise _unsupported(node)

    def _leading(self) -> str:
        return {STEP: "", BLOCK: "hi - lo, ", ALL: "w.steps, "}[self.scope.mode]


def _parts(values: Values, place: int) -> Values:
    return tuple(value.args[place] for value in values)


def _is_leaf(node: Expression) -> bool:
    return isinstance(node, Timed | Parameter)


def _is_negative(term: Values) -> bool:
    node = term[0]
    return isinstance(node, Scaled) and node.coefficient == -1 and _constant(node) is None


def _constant(node: Expression) -> str | None:
    """The number that fills a matrix of equal entries."""
    if isinstance(node, Zeros):
        return "0"
    if isinstance(node, Ones):
        return "1"
    return _number(node.coefficient) if isinstance(node, Scaled) and type(node.body) is Ones else None


def _number(coefficient: Expr) -> str:
    if coefficient.is_Integer:
        return str(int(coefficient))
    if coefficient.is_Rational:
        return f"({int(coefficient.p)} / {int(coefficient.q)})"
    raise UnsupportedError(f"coefficient {coefficient}", got="a symbol", expected="a rational number")


def _unsupported(node: Expression) -> UnsupportedError:
    return UnsupportedError(
        f"code for {type(node).__name__}",
        got=str(node)[:80],
        expected="sums, Hadamard products, powers, activations, products of a parameter and a column that depends on time",
        advice="give inner parts equations of their own, or add a form to lstm_sym/codegen/writer.py",
    )
