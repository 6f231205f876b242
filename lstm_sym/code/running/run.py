"""One run of the user's loss and gradient on scalars, at one point: the loss, its derivative, and what the gradient function
returns.

The run repeats with more bits where a comparison in the user's code is undecided. What the code needs and scalars lack
becomes NotRunnableError, with the user's line. The gradient is asked twice, with fresh copies of the same arguments: a second
answer that differs is a finding.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_sym.code.running.names import returned_gradients
from lstm_sym.code.running.namespace import substituted
from lstm_sym.code.running.points import Arguments, Leaf, Point
from lstm_sym.code.running.standin import NUMPY
from lstm_sym.code.scalars.adjoint import derivative
from lstm_sym.code.scalars.array import as_scalar, plain
from lstm_sym.code.scalars.graph import Graph, Scalar, running
from lstm_sym.code.scalars.scalar import NotRunnableError, UndecidedError
from lstm_sym.code.scalars.trace import SKIPPED, Branch
from lstm_sym.errors import LstmSymError

FIRST_PRECISION, LAST_PRECISION = 200, 1600


@dataclass(frozen=True)
class Run:
    """What one run gave. `derived` and `returned` are arrays of scalars by leaf path; `again` is the second call's answer."""

    graph: Graph
    point: Point
    arguments: Arguments
    loss: Scalar
    derived: Mapping[str, Any]
    returned: Mapping[str, Any]
    again: Mapping[str, Any]
    same_loss: bool

    @property
    def active_clips(self) -> tuple[Branch, ...]:
        return tuple(dict.fromkeys(b for phase, b in self.graph.trace.branches if b.active and phase == "gradient"))

    @property
    def branches(self) -> tuple[Branch, ...]:
        return tuple(dict.fromkeys(branch for _, branch in self.graph.trace.branches))

    @property
    def lost(self) -> tuple[str, ...]:
        """Lines outside print statements where exactness was lost."""
        sites = (site for site in self.graph.trace.lost if not _prints(site.file, site.line))
        return tuple(dict.fromkeys(f"line {site.line}" for site in sites))


def _prints(file: str, line: int) -> bool:
    text = linecache.getline(file, line).strip()
    return text.startswith(("print", "logging.", "logger.", "log.", "sys.stdout"))


def run(
    loss: Callable[..., Any],
    gradient: Callable[..., Any],
    arguments: Arguments,
    point: Point,
    fixed: frozenset[str],
    seed: int,
    guards: bool = True,
    clips: bool = True,
    isolated: bool = False,
) -> Run:
    """Run both functions at the point; raises NotRunnableError. Isolated, each call finds the state as it was before the run."""
    precision = FIRST_PRECISION
    while True:
        graph = Graph(seed, precision, guards, clips)
        try:
            with running(graph), contextlib.redirect_stdout(io.StringIO()):
                if isolated:
                    return _run(graph, _alone(loss), _alone(gradient), arguments, point, fixed)
                with substituted(loss, gradient):
                    return _run(graph, loss, gradient, arguments, point, fixed)
        except UndecidedError as undecided:
            precision *= 2
            if precision > LAST_PRECISION:
                raise NotRunnableError(
                    str(undecided), advice="the two sides may be equal: move the point off the boundary"
                ) from None


def _run(
    graph: Graph,
    loss: Callable[..., Any],
    gradient: Callable[..., Any],
    arguments: Arguments,
    point: Point,
    fixed: frozenset[str],
) -> Run:
    trace = graph.trace
    trace.phase = "loss"
    value = _one(called(loss, "loss", arguments.build(graph, point, fixed)))
    trace.phase = "derivative"
    by_ident = derivative(value)
    trace.phase = "gradient"
    leaves = list(arguments.leaves.values())
    first, again = (_answer(gradient, arguments.build(graph, point, fixed), leaves) for _ in range(2))
    trace.phase = "end"
    second = _one(called(loss, "loss", arguments.build(graph, point, fixed)))
    return Run(
        graph=graph,
        point=point,
        arguments=arguments,
        loss=value,
        derived={leaf.path: _derived(graph, by_ident, leaf.path, leaf.shape) for leaf in leaves if leaf.path not in fixed},
        returned=first,
        again=again,
        same_loss=second is value or (second.r1, second.r2) == (value.r1, value.r2),
    )


def _answer(gradient: Callable[..., Any], arguments: dict[str, Any], leaves: Sequence[Leaf]) -> dict[str, Any]:
    """The returned gradients, copied: a later call may write into the same buffers."""
    found = returned_gradients(called(gradient, "gradient", arguments), leaves)
    return {path: value.copy() if isinstance(value, np.ndarray) else value for path, value in found.items()}


def _derived(graph: Graph, by_ident: dict[int, Scalar], path: str, shape: tuple[int, ...]) -> Any:
    array = np.empty(shape, dtype=object)
    for index in np.ndindex(shape):
        entry = graph.argument_at(path, index)
        array[index] = by_ident.get(entry.ident, graph.zero) if entry is not None else graph.zero
    return array


def _alone(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(**arguments: Any) -> Any:
        with substituted(function):
            return function(**arguments)

    return call


def called(function: Callable[..., Any], role: str, arguments: dict[str, Any]) -> Any:
    """The user's function on these arguments; what goes wrong inside becomes NotRunnableError with the user's line."""
    NUMPY.random.seed(0)
    try:
        return function(**arguments)
    except (NotRunnableError, UndecidedError):
        raise
    except RecursionError:
        raise NotRunnableError(f"{role}", got="recursion without end", expected="a value") from None
    except LstmSymError as error:
        raise NotRunnableError(f"{role}", got=str(error)) from None
    except Exception as error:
        raise NotRunnableError(f"{role}{_line_of(error)}", got=f"{type(error).__name__}: {error}", expected="a value") from None


def _line_of(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not any(part in frame.filename for part in SKIPPED)]
    return f", line {frames[-1].lineno} ({frames[-1].line})" if frames else ""


def _one(value: Any) -> Scalar:
    if isinstance(value, tuple | list) and value:
        value = value[0]
    if isinstance(value, np.ndarray):
        if value.size != 1:
            raise NotRunnableError("the loss", got=f"an array of shape {value.shape}", expected="one number")
        value = plain(value).reshape(-1)[0]
    return as_scalar(value)
