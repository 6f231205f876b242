"""Which returned array is the gradient for which argument: by name, with the usual prefixes, or by place in a tuple.

Law: nothing is guessed from values or shapes; an argument for which no name fits is left out, and the report names it. A
tuple whose shapes fit the arguments in another order only is refused, and a dictionary asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lstm_sym.code.running.points import Leaf
from lstm_sym.code.scalars.graph import Scalar
from lstm_sym.code.scalars.scalar import NotRunnableError

PREFIXES = ("", "d", "d_", "grad_", "g_", "delta_", "D", "grad", "g")


def returned_gradients(returned: Any, leaves: Sequence[Leaf]) -> dict[str, Any]:
    """The returned gradients by leaf path."""
    if isinstance(returned, Mapping):
        return _by_name(_flat(returned), leaves)
    if isinstance(returned, np.ndarray | Scalar):
        returned = (returned,)
    if not isinstance(returned, tuple | list):
        raise NotRunnableError(
            "gradient", got=type(returned).__name__, expected="a dictionary {argument: array} or a tuple of arrays"
        )
    mappings = [part for part in returned if isinstance(part, Mapping)]
    if len(mappings) == 1 and not any(isinstance(part, np.ndarray) for part in returned):
        return _by_name(_flat(mappings[0]), leaves)
    if mappings:
        return _by_argument(returned, leaves)
    _in_order(returned, leaves)
    return {leaf.path: value for leaf, value in zip(leaves, returned, strict=False) if value is not None}


def _in_order(returned: Sequence[Any], leaves: Sequence[Leaf]) -> None:
    """Refuse a tuple whose shapes fit the arguments in another order than theirs: which is which is asked, not guessed."""
    given, wanted = [_shape(value) for value in returned], [_shape(leaf) for leaf in leaves]
    if all(one in (None, two) for one, two in zip(given, wanted, strict=False)):
        return
    arrays = Counter(shape for shape in given if shape)
    if arrays and arrays <= Counter(wanted):
        order = ", ".join(f"{leaf.path} {_words(leaf.shape)}" for leaf in leaves)
        raise NotRunnableError(
            "gradient",
            got=f"a tuple with the shapes {', '.join(_words(shape) for shape in given if shape is not None)}",
            expected=f"one array for each argument in their order, {order}",
            advice="return a dictionary {argument: array}",
        )


def _shape(value: Any) -> tuple[int, ...] | None:
    """The axes longer than one, as a gradient may leave out or add those of length one."""
    return None if value is None else tuple(size for size in getattr(value, "shape", ()) if size != 1)


def _words(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "number"


def _by_argument(returned: Sequence[Any], leaves: Sequence[Leaf]) -> dict[str, Any]:
    """A tuple with dictionaries in it: one element for each argument, in order."""
    names = list(dict.fromkeys(leaf.path.split(".")[0] for leaf in leaves))
    found: dict[str, Any] = {}
    for name, value in zip(names, returned, strict=False):
        inside = [leaf for leaf in leaves if leaf.path.split(".")[0] == name]
        if isinstance(value, Mapping):
            found.update(_by_name(_flat({name: value}), inside))
        elif value is not None and inside[0].path == name:
            found[name] = value
    return found


def _flat(mapping: Mapping[Any, Any], path: str = "") -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in mapping.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            result.update(_flat(value, name))
        elif isinstance(value, list | tuple) and value and all(isinstance(part, np.ndarray | Scalar | Mapping) for part in value):
            result.update(_flat(dict(enumerate(value)), name))
            result[name] = value
        else:
            result[name] = value
    return result


def _by_name(flat: dict[str, Any], leaves: Sequence[Leaf]) -> dict[str, Any]:
    last: dict[str, list[str]] = {}
    for name in flat:
        last.setdefault(name.rsplit(".", 1)[-1], []).append(name)
    found: dict[str, Any] = {}
    for leaf in leaves:
        matched = _match(leaf.path, flat, last)
        if matched is not None and flat[matched] is not None:
            found[leaf.path] = flat[matched]
    return found


def _match(path: str, flat: dict[str, Any], last: dict[str, list[str]]) -> str | None:
    head, _, short = path.rpartition(".")
    for prefix in PREFIXES:
        for candidate in (f"{head}.{prefix}{short}" if head else prefix + short, f"{prefix}{path}"):
            if candidate in flat:
                return candidate
    for prefix in PREFIXES:
        names = last.get(prefix + short, [])
        if len(names) == 1:
            return names[0]
    return None
