"""The scalars of the mathematics: the time index, the last step, the sizes; and which names symbols may have."""

from __future__ import annotations

import re

from sympy import Symbol

from lstm_sym.errors import DeclarationError

t = Symbol("t", integer=True)
"""The time index of an equation."""
T = Symbol("T", integer=True, nonnegative=True)
"""The index of the last time step, as in the worksheet: the steps are 0, 1, ..., T."""
n = Symbol("n", integer=True, positive=True)
"""The number of units."""
m = Symbol("m", integer=True, positive=True)
"""The number of inputs."""

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,51}\Z")
"""Room for a declared name of 40 characters and what a derived name puts around it."""


def checked_name(name: str) -> str:
    """The name itself if it is an identifier of at most 52 letters, digits and underscores; else DeclarationError."""
    if not IDENTIFIER.match(name):
        raise DeclarationError(
            f"name {name[:60]!r}",
            got="not an identifier",
            expected="a letter, then letters, digits or underscores, 52 in all",
            advice="rename the symbol",
        )
    return name
