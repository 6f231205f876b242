"""Run the user's functions with the stand-ins in place of `numpy`, `math` and `float`, and put everything back afterwards.

Every namespace that the functions can reach in the user's own files is treated, and so is their state: float arrays in
globals, closures, objects, lists and dictionaries become arrays of exact constants. Law: after the run all of these hold what
they held before, so that one run leaves nothing to the next.
"""

from __future__ import annotations

import copy
import functools
import math
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from lstm_sym.code.running.draws import Random
from lstm_sym.code.running.mathematics import FROM_MATH, MATH, on_number
from lstm_sym.code.running.standin import FLOAT, NUMPY, TABLE, expit
from lstm_sym.code.scalars.array import ScalarArray, scalars

LIBRARY = tuple({sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")})
LIMIT = 20_000


def _replacements() -> dict[int, Any]:
    found: dict[int, Any] = {id(np): NUMPY, id(math): MATH, id(np.random): NUMPY.random, id(np.linalg): NUMPY.linalg}
    for name, member in TABLE.items():
        original = getattr(np, name, None)
        if callable(original):
            found[id(original)] = member
    for name in FROM_MATH:
        found[id(getattr(math, name))] = on_number(name)
    for name in ("rand", "randn", "random", "normal", "uniform"):
        found[id(getattr(np.random, name))] = getattr(NUMPY.random, name)
    special = sys.modules.get("scipy.special")
    if special is not None:
        found[id(special.expit)] = expit
    return found


def is_users(module_name: str | None) -> bool:
    """Whether a module is the user's own: neither the standard library nor an installed package."""
    module = sys.modules.get(module_name or "")
    path = getattr(module, "__file__", None)
    if path is None:
        return (module_name or "").split(".")[0] not in sys.stdlib_module_names or module_name == "__main__"
    return not path.startswith(LIBRARY) and "site-packages" not in path and "/lstm_sym/" not in path


class _Reach:
    """Everything that the functions can reach: namespaces to treat, and state to convert and restore."""

    def __init__(self) -> None:
        self.seen: set[int] = set()
        self.keep: list[Any] = []
        self.undo: list[Callable[[], None]] = []
        self.replacements = _replacements()

    def visit(self, value: Any) -> Any:
        """The value as the run shall see it; containers are converted in place and remembered."""
        if id(value) in self.replacements:
            return self.replacements[id(value)]
        if isinstance(value, np.ndarray) and not isinstance(value, ScalarArray):
            return scalars(value) if value.dtype.kind == "f" else value.copy() if value.dtype.kind in "iub" else value
        if isinstance(value, np.random.Generator | np.random.RandomState):
            return Random(copy.deepcopy(value))
        if (
            isinstance(value, str | bytes | int | float | complex | bool | type(None))
            or id(value) in self.seen
            or len(self.seen) > LIMIT
        ):
            return value
        self.seen.add(id(value))
        self.keep.append(value)
        self._inside(value)
        return value

    def _inside(self, value: Any) -> None:
        if isinstance(value, functools.partial):
            for part in (value.func, *value.args, *value.keywords.values()):
                self.visit(part)
        elif isinstance(value, MethodType):
            self.visit(value.__self__)
            self.visit(value.__func__)
        elif isinstance(value, FunctionType):
            self._function(value)
        elif isinstance(value, dict):
            self._dictionary(value)
        elif isinstance(value, list):
            self._list(value)
        elif isinstance(value, tuple):
            for part in value:
                self.visit(part)
        elif isinstance(value, type):
            if is_users(value.__module__):
                for part in list(vars(value).values()):
                    self.visit(getattr(part, "__func__", part))
        elif isinstance(value, ModuleType):
            if is_users(value.__name__):
                self._dictionary(vars(value), inject=True)
        elif is_users(type(value).__module__) and hasattr(value, "__dict__"):
            self.visit(type(value))
            self._dictionary(vars(value))

    def _function(self, function: FunctionType) -> None:
        inner = getattr(function, "__wrapped__", None)
        if inner is not None:
            self.visit(inner)
        if not is_users(function.__module__):
            return
        if id(function.__globals__) not in self.seen:
            self.seen.add(id(function.__globals__))
            self._dictionary(function.__globals__, inject=True)
        for cell in function.__closure__ or ():
            self._cell(cell)
        for default in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
            self.visit(default)

    def _cell(self, cell: Any) -> None:
        try:
            before = cell.cell_contents
        except ValueError:
            return
        after = self.visit(before)
        self.undo.append(lambda: setattr(cell, "cell_contents", before))
        if after is not before:
            cell.cell_contents = after

    def _dictionary(self, mapping: dict[Any, Any], inject: bool = False) -> None:
        before = dict(mapping)

        def restore() -> None:
            mapping.clear()
            mapping.update(before)

        self.undo.append(restore)
        for key, value in before.items():
            if isinstance(key, str) and key.startswith("__") and key != "__wrapped__":
                continue
            after = self.visit(value)
            if after is not value:
                mapping[key] = after
        if inject:
            mapping.setdefault("float", FLOAT)

    def _list(self, items: list[Any]) -> None:
        before = list(items)
        self.undo.append(lambda: items.__setitem__(slice(None), before))
        for index, value in enumerate(before):
            after = self.visit(value)
            if after is not value:
                items[index] = after


@contextmanager
def substituted(*functions: Any) -> Iterator[None]:
    """Within: the stand-ins are in place wherever these functions look, and imports of numpy and math find them."""
    reach = _Reach()
    modules = {"numpy": sys.modules["numpy"], "math": sys.modules["math"]}
    try:
        for function in functions:
            reach.visit(function)
        sys.modules["numpy"], sys.modules["math"] = NUMPY, MATH
        yield
    finally:
        sys.modules.update(modules)
        for restore in reversed(reach.undo):
            restore()
