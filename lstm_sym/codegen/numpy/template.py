"""Fills a text with fields such as <sizes>; a field that stands alone in its line keeps the indentation for all its lines.

Law: every field of the text is given, and every given field is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import indent

FIELD = re.compile(r"<([A-Za-z][A-Za-z ]*)>")


def filled(template: str, fields: Mapping[str, str]) -> str:
    """The text; a line whose only content is an empty field is left out."""
    found = {name for line in template.split("\n") for name in FIELD.findall(line)}
    if found != set(fields):
        raise KeyError(f"fields of a template: {sorted(found ^ set(fields))}")
    lines = []
    for line in template.strip("\n").split("\n"):
        alone = FIELD.fullmatch(line.strip())
        if alone is None:
            lines.append(FIELD.sub(lambda match: fields[match[1]], line))
        elif fields[alone[1]]:
            lines.append(indent(fields[alone[1]], line[: len(line) - len(line.lstrip())]))
    return "\n".join(lines)
