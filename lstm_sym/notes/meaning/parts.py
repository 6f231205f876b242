"""Parts of a gradient that a document names by a word: g_{h_t}^{output}, dh_{next}, \\partial L/\\partial h_t |_{direct}.

Laws: a word is a part only behind a name of the network, and never where the whole is a name itself. What a usual word
means is in the table; another word may mean any part, and which one the document's own lines decide.
"""

from __future__ import annotations

from collections.abc import Container

STEPS = frozenset({"next", "prev", "previous", "raw"})
ARRIVING = ("arriving", "value", "next_value")
HERE = ("direct", "same", "value")
WORDS: dict[str, tuple[str, ...]] = {
    "next": ARRIVING, "future": ("arriving",), "recurrent": ("arriving", "same"), "rec": ("arriving", "same"),
    "later": ("arriving",), "time": ("arriving", "same"), "state": ("arriving", "same"), "carry": ("arriving",),
    "prev": ("arriving_before", "value_before"), "previous": ("arriving_before", "value_before"),
    "raw": ("net",), "pre": ("net",), "net": ("net",), "preact": ("net",), "input": ("net", "value"), "act": ("value",),
    "total": ("value",), "full": ("value",), "tot": ("value",), "all": ("value",), "sum": ("value",),
    "output": HERE, "out": HERE, "local": HERE, "loss": HERE, "direct": HERE, "now": HERE, "current": HERE, "top": HERE,
    "above": HERE, "layer": HERE, "step": HERE, "y": HERE,
}  # fmt: skip
ANY = ("value", "same", "arriving", "direct", "net")


def part_of(key: str, names: Container[str]) -> tuple[str, str] | None:
    """The name and the word of a key such as h_output; None where it has not that form."""
    base, _, word = key.rpartition("_")
    return (base, word) if base in names and len(word) > 1 and key not in names else None


def kinds_of(word: str) -> tuple[str, ...]:
    """The kinds of part that the word can mean."""
    found = WORDS.get(word)
    if found is not None:
        return found
    return ("arriving", "same") if word.startswith("from") else ANY


def speaks(word: str) -> bool:
    """Whether the word says by itself what part it is."""
    return word in WORDS or word.startswith("from")
