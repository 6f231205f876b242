"""Lines of generated code broken where they are too long, at the outermost comma inside brackets.

Law: only the layout of the text changes: a line is broken inside its first bracket that reaches the end of the line.
"""

from __future__ import annotations

WIDTH = 120
OPENING, CLOSING = "([{", ")]}"


def wrapped(text: str) -> str:
    return "\n".join(part for line in text.split("\n") for part in _broken(line))


def _broken(line: str) -> list[str]:
    stripped = line.strip()
    if len(line) <= WIDTH or stripped.startswith("#") or '"' in stripped:
        return [line]
    place = _bracket(line)
    if place is None:
        return [line]
    start, end = place
    indent = " " * (len(line) - len(line.lstrip()))
    lines, current = [line[: start + 1]], indent + "   "
    for part in _parts(line[start + 1 : end]):
        if len(current) + len(part) + 2 > WIDTH and current.strip():
            lines.append(current)
            current = indent + "   "
        current += f" {part},"
    return [*lines, current, indent + line[end:]]


def _bracket(line: str) -> tuple[int, int] | None:
    """The first bracket with a comma at its own level that holds most of the line."""
    depth: list[int] = []
    pairs = []
    for place, sign in enumerate(line):
        if sign in OPENING:
            depth.append(place)
        elif sign in CLOSING and depth:
            pairs.append((depth.pop(), place))
    wide = [(start, end) for start, end in pairs if end - start > len(line) // 2 and len(_parts(line[start + 1 : end])) > 1]
    return min(wide, default=None)


def _parts(inner: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for sign in inner:
        depth += (sign in OPENING) - (sign in CLOSING)
        if sign == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += sign
    return [*parts, current.strip()] if current.strip() else parts
