"""Assignments of long sums broken over several lines, inside brackets.

Law: only the layout of the text changes: a line is broken at the signs of its outermost sum.
"""

from __future__ import annotations

import re

from lstm_sym.codegen.numpy.wrap import CLOSING, OPENING, WIDTH

ASSIGNMENT = re.compile(r"( *(?:\w+ \+?= |return ))(.*)\Z")


def sums_broken(line: str) -> str:
    """The line, or several in its place."""
    found = ASSIGNMENT.match(line)
    if len(line) <= WIDTH or found is None or '"' in line:
        return line
    head, (first, *others) = found[1], _terms(found[2])
    if not others:
        return line
    indent = " " * (len(head) - len(head.lstrip()))
    lines = [f"{indent}    {first}"]
    for term in others:
        if len(lines[-1]) + len(term) > WIDTH:
            lines.append(f"{indent}    {term.lstrip()}")
        else:
            lines[-1] += term
    return "\n".join([f"{head}(", *lines, f"{indent})"])


def _terms(text: str) -> list[str]:
    """The terms of the outermost sum, each with its sign."""
    depth, start, terms = 0, 0, []
    for place, sign in enumerate(text):
        depth += (sign in OPENING) - (sign in CLOSING)
        if depth == 0 and text.startswith((" + ", " - "), place):
            terms.append(text[start:place])
            start = place
    return [*terms, text[start:]]
