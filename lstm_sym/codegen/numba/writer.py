"""Writes the lines of a loop: entrywise parts as kernels, matrix products as BLAS calls that add to what the kernel left.

    net_a_t = before_a_t + U_a h_{t-1}          in the memory of before_a_t: one product, added

Law: a target is written only when what is computed from its memory was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sympy import Expr

from lstm_sym.codegen.equation import equation
from lstm_sym.codegen.mirror import sign_and_parameter
from lstm_sym.codegen.numba.formula import Formula
from lstm_sym.codegen.numba.kernels import Kernels
from lstm_sym.codegen.numba.places import Place, Places
from lstm_sym.codegen.numpy.parameters import ACROSS, DOWN, Signed
from lstm_sym.codegen.numpy.scope import size, times_size
from lstm_sym.codegen.plan import Line
from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, Product, Sum, Transposed, add, product


@dataclass(frozen=True)
class Call:
    """left @ matrix, where `left` is a column for each row of the batch."""

    left: Place
    matrix: str
    inner: Expr
    columns: Expr
    blocks: int = 1


@dataclass
class LoopWriter:
    """Writes lines of one loop."""

    places: Places
    kernels: Kernels
    lines: list[str] = field(default_factory=list)

    def line(self, each: Line) -> None:
        for target, value in zip(each.targets, each.values, strict=True):
            self.lines.append(f"# {equation(target, value)}")
        for target, value in zip(each.targets, each.values, strict=True):
            assert isinstance(target, Timed)
            self.into(self.places.quantity(target), value)
            self.places.give_back()

    def into(self, out: Place, value: Expression) -> None:
        """Computes the value into its place."""
        terms = list(value.args) if isinstance(value, Sum) else [value]
        products = [term for term in terms if isinstance(term, Product)]
        others = [term for term in terms if term not in products]
        calls = [self._apart(call, out) for call in self._calls(products)]
        if others:
            self._entrywise(out, add(*others))
        for place, call in enumerate(calls):
            self._call(call, out, "F(1)" if others or place else "F(0)")

    def _entrywise(self, out: Place, value: Expression) -> None:
        formula = Formula(out, self._find)
        text = formula.text(value)
        if text == "out[k]":
            return
        operands = [out, *formula.operands]
        if all(place.is_dense for place in operands):
            codes = [place.code for place in operands]
            name = self.kernels.name(len(formula.operands), text)
        else:
            rows = [self.places.in_rows(place) for place in operands]
            codes = [code for code, _ in rows]
            name = self.kernels.name_by_row([indices for _, indices in rows], text)
        self.lines.append(f"{name}({', '.join(codes)})")

    def _find(self, node: Expression) -> Place:
        """The place of a quantity or a vector; a product is computed into one that is borrowed."""
        parameter = sign_and_parameter(node)
        if parameter is not None:
            return self.places.entries(parameter)
        if isinstance(node, Timed):
            return self.places.quantity(node)
        if not isinstance(node, Product):
            raise UnsupportedError(f"code for {type(node).__name__}", got=str(node)[:80], expected="an operation on entries")
        return self._computed(node)

    def _computed(self, node: Expression) -> Place:
        place = self.places.borrow(node.shape[0])
        self.into(place, node)
        return place

    def _apart(self, call: Call, out: Place) -> Call:
        """The call with a copy of what it reads, where that is about to be written."""
        if call.left != out:
            return call
        copy = self.places.borrow(call.inner)
        self.lines.append(f"{self.kernels.name(1, 'p1[k]')}({copy.code}, {call.left.code})")
        return replace(call, left=copy)

    # matrix products

    def _calls(self, terms: list[Expression]) -> Iterator[Call]:
        """The calls for A u + B v + ...; where matrices are transposed and u, v lie side by side, one call for these."""
        for group in self._gathered(terms):
            lefts = [term.args[0] for term in group]
            form = DOWN if isinstance(lefts[0], Transposed) else ACROSS
            matrices = [_parameter(left.body if isinstance(left, Transposed) else left, group[0]) for left in lefts]
            yield Call(
                self._right(group[0]), self.places.matrix(matrices, form), lefts[0].shape[1], group[0].shape[0], len(group)
            )

    def _right(self, term: Expression) -> Place:
        right = product(*term.args[1:])
        if right.shape[1] != 1:
            raise UnsupportedError(f"code for {term}", got="a product of matrices", expected="a parameter times a column")
        return self._find(right) if isinstance(right, Timed | Product) else self._computed(right)

    def _gathered(self, terms: list[Expression]) -> list[list[Expression]]:
        known = self.places.memory.layout
        groups: list[list[Expression]] = []
        for term in sorted(terms, key=self._member):
            names = [each.args[1].name for each in groups[-1]] if groups and self._member(groups[-1][0]) >= 0 else []
            if names and self._member(term) >= 0:
                run = known.run([*names, term.args[1].name])
                if run is not None and run.buffer.side_by_side:
                    groups[-1].append(term)
                    continue
            groups.append([term])
        return groups

    def _member(self, term: Expression) -> int:
        """The place of u among the blocks of its array in a term A^T u, -1 for others."""
        left, right = term.args[0], term.args[-1]
        if len(term.args) != 2 or not isinstance(left, Transposed) or not isinstance(right, Timed):
            return -1
        run = self.places.memory.layout.run([right.name])
        return -1 if run is None or not isinstance(left.body, Parameter) else run.first

    def _call(self, call: Call, out: Place, kept: str) -> None:
        self.lines.append(
            f"_product(numbers, {kept}, batch, {times_size(call.blocks, call.inner, '')}, {size(call.columns, '')}, "
            f"{call.left.start}, {call.left.stride}, {call.matrix}, {out.start}, {out.stride})"
        )


def _parameter(node: Expression, term: Expression) -> Signed:
    found = sign_and_parameter(node)
    if found is None:
        raise UnsupportedError(f"code for {term}", got="a product of matrices", expected="a parameter times a column")
    return found
