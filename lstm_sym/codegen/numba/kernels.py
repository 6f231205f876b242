"""Compiled loops over the entries of a few arrays, one for each formula that the lines need.

    @_compiled
    def _kernel_3(out, p1, p2):
        for k in range(out.size):
            out[k] = _tanh(p1[k]) * p2[k]

Law: a kernel writes one array and reads few, so that the compiler can see that they do not overlap, and uses vectors; one that
reads what it writes has one name for both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Kernels:
    """The kernels by formula."""

    names: dict[tuple[int, str, str], str] = field(default_factory=dict)

    def name(self, operands: int, formula: str) -> str:
        """The kernel with so many operands and this formula in out[k], p1[k], p2[k], ..."""
        return self.names.setdefault((operands, formula, ""), f"_kernel_{len(self.names) + 1}")

    def name_by_row(self, entries: Sequence[str], formula: str) -> str:
        """The same where rows of the batch lie apart: an entry k of out, p1, p2, ... has these indices."""
        for place, indices in enumerate(entries):
            name = f"p{place}" if place else "out"
            formula = re.sub(rf"\b{name}\[k\]", f"{name}[{indices}]", formula)
        return self.names.setdefault((len(entries) - 1, formula, entries[0]), f"_kernel_{len(self.names) + 1}")

    def text(self) -> str:
        return "\n\n\n".join(_text(name, *key) for key, name in self.names.items())


def _text(name: str, operands: int, formula: str, by_row: str) -> str:
    arguments = ", ".join(["out", *(f"p{place + 1}" for place in range(operands))])
    loops = ["for row in range(out.shape[0]):", "    for k in range(out.shape[-1]):"] if by_row else ["for k in range(out.size):"]
    body = "    " * len(loops) + f"out[{by_row or 'k'}] = {formula}"
    return "\n".join(["@_compiled", f"def {name}({arguments}):", *(f"    {line}" for line in (*loops, body))])
