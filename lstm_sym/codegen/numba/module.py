"""The whole text of a generated numba module: the NumPy module with its loops compiled, and what they call.

Law: as the NumPy module's, the text depends on the plan and the options alone; half precision, which numba does not compute in,
is refused.
"""

from __future__ import annotations

from lstm_sym.codegen.numba.activations import SELF_TEST, TEXTS, finite
from lstm_sym.codegen.numba.functions import Compiled, compiled
from lstm_sym.codegen.numba.products import in_loops, products
from lstm_sym.codegen.numpy.functions import Functions
from lstm_sym.codegen.numpy.head import head
from lstm_sym.codegen.numpy.interface import Interface
from lstm_sym.codegen.numpy.module import support
from lstm_sym.codegen.numpy.scope import size
from lstm_sym.codegen.numpy.selftest import selftest
from lstm_sym.codegen.numpy.workspace import workspace
from lstm_sym.codegen.numpy.wrap import wrapped
from lstm_sym.codegen.options import Options
from lstm_sym.codegen.plan import Plan
from lstm_sym.errors import InputError

CACHE = 1 << 20
"""Bytes that the arrays of a block of steps may take, where that leaves as many rows as ROWS in a product of a block."""
ROWS = 256
OVER_TIME = ("all", "kept", "given")
"""The kinds of buffers that hold every step."""

DECLARATIONS = '''
F = np.<dtype>
_compiled = numba.njit(fastmath={"contract", "nsz"}, error_model="numpy")
"""Nothing is assumed of numbers that are none, and nothing is put in another order."""
'''
IMPORTS = "import numba\nimport numpy as np\nfrom numba.extending import get_cython_function_address\n"


def numba_module(plan: Plan, options: Options) -> str:
    """The text of the module of a plan; raises InputError for a dtype that loops are not compiled for."""
    if options.dtype not in TEXTS:
        raise InputError(
            f"--dtype {options.dtype} with --backend numba", got=repr(options.dtype), expected=f"one of {', '.join(TEXTS)}"
        )
    written = compiled(plan, options)
    api = Interface(plan, written.functions, options)
    parts = [
        _head(plan, options),
        DECLARATIONS.replace("<dtype>", options.dtype),
        TEXTS[options.dtype],
        products(options.dtype),
        in_loops(support()),
        finite(options.dtype),
        _workspace(plan, written),
        api.forward(),
        api.backward(),
        written.functions.text,
        SELF_TEST,
        selftest(plan, options).replace("\n    cases = ((", "\n    _activations_agree()\n    cases = (("),
    ]
    return wrapped("\n\n\n".join(part.strip() for part in parts) + "\n")


def _head(plan: Plan, options: Options) -> str:
    """The head of the NumPy module, which says that loops are compiled."""
    text = head(plan, options)
    for old, new in (
        ("in NumPy, ", "in NumPy and numba, "),
        ("\nimport numpy as np\n", f"\n{IMPORTS}"),
        ("from collections.abc", "import ctypes\nfrom collections.abc"),
        (
            "\nWritten by lstm-sym",
            "\nLoops over steps are compiled at the first call, which takes seconds.\n\nWritten by lstm-sym",
        ),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _workspace(plan: Plan, written: Compiled) -> str:
    """The class of the NumPy module, with the arrays of each loop in the shapes in which it reads them."""
    lines = [workspace(plan, written.functions, _block(written.functions))]
    for name, places in written.loops.items():
        lines.append(f"        self.{name}_arrays = (")
        lines += [f"            {code}," for code in places.arguments]
        lines.append("        )")
    return "\n".join(lines)


def _block(functions: Functions) -> str:
    """So many steps that all arrays of a block fit the cache, and no fewer than make a product worth while."""
    numbers = " + ".join(f"{len(b.members)} * {size(b.rows, '')}" for b in functions.memory.layout.buffers if b.kind in OVER_TIME)
    return f"max(1, {ROWS} // batch, {CACHE} // (DTYPE.itemsize * batch * ({numbers})))"
