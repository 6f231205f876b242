"""Names of derived quantities: how the adjoint, the arriving adjoint, the pre-activation and the gradient of a symbol are called.

Law: these prefixes are reserved, so a declared name can never collide with a derived one. The spellings are the
worksheet's in ASCII.
"""

from __future__ import annotations

PRE_ACTIVATION = "net_"
"""net_a is the argument of the activation that gives a."""
ADJOINT = "delta_"
"""delta_state is dE/dstate_t; for a gate, delta_a is dE/dnet_a, as in the worksheet; delta_W_a is dE/dW_a."""
ARRIVING = "Delta_"
"""Delta_out is what arrives at out_t from the step t+1."""
VALUE_ADJOINT = "partial_"
"""partial_a is dE/da_t, the adjoint of the gate's value (after the activation)."""
LOSS_ADJOINT = "Delta"
"""Delta is the derivative of the loss by the output of the same step."""
LOSS = "E"
LABEL = "label"
RATE = "lambda"
NEW = "_new"
"""W_a_new is W_a after the update."""

RESERVED_PREFIXES = (PRE_ACTIVATION, ADJOINT, ARRIVING, VALUE_ADJOINT)
RESERVED_NAMES = (LOSS_ADJOINT, LOSS, LABEL, RATE, "t", "T", "gates", "n", "m")
LONGEST = 40
"""The most characters of a declared name; derived names are longer by a prefix or suffix."""


def reserved(name: str) -> str | None:
    """The reason why a declared symbol may not have this name, or None."""
    if len(name) > LONGEST:
        return f"{len(name)} characters, more than {LONGEST}"
    for prefix in RESERVED_PREFIXES:
        if name.startswith(prefix):
            return f"names that begin with {prefix!r} belong to derived quantities"
    if name in RESERVED_NAMES:
        return f"{name!r} belongs to the loss, to time, to the sizes or to the stacked form"
    if name.endswith(NEW):
        return f"names that end in {NEW!r} belong to updated parameters"
    return None
