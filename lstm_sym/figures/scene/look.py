"""What each role looks like: colours for light and dark, width of the line, dashes. Both writers read this table.

Law: forward and gradient differ in colour and in dashes, so that they are told apart without colour; the pair is safe for the
colour-blind. A role without a row raises.
"""

from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.errors import UnsupportedError

LIGHT = {
    "paper": "FFFFFF",
    "ink": "1A1A1A",
    "muted": "5F6368",
    "line": "8A8F98",
    "grid": "DADDE2",
    "panel": "F6F7F9",
    "box": "FFFFFF",
    "forward": "0072B2",
    "gradient": "C44E00",
    "shade": "E8F1F7",
}
DARK = {
    "paper": "17191C",
    "ink": "ECEDEE",
    "muted": "A9AFB8",
    "line": "7C828C",
    "grid": "3A3E45",
    "panel": "1F2226",
    "box": "2A2E34",
    "forward": "5DB7EE",
    "gradient": "FF9248",
    "shade": "20323E",
}
"""Six hexadecimal digits for each name of a colour; gradient on white is the vermilion #D55E00, darker, for small letters."""


@dataclass(frozen=True)
class Look:
    """Names of colours for line and inside, the width of the line in points, and its dashes (on, off)."""

    line: str | None
    fill: str | None = None
    width: float = 0.6
    dashes: tuple[float, float] | None = None
    radius: float = 0.0


LOOKS: dict[str, Look] = {
    "ink": Look("ink", width=0.5),
    "muted": Look("muted", width=0.5),
    "grid": Look("grid", width=0.4),
    "axis": Look("line", width=0.6),
    "forward": Look("forward", "forward", 0.8),
    "gradient": Look("gradient", "gradient", 0.8, (2.2, 1.6)),
    "changed": Look("gradient", "gradient", 0.8),
    "panel": Look("grid", "panel", 0.6, radius=5.0),
    "shade": Look(None, "shade"),
    "gate": Look("ink", "box", 0.7, radius=2.5),
    "operation": Look("ink", "box", 0.7),
    "given": Look("line", "panel", 0.6, radius=2.5),
    "port": Look(None, None),
}


def look(role: str) -> Look:
    """The look of a role; raises UnsupportedError where there is none."""
    if role not in LOOKS:
        raise UnsupportedError(
            f"role {role!r} in a picture",
            got="no look for it",
            expected=f"one of {', '.join(LOOKS)}",
            advice="add it to LOOKS in lstm_sym/figures/scene/look.py",
        )
    return LOOKS[role]
