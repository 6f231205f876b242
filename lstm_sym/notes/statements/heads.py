"""Softmax outputs: what they are taken of, and what the cell knows of them.

    y_t = softmax(V h_t + c)      the cell ends in the argument, o_t = V h_t + c; y_t itself is dE/do_t plus the label

Laws: the argument of a softmax is a variable of its own, named or not. With the cross-entropy, the customary loss, the
derivative by the argument is
y - label: so in a statement the output stands for that derivative plus the label, and nothing else is said of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.tree import Call, Indexed, Name
from lstm_sym.symbols.names import LABEL, LOSS_ADJOINT

if TYPE_CHECKING:
    from lstm_sym.notes.model.definitions import Model
    from lstm_sym.notes.sampling.roles import Role
    from lstm_sym.notes.statements.prover import StatementScope

ARGUMENT = "_logit"
"""Behind the name of a softmax output: its argument, where the document has no name for it."""


def is_head(model: Model, key: str) -> bool:
    """Whether the variable is a softmax."""
    definition = model.definitions.get(key)
    body = definition.body if definition is not None else None
    return isinstance(body, Call) and getattr(body.function, "text", "") == "softmax"


def name_arguments_of_heads(model: Model) -> None:
    """Gives the argument of each softmax a definition of its own where it is an expression."""
    from lstm_sym.notes.model.definitions import Definition

    for key, definition in list(model.definitions.items()):
        body = definition.body
        if not is_head(model, key) or not isinstance(body, Call) or len(body.arguments) != 1:
            continue
        argument = body.arguments[0]
        read = reference(argument, model.timed) if isinstance(argument, Name | Indexed) else None
        if read is not None and read.key in model.definitions:
            continue
        fresh = key + ARGUMENT
        model.timed |= {fresh}
        model.definitions[fresh] = Definition(fresh, argument, definition.shift, definition.claim)
        name = Indexed(Name(fresh), (Name("t"),), start=argument.start, end=argument.end)
        model.definitions[key] = Definition(key, Call(body.function, (name,)), definition.shift, definition.claim)


def softmax_heads(model: Model) -> Mapping[str, str]:
    """The softmax outputs with the variable that they are taken of."""
    found: dict[str, str] = {}
    for key, definition in model.definitions.items():
        if is_head(model, key):
            assert isinstance(definition.body, Call)
            argument = definition.body.arguments[0]
            read = reference(argument, model.timed) if isinstance(argument, Name | Indexed) else None
            found[key] = read.key if read is not None and read.key in model.definitions else ""
    return found


def head_value(scope: StatementScope, key: str, time: Any) -> Any:
    """A softmax output in a statement; None for any other name, and where the document has a loss of its own."""
    parts = _parts(scope, key, time)
    if parts is None:
        return None
    from lstm_sym.notes.statements.grids import Grid
    from lstm_sym.symbols.nodes import add

    return Grid([[add(*parts)]])


def head_role(scope: StatementScope, role: Role, time: Any) -> Any:
    """What a marked name about a softmax output is in a statement; None for any other."""
    parts = _parts(scope, role.key, time)
    if parts is None:
        return None
    from lstm_sym.notes.statements.grids import Grid

    if role.kind == "label":
        return Grid([[parts[1]]])
    if role.kind in ("net", "direct"):
        return Grid([[parts[0]]])
    return None


def _parts(scope: StatementScope, key: str, time: Any) -> tuple[Any, Any] | None:
    """The derivative of the loss by the argument, and the label."""
    model = scope.model
    if not is_head(model, key) or model.loss_step is not None:
        return None
    inner = softmax_heads(model)[key]
    if inner != scope.cell.output.name and scope.naming.identifier(inner) != scope.cell.output.name:
        return None
    output = scope.cell.output
    return output.named(LOSS_ADJOINT).at(time), output.named(LABEL).at(time)
