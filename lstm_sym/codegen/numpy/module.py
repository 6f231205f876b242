"""The whole text of a generated NumPy module: docstring, declarations, support, workspace, forward, backward, self-test.

Law: what is written depends on the plan and the options alone; two calls give the same bytes.
"""

from __future__ import annotations

from importlib.resources import files

from lstm_sym.codegen.numpy.functions import functions
from lstm_sym.codegen.numpy.head import head
from lstm_sym.codegen.numpy.interface import Interface
from lstm_sym.codegen.numpy.selftest import selftest
from lstm_sym.codegen.numpy.workspace import workspace
from lstm_sym.codegen.numpy.wrap import wrapped
from lstm_sym.codegen.options import NUMPY_DTYPES, Options
from lstm_sym.codegen.plan import Plan
from lstm_sym.errors import InputError

MARK = "# the text below is copied into generated modules"


def module(plan: Plan, options: Options) -> str:
    """The text of the module of a plan; raises InputError for a dtype that NumPy has not."""
    if options.dtype not in NUMPY_DTYPES:
        expected = f"one of {', '.join(NUMPY_DTYPES)}"
        raise InputError(f"--dtype {options.dtype} with --backend numpy", got=repr(options.dtype), expected=expected)
    written = functions(plan, options)
    api = Interface(plan, written, options)
    parts = [
        head(plan, options),
        support(),
        workspace(plan, written),
        api.forward(),
        api.backward(),
        written.text,
        selftest(plan, options),
    ]
    return wrapped("\n\n\n".join(part.strip() for part in parts) + "\n")


def support() -> str:
    """The text of support.py below its mark."""
    return files("lstm_sym.codegen.numpy").joinpath("support.py").read_text(encoding="utf-8").partition(MARK)[2]
