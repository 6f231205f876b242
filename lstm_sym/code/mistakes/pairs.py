"""Two mistakes at once: a mistake that explains one gradient, joined with a second one where it does not explain another.

Law: as for one mistake, both random points agree in every entry; since no single mistake gives these values, both are needed.
The search ends after SECONDS.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from lstm_sym.code.mistakes.mutant import Mutant
from lstm_sym.code.running.tape import ZERO, Tape
from lstm_sym.code.scalars.graph import Residues

SECONDS = 3.0
Target = list[tuple[int, Residues]]


def reproduces(adjoints: Mapping[int, Residues], target: Target) -> bool:
    """Whether a backward pass gives these values for one argument."""
    return all(adjoints.get(ident, ZERO) == wanted for ident, wanted in target)


def pairs(tape: Tape, tried: Sequence[Mutant], wanted: Mapping[str, Target], known: Sequence[Mutant]) -> dict[str, Mutant]:
    """For each argument the first pair of a known mistake and a second one that gives its values, as one mutant."""
    started = time.monotonic()
    left = dict(wanted)
    found: dict[str, Mutant] = {}
    for one in {id(mutant): mutant for mutant in known if not mutant.redirected}.values():
        for two in tried:
            if not left or time.monotonic() - started > SECONDS:
                return found
            if two.redirected or one.changes.keys() & two.changes.keys():
                continue
            changes = {**one.changes, **two.changes}
            adjoints = tape.backward(changes)
            for path in [path for path, target in left.items() if reproduces(adjoints, target)]:
                found[path] = Mutant("two mistakes", f"two mistakes: {one.text}; and {two.text}", changes)
                del left[path]
    return found
