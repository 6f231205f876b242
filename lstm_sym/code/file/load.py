"""The user's objects out of a file: the whole file is run, or its definitions only where that fails or was asked.

Law: what goes wrong while the whole file runs (an exception, an exit, too much time) is said, and the definitions are tried;
an import that fails then stands as an object that refuses to be used.
"""

from __future__ import annotations

import ast
import linecache
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any

from lstm_sym.code.file.source import Source
from lstm_sym.code.running.run import called
from lstm_sym.code.scalars.scalar import NotRunnableError
from lstm_sym.errors import InputError, Place

MODULE = "users_file"

PYTHON_2_NAMES = {"xrange": range}
"""What a file written for Python 2 takes for granted."""


@dataclass(frozen=True)
class Loaded:
    """The three named objects, and what has to be said about how they were obtained."""

    loss: Any
    gradient: Any
    arguments: Any
    findings: tuple[str, ...]


class Missing:
    """In place of a module that cannot be imported."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        raise NotRunnableError(
            f"{self._name}.{attribute}", got=f"no module {self._name} in this installation", advice="install it"
        )

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise NotRunnableError(self._name, got=f"no {self._name} in this installation", advice="install it")


class TooLongError(Exception):
    """The file ran past its time."""


def load(source: Source, names: tuple[str, str, str], definitions_only: bool, seconds: int) -> Loaded:
    """Run the file and take the named objects; raises InputError where one of them is not there."""
    findings: list[str] = []
    module = _module(source)
    if not definitions_only:
        tree = source.whole()
        try:
            with _time_limit(seconds):
                exec(compile(tree, str(source.path), "exec"), vars(module))
        except (Exception, SystemExit) as error:
            findings.append(f"running the whole file failed ({_described(error)}): only its definitions were taken")
            module, definitions_only = _module(source), True
    if definitions_only:
        findings += _define(source, module, names, seconds)
    missing = [name for name in names if not hasattr(module, name)]
    if missing:
        raise InputError(
            f"no {', '.join(missing)} in the file",
            got=", ".join(name for name in vars(module) if name not in PYTHON_2_NAMES and name[:2] != "__")[:300] or "nothing",
            expected="loss(**arguments) -> number, gradient(**arguments) -> {name: array}, arguments = {name: array or shape}",
            advice="define them, or name them with --loss, --gradient and --arguments",
            place=Place(str(source.path)),
        )
    loss, gradient, arguments = (getattr(module, name) for name in names)
    if callable(arguments):
        arguments = called(arguments, names[2], {})
    return Loaded(loss, gradient, arguments, tuple(findings))


def _module(source: Source) -> ModuleType:
    module = ModuleType(MODULE)
    module.__file__ = str(source.path)
    vars(module).update(PYTHON_2_NAMES)
    sys.modules[MODULE] = module
    lines = [line + "\n" for line in source.text.split("\n")]
    linecache.cache[str(source.path)] = (len(source.text), None, lines, str(source.path))
    return module


def _define(source: Source, module: ModuleType, names: tuple[str, ...], seconds: int) -> list[str]:
    tree, left_out = source.definitions(names)
    findings = list(left_out)
    with _time_limit(seconds):
        for statement in tree.body:
            try:
                exec(compile(ast.Module([statement], []), str(source.path), "exec"), vars(module))
            except ImportError as error:
                _stand_in(statement, module)
                findings.append(f"line {statement.lineno}: {error}")
            except (Exception, SystemExit) as error:
                findings.append(f"line {statement.lineno} failed and is left out ({_described(error)})")
    return findings


def _stand_in(statement: ast.stmt, module: ModuleType) -> None:
    for alias in getattr(statement, "names", ()):
        name = alias.asname or alias.name.split(".")[0]
        if not hasattr(module, name):
            setattr(module, name, Missing(alias.name))


def _described(error: BaseException) -> str:
    if isinstance(error, TooLongError):
        return str(error)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    def stop(signum: int, frame: FrameType | None) -> None:
        raise TooLongError(f"it ran longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
