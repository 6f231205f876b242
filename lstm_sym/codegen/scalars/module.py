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


def scalar_module(plan: Plan, options: Options) -> str:
    """The text of the module of a plan."""
    entries = Entries(Names(LOCALS), dict(options.sizes))
    functions = Functions(plan, entries)
    api = Interface(functions, options)
    public = [READING, api.forward(), api.backward()]
    own = [support(), api.workspace(), *public]
    parts = [head(api), *checks("\n".join(own)), *own, functions.text(), _selftest(plan, options)]
    text = "\n\n\n".join(part.strip() for part in parts) + "\n"
    return wrapped("\n".join(sums_broken(line) for line in text.split("\n")))


def support() -> str:
    """The text of support.py below its mark."""
    return files("lstm_sym.codegen.scalars").joinpath("support.py").read_text(encoding="utf-8").partition(MARK)[2]


def checks(text: str) -> list[str]:
    """The functions of the NumPy module's support that a text calls, and those that these call."""
    known = {part.partition("(")[0].removeprefix("def "): part for part in numpy_support().strip().split("\n\n\n")}
    taken: set[str] = set()
    while called := {name for name in known.keys() - taken if f"{name}(" in text}:
        taken |= called
        text = "\n".join(known[name] for name in called)
    return [part for name, part in known.items() if name in taken]


def _selftest(plan: Plan, options: Options) -> str:
    """The self-test of the NumPy module, at these sizes and without blocks of steps."""
    text = selftest(plan, options)
    drawn = ", ".join(f"{number} if seed else 1" for number in BASE_SIZES[: len(options.sizes)])
    given = ", ".join(str(number) for _, number in options.sizes)
    for old, new in ((", block=block)", ")"), (f"block, {drawn})", f"block, {given})")):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
