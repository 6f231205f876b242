"""Documents that define several cells under headings, one after the other: each is read with its own definitions.

    # RNN   h_t = tanh(W_x x_t + W_h h_{t-1})     # LSTM   h_t = o_t * tanh(c_t)

Laws: a new chapter begins at a heading behind which a variable is defined again by names that the chapter before does not
know; every formula belongs to exactly one chapter. A document without such a heading is one chapter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lstm_sym.notes.formula.names import reference, references
from lstm_sym.notes.formula.tree import Call, Factors, Formula, Indexed, Name, Relation, walk
from lstm_sym.notes.notation.backward import gradient_names

HEADING = re.compile(
    r"^[ >]*#{1,6}[ ].*$|\\(?:chapter|section|subsection|paragraph)\*?\{|^\*\*[^*\n]+\*\*\s*$|^[^\n]+\n[=-]{3,}\s*$", re.MULTILINE
)


@dataclass
class Chapter:
    """The numbers of the formulas of one chapter, and what it defines so far: the keys, and the names that they use."""

    numbers: list[int] = field(default_factory=list)
    bodies: dict[str, Formula] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def chapters(formulas: Mapping[int, Formula], starts: Mapping[int, int], text: str, timed: frozenset[str]) -> list[list[int]]:
    """The numbers of the formulas, chapter by chapter; `starts` are their offsets in the text."""
    headings = [found.start() for found in HEADING.finditer(text)]
    gradients = gradient_names(formulas.values(), timed)
    sections = _sections(sorted(formulas), starts, headings)
    found = [Chapter()]
    for section in sections:
        new = _read(section, formulas, timed, gradients)
        if _is_another(new, found[-1]):
            found.append(Chapter())
        found[-1].numbers += section
        for key, body in new.bodies.items():
            found[-1].bodies.setdefault(key, body)
        found[-1].names |= new.names
    return [chapter.numbers for chapter in found]


def _sections(numbers: Sequence[int], starts: Mapping[int, int], headings: Sequence[int]) -> list[list[int]]:
    sections: list[list[int]] = [[]]
    waiting = list(headings)
    for number in numbers:
        passed = False
        while waiting and waiting[0] <= starts[number]:
            waiting.pop(0)
            passed = True
        if passed and sections[-1]:
            sections.append([])
        sections[-1].append(number)
    return sections


def _read(section: Sequence[int], formulas: Mapping[int, Formula], timed: frozenset[str], gradients: frozenset[str]) -> Chapter:
    """What a section defines by forward equations."""
    found = Chapter()
    for number in section:
        line = formulas[number]
        if (
            not isinstance(line, Relation)
            or line.signs[0] != "="
            or any(type(node).__name__ in ("Prefixed", "Derivative") for node in walk(line))
        ):
            continue
        read = reference(line.parts[0], timed) if isinstance(line.parts[0], Name | Indexed) else None
        body = line.parts[-1]
        if read is None or read.time is None or read.time.base != "t" or read.key in gradients:
            continue
        if any(isinstance(node, Call | Factors) for node in walk(body)) and read.key not in found.bodies:
            found.bodies[read.key] = body
            found.names |= {other.key for other in references(body, timed)}
    return found


def _is_another(new: Chapter, old: Chapter) -> bool:
    """Whether the section defines a variable of the chapter anew, by names that the chapter does not know."""
    known = old.names | set(old.bodies)
    again = [key for key, body in new.bodies.items() if key in old.bodies and body != old.bodies[key]]
    return len(new.bodies) > 1 and bool(again) and bool((new.names | set(new.bodies)) - known)
