"""Sizes that are not known yet, bound to one another, to numbers or to sums.

Law: binding two sizes is for good; it answers False where both are fixed and differ.
"""

from __future__ import annotations


class Size:
    """A size that may be bound to another size, to a number or to a sum of sizes."""

    __slots__ = ("bound", "label")

    def __init__(self, label: str = "") -> None:
        self.bound: Size | int | tuple[Size, ...] | None = None
        self.label = label

    def root(self) -> Size:
        size = self
        while isinstance(size.bound, Size):
            size = size.bound
        return size


Shape = tuple[Size, Size]


def number(value: int) -> Size:
    size = Size()
    size.bound = value
    return size


def unify(left: Size, right: Size) -> bool:
    """Makes the two sizes one; False where both are fixed and differ."""
    left, right = left.root(), right.root()
    if left is right:
        return True
    if left.bound is None or right.bound is None:
        free, other = (left, right) if left.bound is None else (right, left)
        if _holds(other, free):
            return False
        free.bound = other
        return True
    if isinstance(left.bound, tuple) and isinstance(right.bound, tuple) and len(left.bound) == len(right.bound):
        return all(unify(a, b) for a, b in zip(left.bound, right.bound, strict=True))
    return left.bound == right.bound


def _holds(whole: Size, part: Size) -> bool:
    """Whether a size is the sum of sizes among which the other one is: then they cannot be equal."""
    root = whole.root()
    return isinstance(root.bound, tuple) and any(inner.root() is part or _holds(inner, part) for inner in root.bound)
