"""What a backward name can stand for, and its value on a sample network.

    value     dE/dv_t, by all paths               net       dE/d(pre-activation of v_t)
    arriving  the part from the step t+1          same      the part from uses at the step t
    direct    the loss of the step t itself       grad      dE/dW, over all steps
    step      the part of dE/dW from the step t   none      the name of a plain forward quantity

Law: a role is a statement about the network alone; which role a name has is decided from the document's own use of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lstm_sym.notes.sampling.values import Value

if TYPE_CHECKING:
    from lstm_sym.notes.model.definitions import Model
    from lstm_sym.notes.sampling.network import Network

SAID = {
    "value": "the adjoint of {0}",
    "net": "the adjoint of the pre-activation of {0}",
    "arriving": "what arrives at {0} from the next step",
    "same": "what arrives at {0} within its step",
    "direct": "the derivative of the loss by {0} at the same step",
    "grad": "the gradient of {0}",
    "step": "the part of the gradient of {0} from one step",
    "next_value": "the adjoint of {0} one step later",
    "preact": "the pre-activation of {0}",
    "label": "the label of {0}",
    "now": "{0} at the step t",
    "after": "{0} at the step t+1",
    "free": "any {0}",
    "arriving_before": "what {0} at t-1 gets from the step t",
    "value_before": "the adjoint of {0} at t-1",
}


@dataclass(frozen=True)
class Role:
    """A kind of quantity and the forward name that it belongs to."""

    kind: str
    key: str

    def __str__(self) -> str:
        return SAID[self.kind].format(self.key)

    @property
    def timeless(self) -> bool:
        return self.kind in ("grad", "free")


Times = tuple[int, ...] | None


def role_value(network: Network, role: Role, time: int | None, losses: Times = None) -> Value | None:
    """The value of a role on a sample; None where the name has no such quantity."""
    key = role.key
    if role.kind == "free":
        return Value(tuple((network.matrices.numbers.draw("free", key, i),) for i in range(2)))
    if role.kind == "grad":
        return network.through(key, None, lambda _key, _time: True, losses)
    if role.kind == "step":
        return network.through(key, None, lambda _key, at: at == time, losses)
    if time is None:
        return None
    if role.kind == "preact":
        return network.net(key, time)
    if role.kind == "label":
        return network.label(key, time)
    if role.kind in ("now", "after"):
        return network.value(key, time + (role.kind == "after"))
    if role.kind.endswith("_before"):
        return role_value(network, Role(role.kind.removesuffix("_before"), key), time - 1, losses)
    if role.kind == "net":
        node = network.net(key, time)
        return None if node is None else network.adjoint(node, losses)
    if role.kind == "value":
        return network.adjoint(network.value(key, time), losses)
    if role.kind == "next_value":
        return network.adjoint(network.value(key, time + 1), losses)
    if role.kind == "direct":
        return network.loss_part(key, time) if key in network.model.outputs else None
    wanted = {"arriving": 1, "same": 0}[role.kind]
    return network.through(key, time, lambda _key, at: at - time == wanted, losses)


def candidates(model: Model, key: str, marker: str) -> list[Role]:
    """The roles that a marked name of this key may have, the likeliest first."""
    if key in model.parameters or (key in model.stacks and key not in model.timed):
        return [Role("grad", key), Role("step", key)]
    if key in model.inputs:
        return [Role("value", key)]
    if key not in model.definitions:
        return []
    if marker == "net":
        return [Role("preact", key)] if model.activated(key) else []
    kinds = ["value"]
    if model.activated(key) and marker not in ("partial", "nabla"):  # a derivative is by what stands below, by nothing else
        kinds = ["net", "value"] if marker in ("delta", "Delta", "dp") and key not in model.outputs else ["value", "net"]
    if key in model.recurrent:
        kinds = ["arriving", *kinds] if marker == "Delta" else [*kinds, "arriving"]
    if key in model.used_now:  # else nothing arrives within the step
        kinds.append("same")
    if key in model.outputs:
        kinds.append("direct")
    return [Role(kind, key) for kind in kinds]


def exists(role: Role, model: Model) -> bool:
    """Whether the variable has a quantity of that kind."""
    if role.kind in ("net", "preact"):
        return model.activated(role.key)
    if role.kind == "arriving":
        return role.key in model.recurrent
    if role.kind == "same":
        return role.key in model.used_now
    return role.key in model.outputs if role.kind in ("direct", "label") else True
