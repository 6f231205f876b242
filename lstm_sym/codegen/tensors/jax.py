"""The backend `jax`: a module with scans over the steps and a custom vector-Jacobian product, the derived one.

Law: the text is made from the plan's lines alone; the self-test holds its gradients to those of jax's own differentiation.
"""

from __future__ import annotations

from lstm_sym.codegen.options import Options
from lstm_sym.codegen.plan import Plan
from lstm_sym.codegen.tensors.checks import DtypeWords, checks, in_double
from lstm_sym.codegen.tensors.expressions import Framework, slopes
from lstm_sym.codegen.tensors.reference import plain
from lstm_sym.codegen.tensors.text import Tensors, indented, opening, parameters, sample, tensors
from lstm_sym.symbols.leaves import Timed

SIGMOID = "jax.nn.sigmoid"
JAX = Framework(
    "jnp",
    {
        "sigma": f"{SIGMOID}({{z}})",
        "tanh": "jnp.tanh({z})",
        **slopes(SIGMOID),
    },
    "jnp.concatenate",
    "jnp.einsum",
    "jnp.zeros({shape}, {like}.dtype)",
)
IMPORTS = ("import jax", "import jax.numpy as jnp", "from jax import lax")
MORE = """`run(p, inputs..., initial values...)` gives the outputs of all steps and the final values; it can be compiled with
jax.jit, and differentiated in reverse mode. NaN, infinity and overflow pass through, as in jax itself: the option jax_debug_nans
finds them. Memory is O(steps x batch x units): the values that the backward pass reads. Run as a program it tests itself."""
WORDS = DtypeWords('jnp.dtype("{dtype}")', "jnp.issubdtype({array}.dtype, jnp.floating)")
FUNCTIONS = {"tanh": "jnp.tanh", "sigma": SIGMOID}


def jax_module(plan: Plan, options: Options) -> str:
    """The text of the module."""
    made = tensors(plan, JAX, options)
    forward, backward = _forward(made), _backward(made)
    parts = [
        [*opening(made, "JAX", MORE), "", "import sys", "from typing import NamedTuple", "", *IMPORTS],
        list(parameters(made, "jax.Array")),
        list(checks(made, WORDS)),
        [
            "def split(value, like, axis):",
            '    """The value cut into parts with as many rows as these parameters."""',
            "    ends, rows = [], 0",
            "    for each in like[:-1]:",
            "        rows += each.shape[0]",
            "        ends.append(rows)",
            "    return jnp.split(value, ends, axis)",
        ],
        forward,
        backward,
        _run(made),
        _self_test(made),
        ['if __name__ == "__main__":', "    sys.exit(self_test())"],
    ]
    return "\n\n\n".join("\n".join(part) for part in parts) + "\n"


def _tuple(names: list[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _length(made: Tensors, read: list[Timed]) -> str:
    """The number of steps, where no array tells it."""
    return "" if read else f", length={made.inputs[0]}.shape[0]"


def _fused(made: Tensors, function: str) -> list[str]:
    return [f"{name} = {code}" for name, code in made.steps.fused[function].items()]


def _forward(made: Tensors) -> list[str]:
    steps, output = made.steps, made.cell.output
    before, body = steps.before(), steps.forward()
    now = list(dict.fromkeys([output, *(symbol.at(output.time) for symbol in steps.kept())]))
    read = steps.read_in_forward()
    earlier = [symbol for symbol in steps.kept() if symbol.time != output.time]
    return [
        f"def forward({', '.join(['p', *made.inputs, *made.initial])}):",
        '    """Outputs of all steps, final values, and what the backward pass reads."""',
        *indented(_fused(made, "forward")),
        *indented(before),
        "",
        "    def step(carry, values):",
        f"        {_tuple(made.initial)} = carry",
        f"        {_tuple([steps.name(symbol) for symbol in read])} = values",
        *indented(body, 2),
        f"        return {_tuple(made.final)}, {_tuple([steps.name(symbol) for symbol in now])}",
        "",
        f"    final, {_tuple([steps.whole(symbol) for symbol in now])} = lax.scan(",
        f"        step, {_tuple(made.initial)}, {_tuple([steps.whole(symbol) for symbol in read])}{_length(made, read)}",
        "    )",
        *indented(
            f"{steps.whole(s)} = jnp.concatenate(({steps.name(s)}[None], {steps.whole(s.at(output.time))}[:-1]))" for s in earlier
        ),
        f"    return {steps.whole(output)}, final, {_tuple([steps.whole(symbol) for symbol in steps.kept()])}",
    ]


def _backward(made: Tensors) -> list[str]:
    steps = made.steps
    body, after, totals = steps.backward(), steps.after(), steps.totals()
    cotangent = steps.whole(steps.cotangent)
    read, collected = steps.read_in_backward(), steps.collected()
    length = _length(made, read)
    sent = [steps.name(made.arriving(symbol).prev) for symbol in made.cell.recurrent]
    inputs = [steps.whole(made.cell.adjoint(symbol)) for symbol in made.cell.inputs]
    return [
        f"def backward({', '.join(['p', *made.inputs, 'saved', cotangent, *made.cotangents])}):",
        '    """Gradients of parameters, inputs and initial values, from the cotangents of outputs and final values."""',
        f"    {_tuple([steps.whole(symbol) for symbol in steps.kept()])} = saved",
        *indented(_fused(made, "backward")),
        "",
        "    def step(carry, values):",
        f"        {_tuple(made.cotangents)} = carry",
        f"        {_tuple([steps.name(symbol) for symbol in read])} = values",
        *indented(body, 2),
        f"        return {_tuple(sent)}, {_tuple([steps.name(symbol) for symbol in collected])}",
        "",
        f"    {_tuple(made.cotangents)}, {_tuple([steps.whole(symbol) for symbol in collected])} = lax.scan(",
        f"        step, {_tuple(made.cotangents)}, {_tuple([steps.whole(symbol) for symbol in read])}, reverse=True{length}",
        "    )",
        *indented(after),
        *indented(totals),
        f"    return Parameters({', '.join(made.gradients)}), {_tuple(inputs)}, {_tuple(made.cotangents)}",
    ]


def _run(made: Tensors) -> list[str]:
    inner = ", ".join(["p", *made.inputs, *made.initial])
    return [
        "@jax.custom_vjp",
        f"def recurrence({inner}):",
        '    """The forward pass with the derived backward pass."""',
        f"    return forward({inner})[:2]",
        "",
        "",
        f"def _forward_and_saved({inner}):",
        f"    outputs, final, saved = forward({inner})",
        f"    return (outputs, final), (p, {_tuple(made.inputs)}, saved)",
        "",
        "",
        "def _pulled_back(kept, cotangents):",
        "    (p, inputs, saved), (cotangent, final) = kept, cotangents",
        "    of_parameters, of_inputs, of_initial = backward(p, *inputs, saved, cotangent, *final)",
        "    return of_parameters, *of_inputs, *of_initial",
        "",
        "",
        "recurrence.defvjp(_forward_and_saved, _pulled_back)",
        "",
        "",
        f"def run({made.arguments}):",
        f'    """Outputs of all steps ({made.axes}, units), and the final values."""',
        f"    check({made.arguments})",
        f"    outputs, final = recurrence({made.in_order()})",
        f"    return {made.swapped('outputs')}, final",
    ]


def _self_test(made: Tensors) -> list[str]:
    entries, draws = sample(made)
    count = 1 + len(draws)
    return [
        "def self_test():",
        '    """0 where values are those of the declared equations, and gradients those of jax for them, else 1."""',
        '    jax.config.update("jax_enable_x64", True)',
        *indented(in_double(made, 'jnp.dtype("float64")')),
        "    keys = iter(jax.random.split(jax.random.key(20), 99))",
        "",
        "    def draw(*shape):",
        '        return jax.random.normal(next(keys), shape, "float64")',
        "",
        f"    p = Parameters({', '.join(entries)})",
        f"    arguments = ({', '.join(draws)},)",
        "",
        *indented(plain(made, FUNCTIONS, "jnp.stack")),
        "",
        "    weights = jax.tree.map(lambda value: draw(*value.shape), run(p, *arguments))",
        "",
        "    def loss_of(function):",
        "        def loss(*values):",
        "            products = jax.tree.map(lambda weight, value: (weight * value).sum(), weights, function(*values))",
        "            return sum(jax.tree.leaves(products))",
        "",
        "        return loss",
        "",
        f"    every = tuple(range({count}))",
        "    ours = jax.jit(jax.value_and_grad(loss_of(run), every))(p, *arguments)",
        "    theirs = jax.jit(jax.value_and_grad(loss_of(plain), every))(p, *arguments)",
        "    relative = jax.tree.map(lambda a, b: float(abs(a - b).max() / (1 + abs(b).max())), ours, theirs)",
        "    differences = jax.tree.leaves(relative)",
        '    print(f"{len(differences) - 1} gradients against jax.grad: largest relative difference {max(differences):.1e}")',
        *indented(in_double(made)),
        "    return int(not all(difference < 1e-12 for difference in differences))",
    ]
