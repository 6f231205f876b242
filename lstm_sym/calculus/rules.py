"""The named rules of the backward pass, one record for each node type: how a vector-Jacobian product moves through a node.

    VJP(node, v, c)  ->  an expression in which v is one level closer

Laws: a rule is a record with its statement and its reason; a node type without a rule raises. Each rule is proved in general form
by the proof package, and the end of every chain of rules is proved equal to what the entrywise derivative gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Integer

from lstm_sym.errors import UnsupportedError
from lstm_sym.symbols.activations import activation
from lstm_sym.symbols.applied import Apply
from lstm_sym.symbols.compound import VJP, Outer, outer
from lstm_sym.symbols.nodes import Expression, Hadamard, Ones, Power, Product, Scaled, Sum, add, odot, product, scale, transpose
from lstm_sym.symbols.traversal import replace, symbols_in, walk

Move = Callable[[Expression, Expression, Expression], Expression]


@dataclass(frozen=True)
class Rule:
    """What a rule is called, the node type that it treats (None: not tied to a node), why it holds, and how it is applied."""

    name: str
    node: type[Expression] | None
    reason: str
    move: Move | None = None


def pull(body: Expression, symbol: Expression, cotangent: Expression) -> Expression:
    """VJP(body, symbol, cotangent), which is the cotangent itself where the body is the symbol."""
    return cotangent if body == symbol else VJP(body, symbol, cotangent)


def _through_sum(node: Expression, symbol: Expression, cotangent: Expression) -> Expression:
    return add(*[pull(term, symbol, cotangent) for term in node.args if symbol in symbols_in(term)])


def _through_scaled(node: Expression, symbol: Expression, cotangent: Expression) -> Expression:
    assert isinstance(node, Scaled)
    return scale(node.coefficient, pull(node.body, symbol, cotangent))


def _through_hadamard(node: Expression, symbol: Expression, cotangent: Expression) -> Expression:
    terms = []
    for position, factor in enumerate(node.args):
        if symbol in symbols_in(factor):
            others = node.args[:position] + node.args[position + 1 :]
            terms.append(pull(factor, symbol, odot(cotangent, *others)))
    return add(*terms)


def _through_product(node: Expression, symbol: Expression, cotangent: Expression) -> Expression:
    left, right = node.args[0], product(*node.args[1:])
    terms = []
    if symbol == left:
        terms.append(outer(cotangent, right))
    elif symbol == transpose(left):
        terms.append(outer(right, cotangent))
    elif symbol in symbols_in(left):
        raise UnsupportedError(
            f"derivative of {node} by {symbol}",
            got="the symbol inside the left factor",
            expected="a parameter W in W v, or its transpose",
        )
    if symbol in symbols_in(right):
        terms.append(pull(right, symbol, product(transpose(left), cotangent)))
    return add(*terms)


def _through_activation(node: Expression, symbol: Expression, cotangent: Expression) -> Expression:
    assert isinstance(node, Apply)
    return pull(node.body, symbol, odot(cotangent, Apply(node.function + "'", node.body)))


def _through_power(node: Expression, symbol: Expression, cotangent: Expression) -> Expression:
    assert isinstance(node, Power)
    below = node.base if node.exponent == 2 else Power(node.base, node.exponent - 1)
    return scale(Integer(node.exponent), pull(node.base, symbol, odot(cotangent, below)))


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("definition", None, "an equation of the cell, put in for the symbol that it defines"),
        Rule("boundary", None, "the loss does not depend on anything after the last step"),
        Rule(
            "chain rule over time",
            None,
            "a symbol acts on the loss through every equation that uses it, in this step and in the next",
        ),
        Rule("sum rule", Sum, "the derivative is linear: each term is treated alone", _through_sum),
        Rule("constant factor", Scaled, "a constant factor stays in front", _through_scaled),
        Rule("product rule", Hadamard, "entry by entry, the other factors stay", _through_hadamard),
        Rule("transposition", Product, "a weight that leads from l to k forward leads from k to l backward", _through_product),
        Rule("outer product", None, "the weight at row k, column l meets entry k of the adjoint and entry l of the input"),
        Rule("chain rule", Apply, "an activation acts entry by entry, so its Jacobian is diagonal", _through_activation),
        Rule("power rule", Power, "the exponent comes down and is lowered by one, entry by entry", _through_power),
        Rule("tanh' = 1 - tanh²", None, "the slope of tanh in terms of its own value"),
        Rule("σ' = σ(1 - σ)", None, "the slope of the sigmoid in terms of its own value"),
        Rule("entrywise derivative", None, "the same by differentiating entry by entry, terms collected"),
        Rule("substitution", None, "the lines above, put in"),
        Rule("sum over time", None, "a parameter is the same at every step, so its gradients add up"),
        Rule("stacking", None, "blocks above one another, so that one matrix product serves all gates"),
        Rule("index shift", None, "t is renamed; the first term vanishes with the initial value"),
        Rule("gradient descent", None, "a step of length λ against the gradient"),
    )
}
"""The rules by name. Those with a node type move a vector-Jacobian product one level; the rest are named reasons."""

SLOPE_RULES = {"tanh": "tanh' = 1 - tanh²", "sigma": "σ' = σ(1 - σ)"}


def rule_for(node: Expression) -> Rule:
    """The rule that moves a derivative through this node; raises UnsupportedError that says where to add one."""
    for rule in RULES.values():
        if rule.node is type(node):
            return rule
    raise UnsupportedError(
        f"derivative through {type(node).__name__}",
        got=str(node)[:80],
        expected="one of " + ", ".join(rule.node.__name__ for rule in RULES.values() if rule.node),
        advice="add a Rule for this node type to RULES in lstm_sym/calculus/rules.py",
    )


def move_once(expression: Expression) -> tuple[Expression, str]:
    """The expression after its first vector-Jacobian product was moved by one rule, and the rule's name."""
    first = next(node for node in walk(expression) if isinstance(node, VJP))
    rule = rule_for(first.expression)
    assert rule.move is not None
    moved = rule.move(first.expression, first.symbol, first.cotangent)
    name = "outer product" if isinstance(moved, Outer) else rule.name
    return replace(expression, lambda node: moved if node == first else None), name


def has_derivative(expression: Expression) -> bool:
    return any(isinstance(node, VJP) for node in walk(expression))


def slope_in_output(function: str, output: Expression) -> Expression:
    """The slope of an activation as a polynomial in its output: 1 - y^2 for tanh, y odot (1 - y) for sigma."""
    slope = activation(function).slope
    lowest = next(power for power, coefficient in enumerate(slope) if coefficient)
    terms = []
    for power, coefficient in enumerate(slope[lowest:]):
        if coefficient:
            body = Ones(*output.shape) if power == 0 else output if power == 1 else Power(output, power)
            terms.append(scale(Integer(int(coefficient)), body))
    rest = add(*terms)
    return odot(output if lowest == 1 else Power(output, lowest), rest) if lowest else rest


def replace_slopes(expression: Expression) -> tuple[Expression, tuple[str, ...]]:
    """Every slope such as tanh'(z) written in terms of the output tanh(z), and the names of the rules that were used."""
    used: dict[str, None] = {}

    def rewrite(node: Expression) -> Expression | None:
        if not (isinstance(node, Apply) and node.is_slope):
            return None
        function = node.function[:-1]
        used[SLOPE_RULES[function]] = None
        return slope_in_output(function, Apply(function, node.body))

    return replace(expression, rewrite), tuple(used)


REASONS: dict[str, str] = {name: rule.reason for name, rule in RULES.items()}
"""Why each rule holds, by its name."""
