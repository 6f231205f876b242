"""Matrices of printed numbers: rows split at \\\\, entries at &, a comma or a written space; each entry kept as its text.

Law: text in, text out. An entry is one signed number, or the answer is that this is no matrix of numbers.
"""

from __future__ import annotations

import re

ENTRY = re.compile(r"[-+−]?\s*(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?\Z", re.ASCII)
BETWEEN = re.compile(r"&|,|;|\\(?=\s)|\\[,;:!]|\\quad|\\qquad|~|(?<=[\d.])\s+(?=[-+−.\d])")
ROW = re.compile(r"\\\\(?:\s*\[[^\]]*\])?|\\cr\b")
POWER = re.compile(r"\s*\\(?:times|cdot)\s*10\s*\^\s*\{?\s*(-?\d{1,3})\s*\}?", re.ASCII)
TAIL = re.compile(r"\\right\s*\Z")


def numeric_rows(text: str) -> tuple[tuple[str, ...], ...] | None:
    """The rows of a matrix of numbers, or None where something else stands in it."""
    if len(text) > 4_000 or not any(character.isdigit() for character in text):
        return None
    text = POWER.sub(r"e\1", TAIL.sub("", text)).strip()
    rows = [_entries(row) for row in ROW.split(text) if row.strip()]
    if any(row is None for row in rows):
        return None
    kept = tuple(row for row in rows if row is not None)
    return kept if kept and len({len(row) for row in kept}) == 1 else None


def _entries(row: str) -> tuple[str, ...] | None:
    entries = [entry.strip() for entry in BETWEEN.split(row) if entry.strip()]
    if not entries or not all(ENTRY.match(entry) for entry in entries):
        return None
    return tuple(entry.replace("−", "-").replace(" ", "") for entry in entries)
