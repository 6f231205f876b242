"""The pages that the tests of the web page look at: the worksheet's report, a small report, and one with hostile texts."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

from lstm_sym.calculus.derive import derive
from lstm_sym.calculus.rules import RULES
from lstm_sym.cells import cell
from lstm_sym.example.reader import builtin_example, parse_example
from lstm_sym.example.solve import precisions, solve
from lstm_sym.example.source import Source
from lstm_sym.render.html.report import report_page
from lstm_sym.verdict import EVERY_SIZE, Status, Verdict, Witness
from lstm_sym.worked import Solution

REASONS = {rule.name: rule.reason for rule in RULES.values()}
PROVED = Verdict(Status.PROVED, EVERY_SIZE, "indexed polynomial identity", 3)
REFUTED = Verdict(Status.REFUTED, "n=1, T=2", "exact rationals", 1, "one step late", Witness("n=1, T=2", "3/7", "-5/21"))
HOSTILE = "</script></style></title><script>window.owned=1</script><img src=x onerror=window.owned=1>\"'&amp; ]]> <!-- \u2028"
SMALL = """
cell = "elman"
learning_rate = 0.1
decimals = 4
[weights]
W_h = [[0.5]]
U_h = [[-0.25]]
b_h = [0.125]
[[steps]]
x = [1]
label = [0.5]
[[steps]]
x = [-2]
label = [0.25]
"""


@lru_cache(maxsize=1)
def worksheet_at() -> dict[int, Solution]:
    return precisions(builtin_example())


@lru_cache(maxsize=1)
def worksheet_page() -> str:
    derivation = derive(cell("lstm"))
    verdicts = {result.id: PROVED for result in derivation} | {"composition": REFUTED}
    steps = {step.id: PROVED for result in derivation for step in result.steps}
    return report_page(
        derivation, solve(builtin_example()), verdicts, REASONS, steps=steps, precisions=worksheet_at(), figures=FIGURES
    )


FIGURES = [
    (
        "A circle & its <centre>",
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="9"/></svg>',
    )
]


@lru_cache(maxsize=1)
def small_page() -> str:
    example = parse_example(Source("small.toml", SMALL), "small")
    derivation = derive(cell("elman"))
    verdicts = {result.id: PROVED for result in derivation}
    return report_page(derivation, solve(example), verdicts, REASONS, precisions=precisions(example))


@lru_cache(maxsize=1)
def hostile_page() -> str:
    example = parse_example(Source("small.toml", SMALL), "small")
    derivation = derive(cell("elman"))
    odd = dataclasses.replace(derivation, cell=dataclasses.replace(derivation.cell, title=HOSTILE, source=HOSTILE))
    solution = solve(example)
    parts = tuple(dataclasses.replace(part, title=HOSTILE) for part in solution.parts)
    solution = dataclasses.replace(solution, name=HOSTILE, rounding=HOSTILE, parts=parts)
    verdict = dataclasses.replace(
        REFUTED, scope=HOSTILE, method=HOSTILE, reason=HOSTILE, witness=Witness(HOSTILE, HOSTILE, HOSTILE)
    )
    figures = [(HOSTILE, f"<svg xmlns='http://www.w3.org/2000/svg'>{HOSTILE}</svg>")]
    names = {rule.name: HOSTILE for rule in RULES.values()}
    verdicts = {result.id: verdict for result in derivation} | {HOSTILE: verdict}
    return report_page(odd, solution, verdicts, names, figures=figures)
