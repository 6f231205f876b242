"""`lstm-sym derive`: a cell's backward pass, derived and proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_sym.cli.failures import NOT_PROVED
from lstm_sym.cli.options import CellArgument, Format, FormatOption, NotationOption, cell_given, notation_given
from lstm_sym.cli.terminal import show, working
from lstm_sym.cli.verdicts import all_verdicts

if TYPE_CHECKING:
    from lstm_sym.proof.prove import Proof
    from lstm_sym.render.typeset.notation import Notation


def derive(
    cell: CellArgument = "lstm",
    format: FormatOption = Format.TEXT,
    notation: NotationOption = "worksheet",
) -> int:
    """Derive the backward pass of a cell and prove each equation, for every n, m and T."""
    from lstm_sym.calculus.derive import derive as derivation_of
    from lstm_sym.calculus.restated import restated
    from lstm_sym.proof.prove import prove
    from lstm_sym.verdict import Status

    given = cell_given(cell)
    names = notation_given(notation, given)
    with working("deriving and proving"):
        proof = prove(restated(derivation_of(given), joined=names.concatenated, nets=names.adjoint_of_net))
    show(_answer(proof, format, names))
    return 0 if proof.verdict.status is Status.PROVED else NOT_PROVED


def _answer(proof: Proof, format: Format, notation: Notation) -> str:
    from lstm_sym.calculus.rules import REASONS
    from lstm_sym.cli.records import json_text, proof_record
    from lstm_sym.render.derivation.latex import derivation_latex
    from lstm_sym.render.derivation.text import derivation_markdown, derivation_text
    from lstm_sym.render.derivation.verdicts import verdicts_text

    if format is Format.JSON:
        return json_text(proof_record(proof, notation))
    if format is Format.HTML:
        from lstm_sym.render.html.report import report_page

        return report_page(proof.derivation, None, all_verdicts(proof), REASONS, steps=proof.steps, notation=notation)
    if format is Format.LATEX:
        return derivation_latex(proof.derivation, REASONS, proof.results, notation=notation)
    if format is Format.MARKDOWN:
        return derivation_markdown(proof.derivation, REASONS, proof.results, notation=notation)
    return (
        derivation_text(proof.derivation, REASONS, proof.results, notation=notation) + "\n" + verdicts_text(all_verdicts(proof))
    )
