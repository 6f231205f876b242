"""Softmax outputs of a document, and what they are taken of.

    y_t = softmax(V h_t + c)      the argument, V h_t + c, becomes a variable of its own, named or not

Law: only the definitions of the document are read; what a softmax means in a statement is said elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.tree import Call, Indexed, Name
from lstm_sym.notes.model.definitions import Definition, Model

ARGUMENT = "_logit"
"""Behind the name of a softmax output: its argument, where the document has no name for it."""


def is_head(model: Model, key: str) -> bool:
    """Whether the variable is a softmax."""
    definition = model.definitions.get(key)
    body = definition.body if definition is not None else None
    return isinstance(body, Call) and getattr(body.function, "text", "") == "softmax"


def name_arguments_of_heads(model: Model) -> None:
    """Gives the argument of each softmax a definition of its own where it is an expression."""
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
