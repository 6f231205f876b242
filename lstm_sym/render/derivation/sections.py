"""The headings under which a lecturer puts the results of a derivation, by their kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lstm_sym.errors import UnsupportedError
from lstm_sym.render.derivation.outline import OutlineResult

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Forward pass", ("definition",)),
    ("Loss", ("loss",)),
    ("Adjoints of the values and gates", ("adjoint", "boundary")),
    ("Inputs and the step before", ("input", "arriving", "initial")),
    ("Gradients of the parameters", ("parameter",)),
    ("Stacked form", ("stacked",)),
    ("Update", ("update",)),
)
"""Heading and kinds of results, in printed order."""


def by_section(results: Sequence[OutlineResult]) -> Iterator[tuple[str, tuple[OutlineResult, ...]]]:
    """The results under their headings; headings without results are left out. A kind without a heading raises."""
    known = {kind for _, kinds in SECTIONS for kind in kinds}
    for outlined in results:
        if outlined.result.kind not in known:
            raise UnsupportedError(
                f"result {outlined.result.id}",
                got=f"the kind {outlined.result.kind!r}",
                expected=f"one of {', '.join(sorted(known))}",
                advice="add the kind to SECTIONS in lstm_sym/render/derivation/sections.py",
            )
    for title, kinds in SECTIONS:
        found = tuple(outlined for outlined in results if outlined.result.kind in kinds)
        if found:
            yield title, found
