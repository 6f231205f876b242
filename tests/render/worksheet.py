"""The worked example of the worksheet as literal data, some lines of each part, for the tests of the renderers."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Symbol

from lstm_sym.symbols.applied import sigma, tanh
from lstm_sym.symbols.compound import Stack, outer
from lstm_sym.symbols.leaves import Parameter, Timed
from lstm_sym.symbols.nodes import Expression, odot
from lstm_sym.symbols.scalars import m, n
from lstm_sym.worked import Entries, Line, Part, Solution, Value


def column(*entries: str) -> Entries:
    return tuple((entry,) for entry in entries)


def at(name: str, time: object, rows: object = n) -> Timed:
    return Timed(name, rows, 1, time)


def one(text: str) -> Entries:
    return ((text,),)


W = {g: Parameter(f"W_{g}", n, m) for g in "aifo"}
U = {g: Parameter(f"U_{g}", n, n) for g in "aifo"}
B = {g: Parameter(f"b_{g}", n, 1) for g in "aifo"}
GIVEN_W = {"a": (("0.45", "0.25"),), "i": (("0.95", "0.8"),), "f": (("0.7", "0.45"),), "o": (("0.6", "0.4"),)}
GIVEN_U = {"a": "0.15", "i": "0.8", "f": "0.1", "o": "0.25"}
GIVEN_B = {"a": "0.2", "i": "0.65", "f": "0.15", "o": "0.1"}
X = {0: column("1", "2"), 1: column("0.5", "3")}
GATES = {
    0: {"a": "0.81775", "i": "0.96083", "f": "0.85195", "o": "0.81757", "state": "0.78573", "out": "0.53631"},
    1: {"a": "0.84980", "i": "0.98118", "f": "0.87030", "o": "0.84993", "state": "1.51763", "out": "0.77198"},
}
DELTAS = {0: ("-0.01702", "-0.00165", "0", "0.00176"), 1: ("-0.01938", "-0.00112", "-0.00631", "-0.05538")}
W_STACK, U_STACK = Stack("W", *W.values()), Stack("U", *U.values())


def d_gates(time: int) -> Stack:
    return Stack("delta_gates", *(at(f"delta_{g}", time) for g in "aifo"))


NUMBERS: Mapping[Expression, Entries] = {
    **{W[g]: GIVEN_W[g] for g in "aifo"},
    **{U[g]: one(GIVEN_U[g]) for g in "aifo"},
    **{B[g]: one(GIVEN_B[g]) for g in "aifo"},
    **{at("x", k, m): X[k] for k in (0, 1)},
    **{at(name, k): one(value) for k in (0, 1) for name, value in GATES[k].items()},
    **{at(f"delta_{g}", k): one(DELTAS[k][place]) for k in (0, 1) for place, g in enumerate("aifo")},
    at("out", -1): one("0"),
    at("state", -1): one("0"),
    at("Delta", 0): one("0.03631"),
    at("Delta_out", 0): one("-0.01828"),
    at("delta_out", 0): one("0.01804"),
    at("delta_state", 0): one("-0.05348"),
    at("delta_state", 1): one("-0.07111"),
    Parameter("lambda", 1, 1): one("0.1"),
    Parameter("delta_W_a", n, m): (("-0.02672", "-0.09220"),),
}


def line(left: Expression, right: Expression, value: Entries, time: int | None) -> Line:
    return Line(str(left), time, left, right, NUMBERS, value)


def forward(k: int) -> Part:
    def gate(g: str) -> Expression:
        net = W[g] @ at("x", k, m) + U[g] @ at("out", k - 1) + B[g]
        return tanh(net) if g == "a" else sigma(net)

    gates = [line(at(g, k), gate(g), one(GATES[k][g]), k) for g in "aifo"]
    state = odot(at("a", k), at("i", k)) + odot(at("f", k), at("state", k - 1))
    out = odot(tanh(at("state", k)), at("o", k))
    return Part(
        "a",
        f"Forward @ t={k}",
        (*gates, line(at("state", k), state, one(GATES[k]["state"]), k), line(at("out", k), out, one(GATES[k]["out"]), k)),
    )


def backward() -> Part:
    d_out, d_state, state = at("delta_out", 0), at("delta_state", 0), at("state", 0)
    o, f, i, a = (at(name, 0) for name in "ofia")
    return Part(
        "b",
        "Backward @ t=0",
        (
            line(d_out, at("Delta", 0) + at("Delta_out", 0), one("0.01804"), 0),
            line(d_state, odot(d_out, o, 1 - tanh(state) ** 2) + odot(at("delta_state", 1), at("f", 1)), one("-0.05348"), 0),
            line(at("delta_a", 0), odot(d_state, i, 1 - a**2), one("-0.01702"), 0),
            line(at("delta_f", 0), odot(d_state, at("state", -1), f, 1 - f), one("0"), 0),
            line(at("delta_x", 0, m), W_STACK.T @ d_gates(0), column("-0.00817", "-0.00487"), 0),
            line(at("Delta_out", -1), U_STACK.T @ d_gates(0), one("-0.00343"), 0),
        ),
    )


def gradients() -> Part:
    body = outer(d_gates(0), at("x", 0, m)) + outer(d_gates(1), at("x", 1, m))
    value = (("-0.02672", "-0.09220"), ("-0.00220", "-0.00664"), ("-0.00315", "-0.01892"), ("-0.02592", "-0.16260"))
    return Part(
        "c",
        "Gradients",
        (
            line(Stack("delta_W", *(Parameter(f"delta_W_{g}", n, m) for g in "aifo")), body, value, None),
            line(
                Stack("delta_b", *(Parameter(f"delta_b_{g}", n, 1) for g in "aifo")),
                d_gates(0) + d_gates(1),
                column("-0.03641", "-0.00276", "-0.00631", "-0.05361"),
                None,
            ),
        ),
    )


def updates() -> Part:
    rate = Symbol("lambda", positive=True)
    right = W["a"] - rate * Parameter("delta_W_a", n, m)
    return Part("d", "Update", (line(Parameter("W_a_new", n, m), right, (("0.45267", "0.25922"),), None),))


def values() -> tuple[Value, ...]:
    timed = [Value(name, k, (1, 1), one(value)) for k in (0, 1) for name, value in GATES[k].items()]
    timed += [Value(f"delta_{g}", k, (1, 1), one(DELTAS[k][place])) for k in (0, 1) for place, g in enumerate("aifo")]
    return (*timed, Value("W_a_new", None, (1, 2), (("0.45267", "0.25922"),)))


def givens() -> tuple[Value, ...]:
    found = []
    for g in "aifo":
        found += [
            Value(f"W_{g}", None, (1, 2), GIVEN_W[g]),
            Value(f"U_{g}", None, (1, 1), one(GIVEN_U[g])),
            Value(f"b_{g}", None, (1, 1), one(GIVEN_B[g])),
        ]
    found += [Value("x", k, (2, 1), X[k]) for k in (0, 1)]
    found += [Value("label", 0, (1, 1), one("0.5")), Value("label", 1, (1, 1), one("1.25"))]
    found += [Value("lambda", None, (1, 1), one("0.1"))]
    return tuple(found)


SOLUTION = Solution(
    "worksheet",
    "lstm",
    givens(),
    (forward(0), forward(1), backward(), gradients(), updates()),
    values(),
    "5 decimals, half to even, every digit certified",
)
