"""The verdicts of a whole proof under one roof, and in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstm_sym.proof.prove import Proof
    from lstm_sym.verdict import Verdict


def all_verdicts(proof: Proof) -> dict[str, Verdict]:
    """Those of the results by their ids, then those of the composition by their sizes."""
    return {**proof.results, **{f"composition, {size}": verdict for size, verdict in proof.compositions.items()}}


def by_scope(verdicts: Mapping[str, Verdict]) -> Iterator[str]:
    """How many statements are proved over which scope, and each one that is not proved by itself."""
    from lstm_sym.render.derivation.verdicts import verdict_text
    from lstm_sym.verdict import Status

    groups: dict[tuple[str, str], list[Verdict]] = {}
    for id, verdict in verdicts.items():
        if verdict.status is Status.PROVED:
            groups.setdefault((verdict.scope, verdict.method), []).append(verdict)
        else:
            yield f"{id}: {verdict_text(verdict)}"
    for (scope, method), group in groups.items():
        number = f"{len(group)} statement{'' if len(group) == 1 else 's'}"
        yield f"{Status.PROVED}  {number}, {scope}; {method}, {sum(verdict.checks for verdict in group)} checks"
