"""What a run of the user's code did, and where: the site of each operation, branches on values, losses of exactness.

A site is the chain of calls from the loss function down to an instruction, so two operations on one line, or two calls of one
helper, are told apart. Its count is the number of times that it ran before, which in a loop over time is the step. Of each
scalar of the loss the trace knows where it was made (`inside`), and of which result it is which entry (`entry`).
"""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from dis import get_instructions
from functools import cache
from types import CodeType, FrameType

OUR_FOLDER = __file__.rsplit("/", 2)[0]
SKIPPED = (OUR_FOLDER, "/numpy/", "<frozen", "<__array_function__")
HELPER_LINES = 9


@dataclass(frozen=True)
class Call:
    """One frame of a site: file, function, offset of the instruction, and the stretch of text that it executes."""

    file: str
    function: str
    offset: int
    line: int
    end_line: int
    column: int
    end_column: int

    @property
    def source(self) -> str:
        """The expression itself."""
        lines = [linecache.getline(self.file, line).rstrip("\n") for line in range(self.line, self.end_line + 1)]
        if not any(lines):
            return ""
        if len(lines) == 1:
            return lines[0].encode()[self.column : self.end_column].decode(errors="replace")
        return lines[0].strip() + " ..."

    @property
    def name(self) -> str:
        """The variable that gets the value, where the expression is a whole right side; otherwise the expression."""
        for statement in _statements(self.file):
            if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign) and statement.value is not None:
                value = statement.value
                if (value.lineno, value.col_offset) == (self.line, self.column) and value.end_col_offset == self.end_column:
                    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
                    return ast.unparse(target)
        return self.source


@cache
def _statements(file: str) -> tuple[ast.stmt, ...]:
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.stmt))


@cache
def _positions(code: CodeType) -> tuple[tuple[int | None, int | None, int | None, int | None], ...]:
    return tuple(code.co_positions())


def _call(frame: FrameType) -> Call:
    line, end, column, end_column = _positions(frame.f_code)[frame.f_lasti // 2]
    first = line or frame.f_lineno
    return Call(frame.f_code.co_filename, frame.f_code.co_name, frame.f_lasti, first, end or first, column or 0, end_column or 0)


@dataclass(frozen=True)
class Site:
    """A place in the user's code: the chain of calls, innermost first."""

    calls: tuple[Call, ...]
    short: bool = False

    @property
    def shown(self) -> Call:
        """The call to show a reader: where a short helper such as sigmoid is used, not its inside."""
        return self.calls[1] if self.short and len(self.calls) > 1 else self.calls[0]

    @property
    def line(self) -> int:
        return self.shown.line

    @property
    def file(self) -> str:
        return self.shown.file

    @property
    def name(self) -> str:
        return self.shown.name

    def __str__(self) -> str:
        return f"line {self.line}"

    def quoted(self) -> str:
        source = self.shown.source
        return f"line {self.line} `{source}`" if source else f"line {self.line}"


@dataclass(frozen=True)
class Made:
    """A site, how often it had run before, and a position within that run."""

    site: Site
    count: int
    position: int


@dataclass(frozen=True)
class Branch:
    """A decision on values at a site: which way, and whether it changed numbers (an active clip)."""

    site: Site | None
    what: str
    active: bool = False

    def __str__(self) -> str:
        return f"{self.what} at {self.site}" if self.site else self.what


def user_site() -> Site | None:
    """The site of the user's code that runs now."""
    frame: FrameType | None = sys._getframe(1)
    calls: list[Call] = []
    short = False
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(SKIPPED[0]) and not any(part in name for part in SKIPPED[1:]):
            if not calls:
                lines = [line for _, _, line in frame.f_code.co_lines() if line]
                short = max(lines) - min(lines) < HELPER_LINES and not _is_a_pass(frame.f_code)
            calls.append(_call(frame))
        elif calls and name.startswith(OUR_FOLDER):
            break
        frame = frame.f_back
    return Site(tuple(calls), short) if calls else None


@cache
def _is_a_pass(code: CodeType) -> bool:
    """Whether a function is more than a helper, however short: it loops, or its name says so."""
    named = code.co_name.startswith(("<", "forward", "step", "loss"))
    return named or any(instruction.opname.startswith(("FOR_ITER", "JUMP_BACKWARD")) for instruction in get_instructions(code))


class Trace:
    """The record of one run. `phase` is "loss", "derivative" or "gradient"; only scalars of the loss keep their place."""

    def __init__(self) -> None:
        self.phase = "start"
        self.inside: dict[int, Made] = {}
        self.entry: dict[int, Made] = {}
        self.branches: list[tuple[str, Branch]] = []
        self.lost: list[Site] = []
        self._counts: dict[Site, int] = {}
        self._site: Site | None = None
        self._position = 0
        self._depth = 0

    def enter(self) -> None:
        """An array operation begins; inner operations belong to it."""
        self._depth += 1
        if self._depth == 1 and self.phase == "loss":
            self._place()

    def leave(self) -> None:
        self._depth -= 1

    def result(self, entries: Iterable[object]) -> None:
        """The entries of an array operation's result, in order."""
        if self.phase != "loss" or self._depth != 1 or self._site is None:
            return
        count = self._counts[self._site]
        for position, scalar in enumerate(entries):
            ident = getattr(scalar, "ident", None)
            if ident is not None:
                self.entry.setdefault(ident, Made(self._site, count, position))

    def _place(self) -> None:
        site = user_site()
        self._site, self._position = site, 0
        if site is not None:
            self._counts[site] = self._counts.get(site, -1) + 1

    def stepped(self) -> None:
        """A scalar operation begins."""
        if self.phase == "loss":
            if self._depth == 0:
                self._place()
            self._position += 1

    def created(self, ident: int) -> None:
        if self.phase == "loss" and self._site is not None:
            made = Made(self._site, self._counts[self._site], self._position)
            self.inside[ident] = made
            if self._depth == 0:
                self.entry[ident] = Made(made.site, made.count, 0)

    def branch(self, what: str, active: bool = False) -> None:
        self.branches.append((self.phase, Branch(user_site(), what, active)))

    def lose(self) -> None:
        """A scalar was turned into a float: from here on the numbers are no longer exact."""
        site = user_site()
        if site is not None:
            self.lost.append(site)
