"""A file with `forward` and `backward` as an implementation: generated code, or functions with the interface of `task`.

Law: the file is run, as asked; what it lacks, and what fails in it, is said with its name.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from lstm_sym.accuracy.generated import from_generated, is_generated
from lstm_sym.accuracy.task import Implementation, Results, Task
from lstm_sym.accuracy.tensor_module import from_tensor_module, is_tensor_module
from lstm_sym.cell import Cell
from lstm_sym.errors import InputError

NAME = "implementation_of_a_user"
FORMATS = ("float16", "float32", "float64")


def from_file(path: Path, cells: Iterable[Cell] = ()) -> Implementation:
    """The implementation in a file; `cells` are those beyond the package that generated code may be for. Raises InputError."""
    module = _loaded(path)
    if is_generated(module):
        return from_generated(module, path.name, cells)
    if is_tensor_module(module):
        return from_tensor_module(module, path.name, cells)
    formats = tuple(getattr(module, "DTYPES", FORMATS))
    return Implementation(path.name, f"forward and backward of {path.name}", lambda task: _run(module, path.name, task), formats)


def from_callables(
    name: str, forward: Callable[..., Results], backward: Callable[..., Results] | None = None, formats: tuple[str, ...] = FORMATS
) -> Implementation:
    """An implementation from functions with the interface of `task`; `backward` may be left out."""
    return Implementation(name, name, lambda task: _results(name, forward, backward, task), formats)


def _loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(NAME, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise InputError(
            str(path), got="no Python file", expected="a file with forward and backward, or the name of an implementation"
        )
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise InputError(str(path), got=f"{type(error).__name__}: {error}", expected="a file that can be run") from error
    if not callable(getattr(module, "forward", None)):
        raise InputError(str(path), got="no function forward", expected="forward(**arrays) and backward(**arrays, label=...)")
    return module


def _run(module: Any, name: str, task: Task) -> Results:
    return _results(name, module.forward, getattr(module, "backward", None), task)


def _results(name: str, forward: Callable[..., Results], backward: Callable[..., Results] | None, task: Task) -> Results:
    given = task.given()
    label = given.pop("label")
    try:
        found = dict(forward(**{key: array.copy() for key, array in given.items()}))
        if backward is not None:
            found |= dict(backward(**given, label=label))
    except Exception as error:
        raise InputError(
            f"{name} on {task.solved.case.name}", got=f"{type(error).__name__}: {error}", expected="arrays by name"
        ) from error
    return found
