"""The whole text of a scalar module: docstring, declarations, support, workspace, forward, backward, self-test.

Law: what is written depends on the plan, the sizes and the options alone; the self-test is that of the NumPy module, at the sizes
of this one.
"""

from __future__ import annotations

from importlib.resources import files

from lstm_sym.codegen.names import Names
from lstm_sym.codegen.numpy.module import MARK
from lstm_sym.codegen.numpy.module import support as numpy_support
from lstm_sym.codegen.numpy.selftest import BASE_SIZES, selftest
from lstm_sym.codegen.numpy.wrap import wrapped
from lstm_sym.codegen.options import Options
from lstm_sym.codegen.plan import Plan
from lstm_sym.codegen.scalars.entries import Entries
from lstm_sym.codegen.scalars.functions import LOCALS, Functions
from lstm_sym.codegen.scalars.head import head
from lstm_sym.codegen.scalars.interface import READING, Interface
from lstm_sym.codegen.scalars.sums import sums_broken

CHECKS = ("_array", "_finite", "_steps_and_batch", "_named", "_no_overflow")
"""What is taken over from the NumPy module's support."""


def scalar_module(plan: Plan, options: Options) -> str:
    """The text of the module of a plan."""
    entries = Entries(Names(LOCALS), dict(options.sizes))
    functions = Functions(plan, entries)
    api = Interface(functions, options)
    public = [READING, api.forward(), api.backward()]
    parts = [head(api), support(), api.workspace(), *public, functions.text(), _selftest(plan, options)]
    text = "\n\n\n".join(part.strip() for part in parts) + "\n"
    return wrapped("\n".join(sums_broken(line) for line in text.split("\n")))


def support() -> str:
    """The checks of the NumPy module that are used here, and the text of support.py below its mark."""
    taken = tuple(f"def {name}(" for name in CHECKS)
    checks = [part for part in numpy_support().strip().split("\n\n\n") if part.startswith(taken)]
    own = files("lstm_sym.codegen.scalars").joinpath("support.py").read_text(encoding="utf-8").partition(MARK)[2]
    return "\n\n\n".join([*checks, own.strip()])


def _selftest(plan: Plan, options: Options) -> str:
    """The self-test of the NumPy module, at these sizes and without blocks of steps."""
    text = selftest(plan, options)
    drawn = ", ".join(f"{number} if seed else 1" for number in BASE_SIZES[: len(options.sizes)])
    given = ", ".join(str(number) for _, number in options.sizes)
    for old, new in ((", block=block)", ")"), (f"block, {drawn})", f"block, {given})")):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
