"""The passes that make a plan fast, in a table: name, what it does to the plan, and why.

Law: each pass leaves every value unchanged; lstm_sym/codegen/check.py proves it for the lines of each plan that is written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from lstm_sym.codegen.inner import inner
from lstm_sym.codegen.mirror import mirror
from lstm_sym.codegen.plan import Plan
from lstm_sym.codegen.schedule import defer, hoist, local
from lstm_sym.codegen.shared import shared
from lstm_sym.codegen.stable import stable
from lstm_sym.codegen.stack import stack
from lstm_sym.errors import InputError


@dataclass(frozen=True)
class Pass:
    """A named change of a plan, and its reason."""

    name: str
    run: Callable[[Plan], Plan]
    reason: str


PASSES: dict[str, Pass] = {
    each.name: each
    for each in (
        Pass("shared", shared, "an activation or product that several lines need is computed once"),
        Pass("stable", stable, "1 - sigma(z) and 1 - tanh(z)^2 lose their digits in the tails; sigma(-z) and sech(z)^2 do not"),
        Pass("inner", inner, "a factor that several entries of a product read is computed once, entry by entry"),
        Pass("mirror", mirror, "a sigmoid needs exp(-z): the minus sign goes into the copies of the parameters"),
        Pass("hoist", hoist, "the products with the inputs do not recur: all steps at once, before the loop"),
        Pass("local", local, "factors without an adjoint do not recur: a block of steps at once"),
        Pass("defer", defer, "what no step before needs is computed for all steps at once, after the loop"),
        Pass("stack", stack, "one call on the blocks of all gates in place of one call for each gate"),
        Pass(
            "at_once",
            lambda plan: replace(plan, at_once=True),
            "a sum over time of outer products is one matrix product over all steps",
        ),
        Pass("in_place", lambda plan: replace(plan, in_place=True), "results go to the workspace, so that no step allocates"),
    )
}
"""The passes by name, in the order in which they run."""


def apply_passes(plan: Plan, names: Iterable[str]) -> Plan:
    """The plan after the passes of these names, in the order of the table; raises InputError for an unknown name."""
    wanted = list(names)
    for name in wanted:
        if name not in PASSES:
            raise InputError(f"pass {name!r}", got="no pass of that name", expected=f"one of {', '.join(PASSES)}")
    for each in PASSES.values():
        if each.name in wanted:
            plan = each.run(plan)
    return plan
