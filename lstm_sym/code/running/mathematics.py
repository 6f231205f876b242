"""What stands in for the module `math` in the user's namespace: its functions of one number, on scalars."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from lstm_sym.code.scalars.array import UNARY, as_scalar
from lstm_sym.code.scalars.graph import Scalar
from lstm_sym.code.scalars.scalar import unsupported


def on_number(name: str) -> Callable[..., Any]:
    def function(value: Any, *more: Any) -> Any:
        if isinstance(value, Scalar | float | int | np.number) and not more:
            return FROM_MATH[name](as_scalar(value))
        if any(isinstance(part, Scalar) for part in (value, *more)):
            raise unsupported(f"math.{name} of several scalars")
        return getattr(math, name)(value, *more)

    return function


FROM_MATH: dict[str, Callable[[Any], Any]] = {
    name: UNARY[name]
    for name in ("exp", "tanh", "log", "sqrt", "sin", "cos", "sinh", "cosh", "log1p", "expm1", "log2", "log10", "fabs")
}


class MathStandIn(ModuleType):
    """The module `math` of a run."""

    def __init__(self) -> None:
        super().__init__("math")
        self.__dict__.update({name: getattr(math, name) for name in dir(math) if not name.startswith("__")})
        self.__dict__.update({name: on_number(name) for name in FROM_MATH})
        self.__dict__["pow"] = lambda a, b: as_scalar(a) ** as_scalar(b)  # type: ignore[operator]


MATH = MathStandIn()
