"""What an audit costs: claims against seconds, where all is right and where claims are refuted.

    python benchmarks/audit.py

Prints a table for documents of 25 to 400 claims, and the seconds that each refuted claim adds: medians of processor time over
interleaved runs.
The cost per claim must not grow with the number of claims.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from statistics import median
from time import process_time

from lstm_sym.calculus.derive import derive
from lstm_sym.cells import cell
from lstm_sym.claim import Report
from lstm_sym.notes.audit import audit
from lstm_sym.proof.edits import mutants
from lstm_sym.render.expression.printer import Printer
from lstm_sym.symbols.nodes import Expression
from lstm_sym.verdict import Status

ROUNDS = 3
LENGTHS = (25, 50, 100, 200, 400)
KINDS = ("stacked", "adjoint", "arriving", "input", "parameter")


def line(left: Expression, right: Expression) -> str:
    printer = Printer()
    return f"$${printer.box(left).source} = {printer.box(right).source}$$"


def document(claims: int, wrong: int = 0) -> str:
    """The LSTM with its derived lines, over and over, until there are so many claims; the last `wrong` of them are mutants."""
    lstm = cell("lstm")
    lines = [line(equation.variable, equation.body) for equation in lstm.equations]
    results = sorted((r for r in derive(lstm).results if r.kind in KINDS), key=lambda r: KINDS.index(r.kind))
    right = [line(result.statement.left, result.statement.right) for result in results]
    while len(lines) < claims - wrong:
        lines += right[: claims - wrong - len(lines)]
    gate = next(result for result in results if result.id == "delta_i")
    edits = islice(mutants(gate.statement.right, lstm), 0, None, 3)
    lines += [line(gate.statement.left, edit.expression) for edit in islice(edits, wrong)]
    return "\n\n".join(lines)


def timed(text: str) -> tuple[float, Report]:
    started = process_time()
    report = audit(text)
    return process_time() - started, report


def medians(runs: dict[str, Callable[[], tuple[float, Report]]]) -> dict[str, tuple[float, Report]]:
    """The median time of each run, all run in turn, and its last report."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    reports: dict[str, Report] = {}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            seconds, reports[name] = run()
            times[name].append(seconds)
    return {name: (median(times[name]), reports[name]) for name in runs}


def main() -> None:
    timed(document(25, 1))  # imports
    texts = {f"{length} right": document(length) for length in LENGTHS}
    texts |= {f"50 with {wrong} wrong": document(50, wrong) for wrong in (1, 4, 10)}
    found = medians({name: (lambda text=text: timed(text)) for name, text in texts.items()})
    base, _ = found["50 right"]
    print("| document | claims | PROVED | REFUTED | UNKNOWN | seconds | ms per claim | s per refuted claim |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, (seconds, report) in found.items():
        claims, refuted = len(report.findings), len(report.of(Status.REFUTED))
        unknown, proved = len(report.of(Status.UNKNOWN)), len(report.of(Status.PROVED))
        each = f"{(seconds - base) / refuted:.3f}" if refuted else ""
        print(
            f"| {name} | {claims} | {proved} | {refuted} | {unknown} | {seconds:.2f} | {1000 * seconds / claims:.1f} | {each} |"
        )


if __name__ == "__main__":
    main()
