"""What a caller may choose about generated code; a choice that is none of the known ones raises InputError."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.errors import InputError

DTYPES = ("float64", "float32", "float16", "bfloat16")
NUMPY_DTYPES = DTYPES[:3]
"""The types that NumPy has."""
LAYOUTS = ("time-first", "batch-first")


@dataclass(frozen=True)
class Options:
    """The dtype of all arrays, the order of their first two axes, whether slopes keep their tails, and sizes that are fixed."""

    dtype: str = "float64"
    layout: str = "time-first"
    stable: bool = False
    sizes: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        for what, got, known in (("dtype", self.dtype, DTYPES), ("layout", self.layout, LAYOUTS)):
            if got not in known:
                raise InputError(f"--{what} {got}", got=repr(got), expected=f"one of {', '.join(known)}")

    @property
    def batch_first(self) -> bool:
        return self.layout == "batch-first"


DEFAULTS = Options()
