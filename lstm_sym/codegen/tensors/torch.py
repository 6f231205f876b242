"""The backend `torch`: a module with an autograd function whose gradient is the derived one.

Law: the text is made from the plan's lines alone; the self-test holds its gradients to those of torch's own differentiation.
"""

from __future__ import annotations

from lstm_sym.codegen.options import Options
from lstm_sym.codegen.plan import Plan
from lstm_sym.codegen.tensors.checks import DtypeWords, checks, in_double
from lstm_sym.codegen.tensors.expressions import Framework, slopes
from lstm_sym.codegen.tensors.reference import plain
from lstm_sym.codegen.tensors.text import Tensors, indented, opening, parameters, sample, tensors

SIGMOID = "torch.sigmoid"
TORCH = Framework(
    "torch",
    {
        "sigma": f"{SIGMOID}({{z}})",
        "tanh": "torch.tanh({z})",
        **slopes(SIGMOID),
    },
    "torch.cat",
    "torch.einsum",
    "{like}.new_zeros({shape})",
)
MORE = """`run(p, inputs..., initial values...)` gives the outputs of all steps and the final values, on any device. NaN, infinity
and overflow pass through, as in torch itself: torch.autograd.set_detect_anomaly finds them. Memory is O(steps x batch x units):
the values that the backward pass reads. Run as a program it tests itself."""
WORDS = DtypeWords("torch.{dtype}", "{array}.dtype.is_floating_point")
FUNCTIONS = {"tanh": "torch.tanh", "sigma": SIGMOID}


def torch_module(plan: Plan, options: Options) -> str:
    """The text of the module."""
    made = tensors(plan, TORCH, options)
    forward, backward = _forward(made), _backward(made)
    parts = [
        [*opening(made, "PyTorch", MORE), "", "import sys", "from typing import NamedTuple", "", "import torch"],
        list(parameters(made, "torch.Tensor")),
        list(checks(made, WORDS)),
        [
            "def split(value, like, axis):",
            '    """The value cut into parts with as many rows as these parameters."""',
            "    return torch.split(value, [each.shape[0] for each in like], dim=axis)",
        ],
        forward,
        backward,
        _function(made),
        _run(made),
        _self_test(made),
        ['if __name__ == "__main__":', "    sys.exit(self_test())"],
    ]
    return "\n\n\n".join("\n".join(part) for part in parts) + "\n"


def _forward(made: Tensors) -> list[str]:
    steps, output = made.steps, made.cell.output
    before, body = steps.before(), steps.forward()
    listed = list(dict.fromkeys([output, *(symbol.at(output.time) for symbol in steps.kept())]))
    lists = {symbol: steps.names.of(("list", symbol.name), symbol.name + "_list") for symbol in listed}
    first = made.inputs[0]
    return [
        f"def forward({', '.join(['p', *made.inputs, *made.initial])}):",
        '    """Outputs of all steps, final values, and what the backward pass reads."""',
        *indented(_fused(made, "forward")),
        *indented(f"{name}_first = {name}" for name in made.initial),
        *indented(before),
        *indented(f"{name} = []" for name in lists.values()),
        f"    for t in range({first}.shape[0]):",
        *indented(_loads(made, steps.read_in_forward()), 2),
        *indented(body, 2),
        *indented((f"{name}.append({steps.name(symbol)})" for symbol, name in lists.items()), 2),
        *indented(_passed_on(made.initial, made.final), 2),
        *indented(f"{steps.whole(symbol)} = torch.stack({name})" for symbol, name in lists.items()),
        *indented(_before(made)),
        f"    saved = ({''.join(steps.whole(symbol) + ', ' for symbol in steps.kept())})",
        f"    return {steps.whole(output)}, ({''.join(name + ', ' for name in made.initial)}), saved",
    ]


def _before(made: Tensors) -> list[str]:
    """Values one step earlier at all steps: the initial one first."""
    lines = []
    for symbol in made.steps.kept():
        if symbol.time != made.cell.output.time:
            whole = made.steps.whole(symbol.at(made.cell.output.time))
            lines.append(f"{made.steps.whole(symbol)} = torch.cat(({made.steps.name(symbol)}_first[None], {whole}[:-1]))")
    return lines


def _loads(made: Tensors, symbols: list) -> list[str]:
    """What a step takes from the values at all steps; an input gives way to a name of its own."""
    return [f"{made.steps.name(symbol)} = {made.steps.whole(symbol)}[t]" for symbol in symbols]


def _passed_on(names: list[str], values: list[str]) -> list[str]:
    """What the next turn of a loop gets, if it gets anything."""
    return [f"{', '.join(names)} = {', '.join(values)}"] if names else []


def _fused(made: Tensors, function: str) -> list[str]:
    return [f"{name} = {code}" for name, code in made.steps.fused[function].items()]


def _backward(made: Tensors) -> list[str]:
    steps = made.steps
    local, body, after, totals = steps.local(), steps.backward(), steps.after(), steps.totals()
    cotangent = steps.whole(steps.cotangent)
    lists = {symbol: steps.names.of(("list", symbol.name), symbol.name + "_list") for symbol in steps.collected()}
    sent = [steps.name(made.arriving(symbol).prev) for symbol in made.cell.recurrent]
    loop = [
        *_loads(made, steps.read_in_backward()),
        *body,
        *(f"{name}.append({steps.name(symbol)})" for symbol, name in lists.items()),
        *_passed_on(made.cotangents, sent),
    ]
    gradients = ", ".join(made.gradients)
    inputs = ", ".join(steps.whole(made.cell.adjoint(symbol)) for symbol in made.cell.inputs)
    return [
        f"def backward({', '.join(['p', *made.inputs, 'saved', cotangent, *made.cotangents])}):",
        '    """Gradients of parameters, inputs and initial values, from the cotangents of outputs and final values."""',
        *indented([f"{''.join(steps.whole(symbol) + ', ' for symbol in steps.kept())}= saved"] if steps.kept() else []),
        *indented(_fused(made, "backward")),
        *indented(local),
        *indented(f"{name} = []" for name in lists.values()),
        *indented([f"for t in reversed(range({made.inputs[0]}.shape[0])):", *indented(loop)] if loop else []),
        *indented(f"{steps.whole(symbol)} = torch.stack({name}[::-1])" for symbol, name in lists.items()),
        *indented(after),
        *indented(totals),
        f"    return Parameters({gradients}), ({inputs},), ({''.join(name + ', ' for name in made.cotangents)})",
    ]


def _function(made: Tensors) -> list[str]:
    first = len(made.cell.parameters)
    last = first + len(made.inputs)
    return [
        "class Recurrence(torch.autograd.Function):",
        '    """The forward pass with the derived backward pass."""',
        "",
        "    @staticmethod",
        "    def forward(ctx, *arguments):",
        f"        p, inputs = Parameters(*arguments[:{first}]), arguments[{first}:{last}]",
        f"        outputs, final, saved = forward(p, *inputs, *arguments[{last}:])",
        "        ctx.save_for_backward(*p, *inputs, *saved)",
        "        return outputs, *final",
        "",
        "    @staticmethod",
        "    def backward(ctx, cotangent, *final):",
        f"        p, inputs = Parameters(*ctx.saved_tensors[:{first}]), ctx.saved_tensors[{first}:{last}]",
        f"        saved = ctx.saved_tensors[{last}:]",
        "        of_parameters, of_inputs, of_initial = backward(p, *inputs, saved, cotangent, *final)",
        "        return *of_parameters, *of_inputs, *of_initial",
    ]


def _run(made: Tensors) -> list[str]:
    return [
        f"def run({made.arguments}):",
        f'    """Outputs of all steps ({made.axes}, units), and the final values; differentiable once."""',
        f"    check({made.arguments})",
        f"    outputs, *final = Recurrence.apply(*{made.in_order()})",
        f"    return {made.swapped('outputs')}, tuple(final)",
    ]


def _self_test(made: Tensors) -> list[str]:
    entries, draws = sample(made)
    return [
        "def self_test():",
        '    """0 where values are those of the declared equations, and gradients those of torch for them, else 1."""',
        *indented(in_double(made, "torch.float64")),
        "    generator = torch.Generator().manual_seed(20)",
        "",
        "    def draw(*shape):",
        "        return torch.randn(*shape, dtype=torch.float64, generator=generator).requires_grad_()",
        "",
        f"    p = Parameters({', '.join(entries)})",
        f"    arguments = ({', '.join(draws)},)",
        "",
        *indented(plain(made, FUNCTIONS, "torch.stack")),
        "",
        "    leaves = (*p, *arguments)",
        "    outputs, final = run(p, *arguments)",
        "    expected, expected_final = plain(p, *arguments)",
        "    values = zip((outputs, *final), (expected, *expected_final))",
        "    differences = [float((a - b).detach().abs().max() / (1 + b.detach().abs().max())) for a, b in values]",
        "    weights = [torch.randn(value.shape, dtype=value.dtype, generator=generator) for value in (outputs, *final)]",
        "    loss = sum((weight * value).sum() for weight, value in zip(weights, (outputs, *final)))",
        "    plain_loss = sum((weight * value).sum() for weight, value in zip(weights, (expected, *expected_final)))",
        "    ours = torch.autograd.grad(loss, leaves)",
        "    theirs = torch.autograd.grad(plain_loss, leaves, materialize_grads=True)",
        "    differences += [float((a - b).abs().max() / (1 + b.abs().max())) for a, b in zip(ours, theirs)]",
        '    print(f"{len(leaves)} gradients against torch.autograd: largest relative difference {max(differences):.1e}")',
        *indented(in_double(made)),
        "    return int(not all(difference < 1e-12 for difference in differences))",
    ]
