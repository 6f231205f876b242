"""Generated NumPy and numba code beside torch.nn.LSTM with autograd, jax.jit, HIPS autograd and the matrix products alone.

python benchmarks/codegen.py [--processes N] [--rounds N] [--only POINT]

Forward and all gradients (parameters, inputs, initial values) of one LSTM on one pinned core and one thread. Results are checked
equal before anything is timed. Every round runs each program in turn, again and again for a tenth of a second, as training does;
the table shows medians and quartiles, as ratios to torch in the same round. A point is measured in several processes, because the
place of its memory changes each program's time by some per cent. Times are of the processor, so that other programs on the
machine enter as little as possible. A peer that is not installed is left out.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_ENABLE_X64"] = "1"
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np  # noqa: E402  - after the number of threads is set

GRID = ((2, 1, 2, 1), (50, 1, 16, 32), (100, 16, 64, 128), (100, 32, 128, 256), (500, 8, 64, 64))
GATES = "ifao"
"""The order in which torch stacks input gate, forget gate, candidate, output gate."""


class LeftOutError(Exception):
    """A program has nothing to add at a point."""


class Case:
    """Random numbers for one point of the grid."""

    def __init__(self, steps, batch, m, n, dtype):
        rng = np.random.default_rng(1)
        self.steps, self.batch, self.m, self.n, self.dtype = steps, batch, m, n, np.dtype(dtype)

        def draw(*shape, scale=1.0):
            return (scale * rng.standard_normal(shape)).astype(dtype)

        self.parameters = {}
        for gate in GATES:
            self.parameters |= {
                f"W_{gate}": draw(n, m, scale=m**-0.5),
                f"U_{gate}": draw(n, n, scale=n**-0.5),
                f"b_{gate}": draw(n),
            }
        self.x, self.Delta = draw(steps, batch, m), draw(steps, batch, n)
        self.initial = {"state": draw(batch, n), "out": draw(batch, n)}
        self.W, self.U, self.b = (np.concatenate([self.parameters[f"{p}_{gate}"] for gate in GATES]) for p in "WUb")


def generated_module(name, dtype, **options):
    from lstm_sym.cells import cell
    from lstm_sym.codegen.generate import generate

    space = {"__name__": "generated"}
    exec(compile(generate(cell(name), dtype=dtype, **options), f"generated {name}", "exec"), space)  # our own text
    return space


def generated(case, backend="numpy", **options):
    module = generated_module("lstm", case.dtype.name, backend=backend, **options)
    w = module["Workspace"](case.steps, case.batch, case.m, case.n)

    def run():
        result = module["forward"](case.parameters, case.x, case.initial, w)
        gradients = module["backward"](result.workspace, case.Delta)
        return result, gradients

    def arrays():
        result, g = run()
        stacked = [np.concatenate([g.parameters[f"{p}_{gate}"] for gate in GATES]) for p in "WUb"]
        return [result.output, *stacked, g.inputs["x"], g.initial["out"], g.initial["state"]]

    return run, arrays


def with_numba(case):
    return generated(case, "numba")


def scalars(case):
    """The plan that is chosen by size at the worksheet's own size."""
    sizes = {"m": case.m, "n": case.n}
    if (case.steps, case.batch, case.m, case.n) != GRID[0] or case.dtype != np.float64:
        raise LeftOutError("it is for the smallest point")
    return generated(case, "scalars", sizes=sizes)


def products(case):
    """The matrix products of the generated code alone."""
    steps, batch, m, n = case.steps, case.batch, case.m, case.n
    rows, flat = steps * batch, np.zeros((steps * batch, 4 * n), case.dtype)
    x, out = case.x.reshape(rows, m), np.zeros((rows, n), case.dtype)
    delta = case.Delta.repeat(4, axis=2).reshape(steps, batch, 4 * n)
    W_T, U_T = np.ascontiguousarray(case.W.T), np.ascontiguousarray(case.U.T)
    net, h, arriving = np.empty((batch, 4 * n), case.dtype), case.initial["out"], np.empty((batch, n), case.dtype)
    dx, dW, dU = np.empty((rows, m), case.dtype), np.empty_like(case.W), np.empty_like(case.U)
    every = list(delta)

    def run():
        np.matmul(x, W_T, out=flat)
        for _ in every:
            np.matmul(h, U_T, out=net)
        for each in every:
            np.matmul(each, case.U, out=arriving)
        all_of_them = delta.reshape(rows, 4 * n)
        np.matmul(all_of_them, case.W, out=dx)
        np.matmul(all_of_them.T, x, out=dW)
        np.matmul(all_of_them.T, out, out=dU)

    return run, None


def with_torch(case):
    import torch

    torch.set_num_threads(1)
    lstm = torch.nn.LSTM(case.m, case.n, dtype=getattr(torch, case.dtype.name))
    with torch.no_grad():
        for name, value in (("weight_ih", case.W), ("weight_hh", case.U), ("bias_ih", case.b), ("bias_hh", 0 * case.b)):
            getattr(lstm, name + "_l0").copy_(torch.from_numpy(value))
    x, h, c = (torch.from_numpy(a).requires_grad_() for a in (case.x, case.initial["out"][None], case.initial["state"][None]))
    Delta = torch.from_numpy(case.Delta)
    wanted = [lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0, lstm.bias_hh_l0, x, h, c]

    def run():
        out, _ = lstm(x, (h, c))
        return out, torch.autograd.grad(out, wanted, Delta)

    def arrays():
        out, (W, U, b, _, dx, dh, dc) = run()
        return [a.detach().numpy() for a in (out, W, U, b, dx, dh[0], dc[0])]

    return run, arrays


def with_jax(case):
    import jax
    import jax.numpy as jnp

    def outputs(W, U, b, x, h, c):
        def step(carry, x_t):
            h, c = carry
            i, f, a, o = jnp.split(x_t @ W.T + h @ U.T + b, 4, axis=1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(a)
            h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), h

        return jax.lax.scan(step, (h, c), x)[1]

    @jax.jit
    def passes(Delta, *arguments):
        out, pullback = jax.vjp(outputs, *arguments)
        return out, pullback(Delta)

    arguments = [jnp.asarray(a) for a in (case.Delta, case.W, case.U, case.b, case.x, case.initial["out"], case.initial["state"])]

    def run():
        return jax.block_until_ready(passes(*arguments))

    def arrays():
        out, gradients = run()
        return [np.asarray(a) for a in (out, *gradients)]

    return run, arrays


def with_autograd(case):
    import autograd.numpy as anp
    from autograd import make_vjp

    n = case.n

    def sigma(z):
        return 1 / (1 + anp.exp(-z))

    def outputs(arguments):
        W, U, b, x, h, c = arguments
        outs = []
        for t in range(case.steps):
            z = anp.dot(x[t], W.T) + anp.dot(h, U.T) + b
            i, f, a, o = z[:, :n], z[:, n : 2 * n], z[:, 2 * n : 3 * n], z[:, 3 * n :]
            c = sigma(f) * c + sigma(i) * anp.tanh(a)
            h = sigma(o) * anp.tanh(c)
            outs.append(h)
        return anp.stack(outs)

    def run():
        pullback, out = make_vjp(outputs)((case.W, case.U, case.b, case.x, case.initial["out"], case.initial["state"]))
        return out, pullback(case.Delta)

    def arrays():
        out, gradients = run()
        return [out, *gradients]

    return run, arrays


PROGRAMS = {
    "torch": with_torch,
    "products": products,
    "generated": generated,
    "scalars": scalars,
    "numba": with_numba,
    "jax": with_jax,
    "autograd": with_autograd,
}


def prepared(case):
    """The programs that are installed, checked to agree with the first."""
    found, expected = {}, None
    for name, make in PROGRAMS.items():
        try:
            run, arrays = make(case)
        except (ImportError, LeftOutError):
            continue
        if arrays is not None:
            got = arrays()
            expected = expected or got
            tolerance = (1e-11 if case.dtype == np.float64 else 2e-4) * case.steps * case.batch
            for a, b in zip(got, expected, strict=True):
                assert np.abs(a - b).max() <= tolerance, (name, np.abs(a - b).max())
        found[name] = run
    return found


def timed(programs, rounds, least=0.1):
    """Seconds of each program in each round; short ones are repeated in a round."""
    repeats = {}
    for name, run in programs.items():
        run()
        start = time.process_time()
        run()
        repeats[name] = max(1, int(least / (time.process_time() - start)))
    times = {name: [] for name in programs}
    for _ in range(rounds):
        for name, run in programs.items():
            start = time.process_time()
            for _ in range(repeats[name]):
                run()
            times[name].append((time.process_time() - start) / repeats[name])
    return {name: np.array(values) for name, values in times.items()}


def measured(place, dtype, names, rounds):
    """The times of the programs of these names at a point of the grid, by themselves in a process."""
    for name in set(PROGRAMS) - set(names):
        del PROGRAMS[name]
    return timed(prepared(Case(*GRID[place], dtype)), rounds)


def in_processes(number, *arguments):
    """What `measured` gives, from so many processes, one after another."""
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        found = list(pool.map(measured, *zip(*[arguments] * number, strict=True)))
    return {name: np.concatenate([times[name] for times in found]) for name in found[0]}


def show(place, dtype, names, times):
    base = times["torch"] if "torch" in times else next(iter(times.values()))
    row = f"{dtype} {GRID[place]!s:19} torch {1e6 * np.median(base):9.0f} us"
    for name in times:
        if name != "torch":
            low, middle, high = np.quantile(times[name] / base, (0.25, 0.5, 0.75))
            row += f" | {name} {middle:.3f} ({low:.3f}..{high:.3f})"
    missing = [name for name in names if name not in times]
    print(row + (f" | left out: {', '.join(missing)}" if missing else ""), flush=True)


def cost_of_generation():
    """Seconds to derive, plan, prove and write: nothing in it knows steps or batch."""
    from lstm_sym.calculus.derive import derive
    from lstm_sym.cells import CELLS, cell
    from lstm_sym.codegen.generate import generate

    print("cell              derive   with plan, proof and text   (no size, no T, no batch enters)")
    for name in CELLS:
        start = time.process_time()
        derive(cell(name))
        middle = time.process_time()
        generate(cell(name))
        print(f"{name:16} {middle - start:7.2f} s {time.process_time() - middle:7.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5, help="rounds in each process")
    parser.add_argument("--only", type=int, nargs="*", default=range(len(GRID)), help="points of the grid, counted from 0")
    parser.add_argument("--dtypes", nargs="*", default=["float64", "float32"])
    parser.add_argument("--leave-out", nargs="*", default=[], choices=list(PROGRAMS))
    options = parser.parse_args()
    names = [name for name in PROGRAMS if name not in options.leave_out]
    for dtype in options.dtypes:
        for place in options.only:
            show(place, dtype, names, in_processes(options.processes, place, dtype, names, options.rounds))
    cost_of_generation()


if __name__ == "__main__":
    main()
