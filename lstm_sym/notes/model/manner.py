"""The manner of a document: rows or columns, what its tensor sign means, the layout of derivatives.

Law: data only; it is learnt from the whole document and holds throughout.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Manner:
    """How a document writes: row or column vectors, what its tensor sign means, and how it lays out derivatives."""

    row: bool = False
    otimes: str = "outer"
    layout: str = "column"
