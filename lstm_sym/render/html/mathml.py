"""LaTeX formulas as MathML: converted by math-core, then checked and cleaned as a tree.

Laws: only elements and attributes of the tables below leave this file, so that no formula of anybody can carry a script, a style
or an address; marks become attributes (data-s: a symbol, data-n: a number of the table); words in mathematical italics become
plain letters, which can be searched, copied and read aloud. What the converter does not know raises FormulaError.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from html.entities import html5
from typing import Any
from unicodedata import normalize
from xml.etree import ElementTree

from lstm_sym.errors import InputError, UnsupportedError
from lstm_sym.render.html.ink import MARK

# fmt: off
ELEMENTS = frozenset((
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover",
    "munderover", "mmultiscripts", "mprescripts", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose", "none",
))
ATTRIBUTES = frozenset((
    "display", "displaystyle", "scriptlevel", "stretchy", "symmetric", "largeop", "movablelimits", "lspace", "rspace", "form",
    "fence", "separator", "minsize", "maxsize", "mathvariant", "width", "height", "depth", "voffset", "accent", "accentunder",
    "linethickness", "columnspan", "rowspan",
))
# fmt: on
ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)([A-Za-z]+;)")
MARKED = re.compile(rf"{MARK}(?:n{MARK}(?P<row>\d+)|s{MARK}(?P<name>[A-Za-z0-9-]+){MARK}(?P<time>[A-Za-z0-9+-]*))")
LONGEST = 20_000


class FormulaError(InputError):
    """A formula that cannot be typeset."""


def math(latex: str, alt: str = "", *, display: bool = False) -> str:
    """The formula as a math element; `alt` is what a reader without MathML gets."""
    tree = _tree(latex, display)
    if alt:
        tree.set("alttext", alt)
    return ElementTree.tostring(tree, encoding="unicode")


def text_with_math(latex: str) -> str:
    """Running text with formulas between dollar signs, as HTML."""
    parts = latex.split("$")
    return "".join(math(part) if place % 2 else escape(part) for place, part in enumerate(parts))


@lru_cache(maxsize=1)
def _converter() -> Any:
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False, allow_unreliable_rendering=True)


def _tree(latex: str, display: bool) -> ElementTree.Element:
    from math_core import LatexError

    shown = latex if len(latex) <= 80 else latex[:80] + "..."
    if len(latex) > LONGEST:
        raise FormulaError(f"formula {shown!r}", got=f"{len(latex)} characters", expected=f"at most {LONGEST}")
    try:
        converted = _converter().convert_with_local_state(latex, displaystyle=display)
        tree = ElementTree.fromstring(ENTITY.sub(lambda found: html5[found[1]], converted))
    except (LatexError, ElementTree.ParseError, KeyError) as error:
        raise FormulaError(f"formula {shown!r}", got=str(error), expected="LaTeX that MathML can show") from error
    _clean(tree)
    return tree


def _clean(element: ElementTree.Element) -> None:
    """Allowed elements and attributes only; marks resolved; children likewise."""
    if element.tag not in ELEMENTS:
        raise UnsupportedError(
            f"MathML element {str(element.tag)[:40]}",
            expected="a presentation element",
            advice="add it to ELEMENTS if it is harmless",
        )
    if "text-align: right" in element.get("style", ""):
        element.set("class", "r")
    elif "text-align: left" in element.get("style", ""):
        element.set("class", "l")
    for name in [name for name in element.attrib if name not in ATTRIBUTES and name != "class"]:
        del element.attrib[name]
    _resolve_mark(element)
    if element.tag == "mi":
        _plain_letters(element)
    for child in element:
        _clean(child)
    _flatten_row(element)
    if element.tag == "mphantom":
        for child in element.iter():
            child.attrib.pop("data-s", None)
    elif element.tag == "mpadded" and element.get("height") == "0":
        # what only keeps the width of a left side must not push its line down either
        element.set("depth", "0")


def _resolve_mark(element: ElementTree.Element) -> None:
    first = element[0] if len(element) else None
    found = MARKED.fullmatch(first.text or "") if first is not None and first.tag == "mtext" else None
    if first is None or found is None:
        return
    if element.tag != "mrow":
        raise UnsupportedError(f"a mark in {element.tag}", expected="a mark at the start of a group")
    element.remove(first)
    if found["row"]:
        number = "".join(element.itertext())
        element.clear()
        element.tag, element.text = "mn", number
        element.set("data-n", found["row"])
    else:
        element.set("data-s", f"{found['name'].replace('-', '_')}{MARK}{found['time']}")


def _flatten_row(element: ElementTree.Element) -> None:
    """A matrix of one row as a row with gaps, because browsers do not set a table of one row on the line."""
    rows = list(element)
    if element.tag != "mtable" or len(rows) != 1 or any(cell.get("class") for cell in rows[0]):
        return
    cells = list(rows[0])
    element.clear()
    element.tag = "mrow"
    for place, cell in enumerate(cells):
        cell.tag = "mrow"
        cell.attrib.clear()
        element.extend([ElementTree.Element("mspace", {"width": "0.9em" if place else "0.15em"}), cell])
    element.append(ElementTree.Element("mspace", {"width": "0.15em"}))


def _plain_letters(element: ElementTree.Element) -> None:
    """A word in mathematical letters as a word of the class w."""
    word = element.text or ""
    plain = normalize("NFKC", word)
    if len(word) > 1 and plain != word and plain.isascii():
        element.text = plain
        element.set("class", "w")
