"""What a run of the user's code did, and where: the line of each array operation, branches on values, losses of exactness.

An operation's site is its place in the user's bytecode, so two operations on one line are told apart; its count is the number of times
that the site ran before, which in a loop over time is the step. A scalar remembers the site, count and position where it was made.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import FrameType

OUR_FOLDER = __file__.rsplit("/", 1)[0]
SKIPPED = (OUR_FOLDER, "/numpy/", "<frozen", "<__array_function__")


@dataclass(frozen=True)
class Site:
    """A place in the user's code: file, line, function, and offset of the instruction."""

    file: str
    line: int
    function: str
    offset: int

    def __str__(self) -> str:
        return f"line {self.line}"


@dataclass(frozen=True)
class Made:
    """Where a scalar was made: site, how often the site had run before, and its position within that run."""

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


def user_frame() -> FrameType | None:
    """The innermost frame that runs the user's code."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not any(part in name for part in SKIPPED):
            return frame
        frame = frame.f_back
    return None


def user_site() -> Site | None:
    frame = user_frame()
    if frame is None:
        return None
    return Site(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name, frame.f_lasti)


class Trace:
    """The record of one run. `phase` is "loss", "derivative" or "gradient"; scalars made in the loss keep their place."""

    def __init__(self) -> None:
        self.phase = "start"
        self.made: dict[int, Made] = {}
        self.branches: list[tuple[str, Branch]] = []
        self.lost: list[Site] = []
        self._counts: dict[Site, int] = {}
        self._site: Site | None = None
        self._position = 0
        self._depth = 0

    def enter(self) -> None:
        """An array operation begins: its site is that of the user's frame; inner operations belong to it."""
        self._depth += 1
        if self._depth == 1 and self.phase == "loss":
            self._place()

    def leave(self) -> None:
        self._depth -= 1

    def _place(self) -> None:
        site = user_site()
        self._site, self._position = site, 0
        if site is not None:
            self._counts[site] = self._counts.get(site, -1) + 1

    def stepped(self) -> None:
        self._position += 1

    def created(self, ident: int) -> None:
        if self.phase != "loss":
            return
        if self._depth == 0:
            self._place()
        if self._site is not None:
            self.made[ident] = Made(self._site, self._counts[self._site], self._position)

    def branch(self, what: str, active: bool = False) -> None:
        self.branches.append((self.phase, Branch(user_site(), what, active)))

    def lose(self) -> None:
        """A scalar was turned into a float: from here on the numbers are no longer exact."""
        site = user_site()
        if site is not None:
            self.lost.append(site)
