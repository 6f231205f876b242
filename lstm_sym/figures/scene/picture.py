"""A picture under its name, as SVG or TikZ; Jupyter shows it by itself."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.figures.scene.scene import Scene
from lstm_sym.figures.scene.svg import svg
from lstm_sym.figures.scene.tikz import tikz


@dataclass(frozen=True)
class Picture:
    """A scene; `rows` are its parts where it is too tall for a page, else itself."""

    name: str
    scene: Scene
    rows: tuple[Scene, ...] = ()

    @property
    def svg(self) -> str:
        """One self-contained SVG."""
        return svg(self.scene)

    @property
    def tikz(self) -> str:
        """The same as a tikzpicture; for pages, one for each row, an empty line between them."""
        return "\n".join(self.tikz_rows)

    @property
    def tikz_rows(self) -> tuple[str, ...]:
        return tuple(tikz(scene) for scene in self.rows or (self.scene,))

    def _repr_svg_(self) -> str:
        return self.svg


def picture_files(pictures: list[Picture]) -> dict[str, str]:
    """Each picture as NAME.svg, and NAME.tex for \\input into a document that loads tikz."""
    found = {}
    for picture in pictures:
        found[f"{picture.name}.svg"] = picture.svg
        found[f"{picture.name}.tex"] = picture.tikz
    return found
