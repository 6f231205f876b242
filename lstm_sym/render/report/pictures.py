"""Pictures in the report: each TikZ picture with its caption, on its side where it is wider than the text.

Law: pictures come as TikZ text; where the package tikz is not installed a note stands in their place, and the report compiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lstm_sym.render.typeset.escape import escape

LOADED = r"\IfFileExists{tikz.sty}{\usepackage{tikz}}{}" + "\n"
"""What the preamble needs."""
WITHOUT = "The pictures need the package tikz, which is not installed here; the folder figures has them as SVG."


@dataclass(frozen=True)
class TypesetPicture:
    """A caption, and one or several tikzpictures under it."""

    caption: str
    sources: tuple[str, ...]


def pictures_latex(pictures: Sequence[TypesetPicture]) -> str:
    """The body of the section."""
    parts = [
        f"\\lstmpicture{{{escape(picture.caption)}{_part(place, len(picture.sources))}}}{{%\n{source}}}"
        for picture in pictures
        for place, source in enumerate(picture.sources, start=1)
    ]
    body = "\n".join(parts)
    return f"\\ifdefined\\tikz\n{body}\n\\else\n\\lstmnote{{{escape(WITHOUT)}}}\n\\fi\n"


def _part(place: int, number: int) -> str:
    return f" ({place} of {number})" if number > 1 else ""
