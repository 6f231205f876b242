"""Gradient checks side by side on the cases where finite differences are known to fail: this package, the usual check, torch's
gradcheck.

    python benchmarks/gradient_checks.py

The usual check is the central difference with step 1e-5 and relative error 1e-4 allowed, as in course notes. torch's
gradcheck runs at its defaults where torch is installed. Each row says whether the gradient is right; a check fails the row
where it says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Arrays = dict[str, Any]
Case = tuple[str, bool, Callable[..., Any], Callable[..., Arrays], Arrays]
N, M, T = 3, 2, 3


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def forward(W: Any, U: Any, b: Any, x: Any, h0: Any, c0: Any) -> list[Any]:
    h, c, steps = h0, c0, []
    for t in range(len(x)):
        z = W @ x[t] + U @ h + b
        a, i, f, o = np.tanh(z[:N]), sigmoid(z[N : 2 * N]), sigmoid(z[2 * N : 3 * N]), sigmoid(z[3 * N :])
        previous = h, c
        c = a * i + f * c
        h = o * np.tanh(c)
        steps.append((a, i, f, o, c, h, *previous))
    return steps


def loss(W: Any, U: Any, b: Any, x: Any, h0: Any, c0: Any) -> Any:
    return sum(np.sum(step[5] ** 2) for step in forward(W, U, b, x, h0, c0)) / 2


def gradient(W: Any, U: Any, b: Any, x: Any, h0: Any, c0: Any, mistake: str = "") -> Arrays:
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
    dh_next, dc_next = np.zeros_like(h0), np.zeros_like(c0)
    for t, (a, i, f, o, c, h, h_prev, c_prev) in reversed(list(enumerate(forward(W, U, b, x, h0, c0)))):
        dh = h + dh_next
        dc = dh * o * (1 - np.tanh(c) ** 2) + dc_next
        slope = 1 - a if mistake == "1 - a" else 1 - a * a
        forget = f if mistake == "forget" else f * (1 - f)
        dz = np.concatenate([dc * i * slope, dc * a * i * (1 - i), dc * c_prev * forget, dh * np.tanh(c) * o * (1 - o)])
        dW += np.outer(dz, x[t])
        dU += np.outer(dz, h_prev)
        db += dz
        dh_next, dc_next = U.T @ dz, dc * f
    scale = 1 + 1e-6 if mistake == "scale" else 1
    return {"W": dW * scale, "U": dU * scale, "b": db * scale}


def arguments(bias: float = 0.0, initial: float = 1.0, steps: int = T, dtype: str = "float64") -> Arrays:
    rng = np.random.default_rng(7)
    made = {
        "W": rng.standard_normal((4 * N, M)),
        "U": rng.standard_normal((4 * N, N)),
        "b": bias + 0.1 * rng.standard_normal(4 * N),
    }
    made |= {"x": rng.standard_normal((steps, M)), "h0": initial * rng.standard_normal(N), "c0": initial * rng.standard_normal(N)}
    return {name: value.astype(dtype) for name, value in made.items()}


def with_mistake(name: str) -> Callable[..., Arrays]:
    return lambda **values: gradient(**values, mistake=name)


CASES: list[Case] = [
    ("right", True, loss, gradient, arguments()),
    ("right, float32", True, loss, gradient, arguments(dtype="float32")),
    ("right, saturated gates", True, loss, gradient, arguments(bias=15.0)),
    ("1 - a for 1 - a², saturated gates", False, loss, with_mistake("1 - a"), arguments(bias=15.0)),
    ("δf without (1 - f), zero initial state", False, loss, with_mistake("forget"), arguments(initial=0.0, steps=1)),
    ("relative error 1e-6", False, loss, with_mistake("scale"), arguments()),
]


def ours(case: Case) -> bool:
    from lstm_sym.code import verify_gradient

    return verify_gradient(case[2], case[3], case[4]).holds


def usual(case: Case, step: float = 1e-5, allowed: float = 1e-4) -> bool:
    _, _, function, backward, values = case
    returned = backward(**values)
    for name in ("W", "U", "b"):
        for index in np.ndindex(values[name].shape):
            sides = []
            for sign in (1, -1):
                moved = {key: value.copy() for key, value in values.items()}
                moved[name][index] += sign * step
                sides.append(float(function(**moved)))
            numeric, analytic = (sides[0] - sides[1]) / (2 * step), float(returned[name][index])
            if abs(numeric - analytic) > allowed * max(abs(numeric), abs(analytic), 1e-8) + 1e-9:
                return False
    return True


def torchs(case: Case) -> bool | None:
    try:
        import torch
    except ImportError:
        return None
    _, _, function, backward, values = case
    names = ("W", "U", "b")

    class Wrapped(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *tensors: Any) -> Any:
            ctx.values = {**values, **{name: tensor.detach().numpy() for name, tensor in zip(names, tensors, strict=True)}}
            return torch.tensor(float(function(**ctx.values)), dtype=tensors[0].dtype)

        @staticmethod
        def backward(ctx: Any, upstream: Any) -> Any:
            found = backward(**ctx.values)
            return tuple(upstream * torch.from_numpy(np.asarray(found[name])) for name in names)

    tensors = [torch.from_numpy(values[name]).requires_grad_() for name in names]
    return bool(torch.autograd.gradcheck(Wrapped.apply, tensors, raise_exception=False))


def table() -> list[tuple[str, bool, bool, bool, bool | None]]:
    """For each case: name, whether it is right, and what the three checks say."""
    return [(case[0], case[1], ours(case), usual(case), torchs(case)) for case in CASES]


def main() -> None:
    words = {True: "passes", False: "refuses", None: "-"}
    print(f"{'case':<40}{'truth':<8}{'lstm_sym':<12}{'differences':<14}gradcheck")
    for name, right, *answers in table():
        shown = [words[answer] + ("" if answer in (right, None) else " !") for answer in answers]
        print(f"{name:<40}{'right' if right else 'wrong':<8}{shown[0]:<12}{shown[1]:<14}{shown[2]}")


if __name__ == "__main__":
    main()
