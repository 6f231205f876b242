"""`lstm-sym audit`: what is wrong in notes, where, and why."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lstm_sym.cli.options import cell_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lstm_sym.claim import Report


class AuditFormat(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    SARIF = "sarif"


def audit_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Markdown, LaTeX or notebooks.")],
    cell: Annotated[
        str | None,
        typer.Option("--cell", metavar="CELL", help="The cell, where the notes do not define one.", autocompletion=cell_names),
    ] = None,
    names: Annotated[
        Path | None, typer.Option("--names", metavar="NAMES.toml", help="Forward equations in the notes' notation.")
    ] = None,
    format: Annotated[AuditFormat, typer.Option("--format", help="How the findings are written.")] = AuditFormat.TEXT,
    patch: Annotated[bool, typer.Option("--patch", help="Write the proposed corrections as a unified diff.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="List the claims that are proved, too.")] = False,
) -> int:
    """Check every formula and number in notes on recurrent networks. Exit code 1 where something is refuted."""
    from lstm_sym.cli.failures import BAD_INPUT
    from lstm_sym.cli.terminal import show
    from lstm_sym.errors import InputError
    from lstm_sym.notes.audit import audit

    if cell is not None and names is not None:
        raise InputError("--cell and --names", got="both", expected="one of them", advice="leave one out")
    reports, failed = _judged(files, lambda file: audit(file, cell, names))
    if reports or not failed:
        show(_answer(reports, format, patch, everything))
    return BAD_INPUT if failed else max(report.exit_code for report in reports)


def _judged(files: Sequence[Path], judge: Callable[[Path], Report]) -> tuple[list[Report], bool]:
    """The reports of the files that can be judged; one that cannot is a message and does not lose the others."""
    from lstm_sym.cli.terminal import each, printable
    from lstm_sym.errors import LstmSymError

    reports, refusals = [], []
    for file in each(files, "auditing"):
        try:
            reports.append(judge(file))
        except OSError as error:
            refusals.append(f"{file}: {error.strerror or error}")
        except LstmSymError as error:
            refusals.append(str(error))
        except Exception as error:
            refusals.append(f"{file}: an error of lstm-sym, not of its input: {type(error).__name__}: {error}")
    for words in refusals:
        typer.echo(f"lstm-sym: {' '.join(printable(words).split())}", err=True)
    return reports, bool(refusals)


def _answer(reports: Sequence[Report], format: AuditFormat, patch: bool, everything: bool) -> str:
    if patch:
        from lstm_sym.render.audit.patch import audit_patch

        return "".join(audit_patch(report) for report in reports)
    if format is AuditFormat.JSON:
        from lstm_sym.render.audit.json import audit_json

        return audit_json(reports)
    if format is AuditFormat.HTML:
        from lstm_sym.render.audit.html import audit_html

        return audit_html(reports)
    if format is AuditFormat.SARIF:
        from lstm_sym.render.audit.sarif import audit_sarif

        return audit_sarif(reports)
    from lstm_sym.render.audit.text import audit_text

    return "\n".join(audit_text(report, everything) for report in reports)
