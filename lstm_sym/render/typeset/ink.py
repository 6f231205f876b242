"""The two inks: how signs, indices, powers, fractions, fences, sums and matrices are written in LaTeX and in plain Unicode text.

Law: what is printed is decided elsewhere; an ink only says how. Widths are in digits of the text font (plain text: characters).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from lstm_sym.render.typeset.box import Box, Level, atom, beside, fenced
from lstm_sym.render.typeset.notation import Notation, Written, scripted

LETTER_OF_WORD = 0.88
SCRIPT = 0.75
"""The width of a letter in a name of several letters, and of one in an index, in digits of the text."""


class Ink(ABC):
    """A way of writing. `signs` are the binary signs and symbols by name."""

    signs: Mapping[str, Box]

    def sign(self, name: str) -> Box:
        return self.signs[name]

    @abstractmethod
    def symbol(self, name: str, time: str | None, notation: Notation, entry: str | None = None) -> Box:
        """A named symbol at a time; `entry` is the index of one entry of it."""

    def number(self, entry: str, box: Box) -> Box:
        """The box of a number whose text was `entry`."""
        return box

    @abstractmethod
    def power(self, base: Box, exponent: str) -> Box: ...

    @abstractmethod
    def entry(self, body: Box, index: str) -> Box: ...

    @abstractmethod
    def fraction(self, above: Box, below: Box) -> Box: ...

    @abstractmethod
    def function(self, name: Written, exponent: str, body: Box) -> Box: ...

    @abstractmethod
    def total(self, lower: str, upper: str | None) -> Box:
        """The sign of a sum over an index."""

    @abstractmethod
    def matrix(self, rows: Sequence[Sequence[Box]]) -> Box: ...

    def listed(self, parts: Sequence[Box]) -> Box:
        """Blocks above one another, written as a list in brackets: [h, x]."""
        boxes = [piece for part in parts for piece in (atom(", ", 1), part)][1:]
        return beside(atom("[", 0.8), *boxes, atom("]", 0.8))

    @abstractmethod
    def parentheses(self, body: Box) -> Box: ...


def _braced(source: str) -> str:
    return source if len(source) == 1 else "{" + source + "}"


def _with_scripts(base: str, below: Sequence[str], above: Sequence[str]) -> str:
    return base + "".join(f"{mark}{_braced(','.join(words))}" for mark, words in (("_", below), ("^", above)) if words)


def _letter(letter: str) -> float:
    """The width of a single letter in italics."""
    return 1.9 if letter in "MW" else 1.4 if letter.isupper() or letter in "mw" else 1.1


class LatexInk(Ink):
    """LaTeX with amsmath."""

    signs: Mapping[str, Box] = {
        name: atom(source, width)
        for name, source, width in (
            ("plus", "+", 2.4),
            ("minus", "-", 2.4),
            ("negative", "-", 1.5),
            ("equals", "=", 2.6),
            ("hadamard", r"\odot", 2.4),
            ("product", r"\cdot", 1.5),
            ("outer", r"\otimes", 2.4),
            ("times", r"\times", 2.4),
            ("beside", "", 0.4),
            ("scale", r"\,", 0.4),
            ("gap", " ", 0),
            ("dots", r"\cdots", 2.0),
            ("partial", r"\partial ", 1.1),
            ("ones", r"\mathbf{1}", 1.1),
            ("vertical dots", r"\vdots", 0.6),
            ("diagonal dots", r"\ddots", 2.2),
        )
    }

    def symbol(self, name: str, time: str | None, notation: Notation, entry: str | None = None) -> Box:
        named = scripted(name, time, notation, entry)
        source = _with_scripts(named.base.latex, [word.latex for word in named.below], [word.latex for word in named.above])
        scripts = max(sum(len(word.text) + 0.5 for word in words) for words in (named.below, named.above))
        letters = len(named.base.text)
        prefix = 0.0 if named.pattern.text == "#" else 1.5 if named.pattern.tall else 1.2
        width = (_letter(named.base.text) if letters == 1 else letters * LETTER_OF_WORD) + SCRIPT * scripts + prefix
        return atom(named.pattern.latex.replace("#", source), width, named.level, tall=named.pattern.tall)

    def power(self, base: Box, exponent: str) -> Box:
        return beside(base, atom(f"^{_braced(exponent)}", SCRIPT * len(exponent)), level=Level.SCRIPTED)

    def entry(self, body: Box, index: str) -> Box:
        return beside(body, atom(f"_{_braced(index)}", SCRIPT * len(index)), level=Level.SCRIPTED)

    def fraction(self, above: Box, below: Box) -> Box:
        return atom(rf"\frac{{{above.source}}}{{{below.source}}}", max(above.width, below.width) + 0.6, Level.SCRIPTED, tall=True)

    def function(self, name: Written, exponent: str, body: Box) -> Box:
        raised = f"^{_braced(exponent)}" if exponent and exponent != "'" else exponent
        return beside(atom(name.latex + raised, len(name.text) + SCRIPT * len(exponent)), self.parentheses(body))

    def total(self, lower: str, upper: str | None) -> Box:
        return atom(rf"\sum_{_braced(lower)}" + (f"^{_braced(upper)}" if upper else ""), 3.0, tall=True)

    def matrix(self, rows: Sequence[Sequence[Box]]) -> Box:
        width = sum(max(box.width for box in column) + 1.85 for column in zip(*rows, strict=True))
        body = r" \\ ".join(" & ".join(box.source for box in row) for row in rows)
        return atom(rf"\begin{{bmatrix}} {body} \end{{bmatrix}}", width + 0.6, tall=len(rows) > 1)

    def parentheses(self, body: Box) -> Box:
        if body.tall:
            return fenced(atom(r"\left(", 1.8), body, atom(r"\right)", 1.8), grows=True)
        return fenced(atom("(", 0.8), body, atom(")", 0.8), grows=False)


class TextInk(Ink):
    """Plain Unicode text on one line."""

    signs: Mapping[str, Box] = {
        name: atom(source, len(source) + 2)
        for name, source in (
            ("plus", "+"),
            ("minus", "-"),
            ("negative", "-"),
            ("equals", "="),
            ("hadamard", "⊙"),
            ("product", "·"),
            ("outer", "⊗"),
            ("times", "×"),
            ("beside", ""),
            ("scale", ""),
            ("gap", " "),
            ("dots", "…"),
            ("partial", "∂"),
            ("ones", "1"),
            ("vertical dots", "…"),
            ("diagonal dots", "…"),
        )
    }
    raised: Mapping[int, int] = str.maketrans("0123456789T'", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ'")

    def symbol(self, name: str, time: str | None, notation: Notation, entry: str | None = None) -> Box:
        named = scripted(name, time, notation, entry)
        source = _with_scripts(named.base.text, [word.text for word in named.below], [word.text for word in named.above])
        whole = named.pattern.text.replace("#", source)
        return atom(whole, len(whole), named.level)

    def power(self, base: Box, exponent: str) -> Box:
        return beside(base, atom(exponent.translate(self.raised), len(exponent)), level=Level.SCRIPTED)

    def entry(self, body: Box, index: str) -> Box:
        return beside(body, atom(f"_{_braced(index)}", len(index) + 1), level=Level.SCRIPTED)

    def fraction(self, above: Box, below: Box) -> Box:
        return beside(above, atom("/", 1), below, level=Level.SCRIPTED)

    def function(self, name: Written, exponent: str, body: Box) -> Box:
        word = name.text + exponent.translate(self.raised)
        return beside(atom(word, len(word)), self.parentheses(body))

    def total(self, lower: str, upper: str | None) -> Box:
        source = f"Σ_{_braced(lower)}" + (f"^{_braced(upper)}" if upper else "")
        return atom(source, len(source))

    def matrix(self, rows: Sequence[Sequence[Box]]) -> Box:
        source = "[" + "; ".join(" ".join(box.source for box in row) for row in rows) + "]"
        return atom(source, len(source))

    def parentheses(self, body: Box) -> Box:
        return fenced(atom("(", 1), body, atom(")", 1), grows=False)


LATEX, TEXT = LatexInk(), TextInk()
