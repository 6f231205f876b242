"""Softmax outputs in statements: what the cell knows of them.

    y_t = softmax(V h_t + c)      the cell ends in the argument, o_t = V h_t + c; y_t itself is dE/do_t plus the label

Law: with the cross-entropy, the customary loss, the derivative by the argument is y - label; so in a statement the output
stands for that derivative plus the label, and nothing else is said of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lstm_sym.notes.model.softmax import is_head, softmax_heads
from lstm_sym.symbols.names import LABEL, LOSS_ADJOINT

if TYPE_CHECKING:
    from lstm_sym.notes.sampling.roles import Role
    from lstm_sym.notes.statements.scope import StatementScope


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
