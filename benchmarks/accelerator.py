"""Generated PyTorch and JAX modules beside torch.nn.LSTM, on an accelerator where there is one, else on the processor.

python benchmarks/accelerator.py [--device NAME] [--rounds N] [--dtypes float32 ...] [--only POINT ...]

Forward and all gradients (parameters, inputs, initial values) of one LSTM. Results are checked equal before anything is timed; a
time is the wall clock's until the device has finished, the median over rounds in which each program runs in turn. torch.nn.LSTM
runs on cuDNN where PyTorch has it; on a processor one thread is used. On a GPU the PyTorch module is timed as it is, and captured
once as a CUDA graph.
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import numpy as np
import torch

from lstm_sym.cells import cell
from lstm_sym.codegen.generate import generate

GRID = ((50, 1, 16, 32), (100, 16, 64, 128), (100, 32, 128, 256), (500, 8, 64, 64), (200, 64, 512, 512))
GATES = "ifao"
"""The order in which torch stacks input gate, forget gate, candidate, output gate."""


class Case:
    """Random numbers for one point of the grid."""

    def __init__(self, steps, batch, m, n, dtype):
        rng = np.random.default_rng(1)

        def draw(*shape, scale=1.0):
            return (scale * rng.standard_normal(shape)).astype(dtype)

        self.W, self.U = draw(4 * n, m, scale=m**-0.5), draw(4 * n, n, scale=n**-0.5)
        self.b, self.x = draw(4 * n), draw(steps, batch, m)
        self.state, self.out, self.Delta = draw(batch, n), draw(batch, n), draw(steps, batch, n)
        self.m, self.n, self.dtype = m, n, dtype

    def named(self):
        """The parameters by name, each gate's rows of the stacked ones."""
        parts = {p: np.split(value, 4) for p, value in (("W", self.W), ("U", self.U), ("b", self.b))}
        return {f"{p}_{gate}": parts[p][k] for k, gate in enumerate(GATES) for p in "WUb"}


def generated_module(backend):
    space = {"__name__": "generated"}
    exec(compile(generate(cell("lstm"), backend=backend), f"generated {backend}", "exec"), space)  # our own text
    return space


def stacked(gradients):
    """Gradients by W, U, b with the gates above one another, as arrays."""
    return [np.concatenate([np.asarray(getattr(gradients, f"{p}_{gate}")) for gate in GATES]) for p in "WUb"]


def finish(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def cudnn(case, device):
    lstm = torch.nn.LSTM(case.m, case.n, dtype=getattr(torch, case.dtype), device=device)
    with torch.no_grad():
        for name, value in (("weight_ih", case.W), ("weight_hh", case.U), ("bias_ih", case.b), ("bias_hh", 0 * case.b)):
            getattr(lstm, name + "_l0").copy_(torch.from_numpy(value))
    x, h, c = (torch.tensor(a, device=device).requires_grad_() for a in (case.x, case.out[None], case.state[None]))
    Delta = torch.tensor(case.Delta, device=device)
    wanted = [lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0, x, h, c]

    def run():
        out, _ = lstm(x, (h, c))
        gradients = torch.autograd.grad(out, wanted, Delta)
        finish(device)
        return out, gradients

    def arrays():
        out, (W, U, b, dx, dh, dc) = run()
        return [a.detach().cpu().numpy() for a in (out, W, U, b, dx, dh[0], dc[0])]

    return run, arrays


def ours_in_torch(case, device, graph=False):
    module = generated_module("torch")
    p = module["Parameters"](**{name: torch.tensor(value, device=device) for name, value in case.named().items()})
    x, state, out = (torch.tensor(a, device=device) for a in (case.x, case.state, case.out))
    Delta, zero = torch.tensor(case.Delta, device=device), torch.zeros_like(out)

    def passes():
        outputs, _, saved = module["forward"](p, x, state, out)
        return outputs, module["backward"](p, x, saved, Delta, zero, zero)

    replay, kept = (captured(passes) if graph else (None, None)) if device.type == "cuda" else (None, None)

    def run():
        result = passes() if replay is None else (replay(), kept)[1]
        finish(device)
        return result

    def arrays():
        outputs, (gradients, (dx,), (dc, dh)) = run()
        on_host = type(gradients)(*[value.cpu().numpy() for value in gradients])
        return [outputs.cpu().numpy(), *stacked(on_host), *[value.cpu().numpy() for value in (dx, dh, dc)]]

    return run, arrays


def captured(passes):
    """The passes recorded once as a CUDA graph: a function that replays them, and where their results lie."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            passes()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        kept = passes()
    return graph.replay, kept


def ours_in_jax(case, device):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    place = next(d for d in jax.devices() if (d.platform == "gpu") == (device.type == "cuda"))
    module = generated_module("jax")

    def put(value):
        return jax.device_put(jnp.asarray(value), place)

    p = module["Parameters"](**{name: put(value) for name, value in case.named().items()})
    x, state, out, Delta = (put(a) for a in (case.x, case.state, case.out, case.Delta))

    @jax.jit
    def passes(p, x, state, out, Delta):
        (outputs, final), pullback = jax.vjp(module["run"], p, x, state, out)
        return outputs, pullback((Delta, jax.tree.map(jnp.zeros_like, final)))

    def run():
        return jax.block_until_ready(passes(p, x, state, out, Delta))

    def arrays():
        outputs, (gradients, dx, dc, dh) = run()
        return [np.asarray(outputs), *stacked(gradients), *map(np.asarray, (dx, dh, dc))]

    return run, arrays


def programs(case, device):
    """The programs that this machine can run, checked to agree with torch.nn.LSTM."""
    made = {"torch.nn.LSTM": cudnn, "torch module": ours_in_torch, "jax module": ours_in_jax}
    if device.type == "cuda":
        made["torch module, graph"] = lambda case, device: ours_in_torch(case, device, graph=True)
    found, expected = {}, None
    tolerance = (1e-10 if case.dtype == "float64" else 2e-3) * len(case.x)
    for name, make in made.items():
        try:
            run, arrays = make(case, device)
        except (ImportError, StopIteration) as error:
            print(f"{name} is left out: {error or 'its framework has no such device'}")
            continue
        got = arrays()
        expected = expected or got
        for a, b in zip(got, expected, strict=True):
            assert np.abs(a - b).max() <= tolerance * (1 + np.abs(b).max()), (name, np.abs(a - b).max())
        found[name] = run
    return found


def measured(found, rounds):
    times = {name: [] for name in found}
    for run in found.values():
        run()
    for _ in range(rounds):
        for name, run in found.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    return {name: median(values) for name, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--dtypes", nargs="*", default=["float32", "float64"])
    parser.add_argument("--only", type=int, nargs="*", default=range(len(GRID)), help="points of the grid, counted from 0")
    options = parser.parse_args()
    device = torch.device(options.device)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    if device.type == "cpu":
        torch.set_num_threads(1)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "one thread of the processor"
    print(f"{name}; no TF32; milliseconds, and in brackets the ratio to torch.nn.LSTM")
    for dtype in options.dtypes:
        for place in options.only:
            times = measured(programs(Case(*GRID[place], dtype), device), options.rounds)
            base = times["torch.nn.LSTM"]
            cells = "  ".join(f"{name} {1e3 * t:8.2f} ({t / base:5.2f})" for name, t in times.items())
            print(f"{dtype} {GRID[place]!s:20} {cells}", flush=True)


if __name__ == "__main__":
    main()
