"""Writing files so that nothing is ever half-written: all beside their places first, then renamed one after the other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from errno import EISDIR
from pathlib import Path

from lstm_sym.errors import InputError


def write_report(files: Mapping[str, str | bytes], out_dir: Path | str) -> tuple[Path, ...]:
    """Writes each text, or bytes, under its name in `out_dir`, which is made where it is missing; gives the paths."""
    folder = Path(out_dir)
    _check_names(files)
    waiting: dict[Path, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            beside = folder / f".{name}.{os.getpid()}.part"
            waiting[beside] = folder / name
            beside.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        _check_places(waiting.values())
        for beside, place in waiting.items():
            os.replace(beside, place)
    except OSError as error:
        raise InputError(
            f"folder {folder}",
            got=error.strerror or str(error),
            expected="a folder that can be written to",
            advice="choose another --out",
        ) from error
    finally:
        for beside in waiting:
            _remove(beside)
    return tuple(waiting.values())


def _check_names(files: Mapping[str, str | bytes]) -> None:
    for name in files:
        if not name or Path(name).name != name or name.startswith("."):
            raise InputError(f"file name {name[:60]!r}", got="not a plain file name", expected="a name such as report.tex")


def _check_places(places: Iterable[Path]) -> None:
    """Refuses before anything is renamed what a file cannot replace."""
    for place in places:
        if place.is_dir():
            raise IsADirectoryError(EISDIR, f"{place.name} is a folder", str(place))


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # the folder itself could not be used; the error that says so is already on its way
        return
