"""Runs of letters: which are one name (state, dW, Wxh), which are several names side by side (Wx is W x).

Law: a run is one name only if a rule below says so: a known function, a lower-case word of three or more letters, a weight
with two index letters, a d in front of a name, or a word that the document writes with an index of its own.
"""

from __future__ import annotations

import re

from lstm_sym.notes.text.lexicon import FUNCTIONS

WEIGHT = re.compile(r"d?[WUVRKTPQ][a-z]{2}\Z")
CAMEL = re.compile(r"[A-Za-z][a-z]*(?:[A-Z][a-z]+)+\Z")
D_NAME = re.compile(r"d[A-Za-z]\Z")
D_WORD = re.compile(r"d[A-Z][a-z]\Z|d[a-z]{2,}\Z")
BIAS = re.compile(r"b[a-z]\Z")


def split_run(run: str) -> tuple[str, ...]:
    """The names that a run of letters stands for, in order."""
    if len(run) == 1 or run in FUNCTIONS:
        return (run,)
    if run.islower() and len(run) >= 3:
        return (run,)
    if any(pattern.match(run) for pattern in (WEIGHT, CAMEL, D_NAME, D_WORD, BIAS)):
        return (run,)
    if run.isupper() and len(run) >= 3:
        return (run,)
    return tuple(run)
