"""Mistakes planted in the programs: program, text, its replacement, an argument that it makes wrong, and words of the cause.

The numbers are those of the ten classes of real mistakes, by frequency.
"""

from __future__ import annotations

import linecache
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import ModuleType

PROGRAMS = Path(__file__).parent / "programs"
_NUMBERS = count()


@dataclass(frozen=True)
class Mistake:
    number: int
    program: str
    old: str
    new: str
    argument: str
    cause: str

    def __str__(self) -> str:
        return f"{self.number}-{self.program}-{self.new.strip()[:40]}"


MISTAKES = [
    # 1. the derivative of an already activated value, or the reverse
    Mistake(
        1,
        "per_gate",
        "dc * i[t] * (1 - g[t] ** 2)",
        "dc * i[t] * (1 - np.tanh(g[t]) ** 2)",
        "Wg",
        "you differentiate the activated value: 1 - tanh(y)² for 1 - y²",
    ),
    Mistake(
        1,
        "per_gate",
        "dc * c[t - 1] * f[t] * (1 - f[t])",
        "dc * c[t - 1] * sigmoid(f[t]) * (1 - sigmoid(f[t]))",
        "Uf",
        "you differentiate the activated value: σ(y)(1 - σ(y))",
    ),
    Mistake(
        1,
        "per_gate",
        "o[t] * (1 - np.tanh(c[t]) ** 2)",
        "o[t] * (1 - c[t] ** 2)",
        "bi",
        "the slope is taken of the pre-activation",
    ),
    Mistake(
        1,
        "char_rnn",
        "(1 - hs[t] * hs[t]) * dh",
        "(1 - np.tanh(hs[t]) ** 2) * dh",
        "Wxh",
        "you differentiate the activated value",
    ),
    Mistake(
        1,
        "concatenated",
        "dC_bar = dtanh(C_bar) * dC_bar",
        "dC_bar = dtanh(np.tanh(C_bar)) * dC_bar",
        "W_C",
        "you differentiate the activated value",
    ),
    Mistake(1, "gru_einsum", "(1 - n * n)", "(1 - np.tanh(n) ** 2)", "U", "you differentiate the activated value"),
    Mistake(
        1,
        "parameter_dictionary",
        "dc * it * (1 - np.square(cct))",
        "dc * it * (1 - np.tanh(cct) ** 2)",
        "parameters.Wc",
        "you differentiate the activated value",
    ),
    # 2. the recurrence lost
    Mistake(2, "per_gate", "(h[t] - y[t]) + dh_next", "(h[t] - y[t])", "Wg", "the recurrence through h"),
    Mistake(2, "per_gate", "(1 - np.tanh(c[t]) ** 2) + dc_next", "(1 - np.tanh(c[t]) ** 2)", "Wf", "the recurrence through c"),
    Mistake(2, "per_gate", "        dc_next = dc * f[t]\n", "", "Wf", "the recurrence through c"),
    Mistake(
        2,
        "stacked_batch",
        "dh[:, t, :] + dprev_h, dprev_c, caches",
        "dh[:, t, :], dprev_c, caches",
        "Wh",
        "the recurrence through",
    ),
    Mistake(2, "char_rnn", "dhnext = np.dot(Whh.T, dhraw)", "pass", "Whh", "the recurrence through hs[t] is lost"),
    Mistake(
        2,
        "char_rnn",
        "dWhh += np.dot(dhraw, hs[t - 1].T)",
        "dWhh = np.dot(dhraw, hs[t - 1].T)",
        "Whh",
        "an assignment where a sum belongs",
    ),
    Mistake(2, "class_with_cache", "dh = dh + dout[:, t]", "dh = dout[:, t]", "W", "the recurrence through"),
    Mistake(
        2,
        "parameter_dictionary",
        "gradients[name] += grads[name]",
        "gradients[name] = grads[name]",
        "parameters.Wf",
        "an assignment where a sum belongs",
    ),
    # 3. time index off by one; h[-1] wraps
    Mistake(3, "per_gate", "dc * c[t - 1] * f[t]", "dc * c[t] * f[t]", "Wf", "one step late"),
    Mistake(
        3,
        "per_gate",
        'grads["U" + name] += np.outer(d, h[t - 1])',
        'grads["U" + name] += np.outer(d, h[t])',
        "Ug",
        "one step late",
    ),
    Mistake(
        3,
        "per_gate",
        'grads["U" + name] += np.outer(d, h[t - 1])',
        'grads["U" + name] += np.outer(d, [h[k] for k in range(len(x))][t - 1])',
        "Ug",
        "wraps at the first step",
    ),
    Mistake(3, "char_rnn", "dWhh += np.dot(dhraw, hs[t - 1].T)", "dWhh += np.dot(dhraw, hs[t].T)", "Whh", "one step late"),
    # 4. transposed, swapped, wrong slice
    Mistake(
        4,
        "per_gate",
        'p["Ui"].T @ di + p["Uf"].T @ df',
        'p["Ui"] @ di + p["Uf"].T @ df',
        "Wi",
        "Ui and its transpose are exchanged",
    ),
    Mistake(4, "per_gate", 'p["Ui"].T @ di + p["Uf"].T @ df', 'p["Uf"].T @ di + p["Uf"].T @ df', "Wi", "stands Uf for Ui"),
    Mistake(4, "char_rnn", "np.dot(Whh.T, dhraw)", "np.dot(Whh, dhraw)", "Whh", "Whh and its transpose are exchanged"),
    Mistake(
        4,
        "stacked_batch",
        "(di * i * (1 - i), df * f * (1 - f), do",
        "(df * f * (1 - f), di * i * (1 - i), do",
        "Wx",
        "are exchanged",
    ),
    Mistake(4, "gru_einsum", "dr @ U[0].T", "dr @ U[0]", "W", "transpose"),
    # 5. a neighbour's variable
    Mistake(5, "per_gate", "dc * g[t] * i[t] * (1 - i[t])", "dc * g[t] * f[t] * (1 - f[t])", "Wi", "the slope of f[t]"),
    Mistake(5, "per_gate", "dc_next = dc * f[t]", "dc_next = dc * i[t]", "Wf", "stands i[t]"),
    Mistake(5, "concatenated", 'p["b_f"].d += df', 'p["b_f"].d += di', "b_f", "the gradient of b_i"),
    # 6. a factor or term missing
    Mistake(6, "per_gate", "dc * i[t] * (1 - g[t] ** 2)", "dc * (1 - g[t] ** 2)", "Wg", "the factor i[t]"),
    Mistake(6, "per_gate", "dh * np.tanh(c[t]) * o[t]", "dh * o[t]", "Wo", "the factor np.tanh(c[t])"),
    Mistake(6, "gru_einsum", "dh * z + drh * r + dr @ U[0].T", "dh * z + dr @ U[0].T", "W", "by way of"),
    Mistake(6, "gru_einsum", "dz = dh * (h - n) * z", "dz = dh * -n * z", "b", "is missing"),
    # 7. the derivative does not fit the forward pass
    Mistake(
        7,
        "per_gate",
        "dc * g[t] * i[t] * (1 - i[t])",
        "dc * g[t] * (1 - i[t] ** 2)",
        "Wi",
        "the slope 1 - y² of tanh stands where the forward pass has σ",
    ),
    Mistake(7, "per_gate", "dh * o[t] * (1 - np.tanh(c[t]) ** 2)", "dh * o[t]", "Wi", "the slope 1 - y² of tanh is missing"),
    # 8. loss at the wrong steps, or its scale
    Mistake(8, "per_gate", "(h[t] - y[t]) + dh_next", "2 * (h[t] - y[t]) + dh_next", "Wi", "constant factor 2"),
    Mistake(
        8,
        "per_gate",
        "(h[t] - y[t]) + dh_next",
        "((h[t] - y[t]) if t == len(x) - 1 else 0) + dh_next",
        "Wi",
        "only the last step is counted",
    ),
    Mistake(8, "stacked_batch", "2 * (h - y) / x.shape[0]", "2 * (h - y)", "Wh", "constant factor 2"),
    Mistake(8, "class_with_cache", "2 * (out - y) / y.size", "2 * (out - y)", "W", "constant factor 18"),
    # 9. a parenthesis
    Mistake(
        9,
        "per_gate",
        "dh * o[t] * (1 - np.tanh(c[t]) ** 2) + dc_next",
        "dh * o[t] * 1 - np.tanh(c[t]) ** 2 + dc_next",
        "Wi",
        "a parenthesis is missing",
    ),
    Mistake(9, "char_rnn", "(1 - hs[t] * hs[t]) * dh", "1 - hs[t] * hs[t] * dh", "Wxh", "a parenthesis is missing"),
    # 10. buffers not reset
    Mistake(
        10, "class_with_cache", "            grad[...] = 0\n", "            pass\n", "W", "buffers are not reset between calls"
    ),
]


def program(name: str, old: str = "", new: str = "") -> ModuleType:
    """The program of that name as a module, with a text replaced."""
    text = (PROGRAMS / f"{name}.py").read_text()
    if old:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        text = text.replace(old, new)
    number = next(_NUMBERS)
    file = f"<{name} {number}>"
    module = ModuleType(f"program_{name}_{number}")
    sys.modules[module.__name__] = module
    linecache.cache[file] = (len(text), None, [line + "\n" for line in text.split("\n")], file)
    exec(compile(text, file, "exec"), vars(module))
    return module
