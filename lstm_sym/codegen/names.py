"""Names in generated code: each is given out once, is no keyword, and hides none that the text uses.

Law: text of a declaration enters generated code only through `Names`, and a name holds letters, digits and underscores alone;
or as words in a docstring, which they cannot leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from keyword import iskeyword


class Names:
    """A set of names that are taken, and a new one for each thing that asks by its key."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)
        self.given: dict[object, str] = {}

    def of(self, key: object, hint: str) -> str:
        """The name of that key; the first time a free name that looks like the hint."""
        if key not in self.given:
            self.given[key] = self._free(plain(hint))
            self.taken.add(self.given[key])
        return self.given[key]

    def _free(self, word: str) -> str:
        name, mark = word, 1
        while name in self.taken or iskeyword(name):
            mark += 1
            name = f"{word}_v{mark}"
        return name


def in_docstring(text: str) -> str:
    """The text as one line that stays inside a docstring, whatever it holds."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line.replace("\\", "/").replace('"', "'")


def plain(hint: str) -> str:
    """The hint as one word of letters, digits and underscores."""
    word = "".join(c if c.isascii() and c.isalnum() else "_" for c in hint)
    return "_".join(part for part in word.split("_") if part) or "value"


def joined(names: Iterable[str]) -> str:
    """One word for several names: their common prefix once, then what is left of each."""
    words = list(names)
    prefix = words[0].rpartition("_")[0] + "_" if "_" in words[0] else ""
    if len(words) == 1 or not all(word.startswith(prefix) for word in words):
        return "_".join(words)
    return prefix + "_".join(word.removeprefix(prefix) for word in words)
