"""What every derivation here does: prove its results, and write their LaTeX beside its own file.

Law: nothing is exported that is not PROVED; the verdicts are printed, and stand at the end of the fragment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from lstm_sym.calculus.rules import REASONS
from lstm_sym.derivation import Derivation, Result
from lstm_sym.proof.composition import composition
from lstm_sym.proof.prove import prove_result
from lstm_sym.proof.unrolled import Size
from lstm_sym.render.derivation.latex import derivation_latex
from lstm_sym.render.derivation.verdicts import verdict_text, verdicts_latex
from lstm_sym.render.output.files import write_report
from lstm_sym.render.report.document import statement_names
from lstm_sym.verdict import Status, Verdict

COMPOSITION = Size(2, 3, 4)


def export(file: str, derivation: Derivation, *ids: str) -> None:
    """Proves the results with these ids (all where none is named) and what they stand on, and writes FILE.tex."""
    part = Derivation(derivation.cell, derivation.loss, tuple(_with_premises(derivation, ids)))
    verdicts = {result.id: prove_result(result, part.cell, part.loss) for result in part}
    verdicts["composition"] = composition(part, COMPOSITION)
    body = derivation_latex(part, REASONS, verdicts)
    write(file, body + verdicts_latex(verdicts, statement_names(part)), verdicts)


def write(file: str, latex: str, verdicts: Mapping[str, Verdict]) -> None:
    """Writes the fragment beside the file, and prints the verdicts; raises SystemExit where one is not PROVED."""
    for id, verdict in verdicts.items():
        print(f"{id}: {verdict_text(verdict)}")
    if any(verdict.status is not Status.PROVED for verdict in verdicts.values()):
        raise SystemExit(f"{Path(file).name}: not everything is proved, so nothing is exported")
    path = Path(file)
    write_report({path.with_suffix(".tex").name: latex}, path.parent)


def _with_premises(derivation: Derivation, ids: Iterable[str]) -> list[Result]:
    """The results with these ids and those that their steps name, in the order of the derivation."""
    known = {result.id for result in derivation}
    waiting, wanted = list(ids) or list(known), set()
    while waiting:
        id = waiting.pop()
        if id in known and id not in wanted:
            wanted.add(id)
            waiting += [used for step in derivation[id].steps for used in step.uses]
    return [result for result in derivation if result.id in wanted]
