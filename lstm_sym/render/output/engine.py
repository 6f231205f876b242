"""From LaTeX to PDF with whichever TeX engine is installed, run where it can do no harm.

Laws: no shell escape, nothing written outside a folder of its own, a time limit, an environment of the few variables that TeX
needs; the PDF appears whole or not at all. Where there is no engine, the answer says so in one line and how to get one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_sym.errors import InputError

LATEX_OPTIONS = ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error")
ENGINES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pdflatex", LATEX_OPTIONS),
    ("lualatex", LATEX_OPTIONS),
    ("xelatex", LATEX_OPTIONS),
    ("tectonic", ("--untrusted", "--keep-logs")),
)
"""Engines in order of preference, each with the options that keep it from running other programs."""
RUNS = 3
"""Column widths of long tables settle at the third run."""
SECONDS = 120.0
KEPT_VARIABLES = ("PATH", "HOME", "SYSTEMROOT", "TEMP", "TMP")
NO_ENGINE = "no PDF: no TeX engine found; install TeX Live (Debian and Ubuntu: apt install texlive-latex-recommended) or Tectonic"


@dataclass(frozen=True)
class Compiled:
    """The PDF, or None and the reason in one line; the log of the last run."""

    pdf: Path | None
    reason: str | None = None
    log: str = ""


def find_engine() -> tuple[str, tuple[str, ...]] | None:
    """The program and options of the first engine that is installed."""
    for name, options in ENGINES:
        program = shutil.which(name)
        if program:
            return program, options
    return None


def compile_pdf(tex: Path | str, *, engine: str | None = None, seconds: float = SECONDS) -> Compiled:
    """Compiles a .tex file, with the style and .tex files beside it, to a PDF beside it."""
    source = Path(tex)
    if not source.is_file():
        raise InputError(f"file {source}", got="no such file", expected="a LaTeX document")
    found = find_engine() if engine is None else (engine, dict(ENGINES).get(Path(engine).name, LATEX_OPTIONS))
    if found is None or shutil.which(found[0]) is None:
        return Compiled(None, NO_ENGINE)
    with tempfile.TemporaryDirectory(prefix="lstmsym-") as folder:
        work = Path(folder)
        for file in (*source.parent.glob("*.tex"), *source.parent.glob("*.sty")):
            shutil.copyfile(file, work / file.name)
        failure = _run([found[0], *found[1], source.name], work, seconds)
        log = _log(work / f"{source.stem}.log")
        produced = work / f"{source.stem}.pdf"
        if failure or not produced.is_file():
            return Compiled(None, f"no PDF: {failure or 'the engine wrote none'}{_first_error(log)}", log)
        return Compiled(_put_beside(produced, source.with_suffix(".pdf")), None, log)


def _run(command: Sequence[str], work: Path, seconds: float) -> str | None:
    """What went wrong, in a few words, or None."""
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    environment |= {"openout_any": "p", "openin_any": "p", "max_print_line": "1000"}
    runs = 1 if Path(command[0]).name == "tectonic" else RUNS
    for _ in range(runs):
        try:
            done = subprocess.run(
                command, cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return f"{Path(command[0]).name} took longer than {seconds:g} s"
        except OSError as error:
            return f"{Path(command[0]).name} could not be started ({error.strerror})"
        if done.returncode != 0:
            return f"{Path(command[0]).name} stopped with code {done.returncode}"
    return None


def _log(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _first_error(log: str) -> str:
    error = next((line for line in log.splitlines() if line.startswith("!")), None)
    return f": {error.lstrip('! ')}" if error else ""


def _put_beside(produced: Path, place: Path) -> Path:
    """The PDF moved to its place in one step; it may come from another file system."""
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(produced, beside)
        os.replace(beside, place)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(f"file {place}", got=error.strerror or str(error), expected="a place that can be written to") from error
    return place
