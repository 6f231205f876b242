"""The names that a document without forward equations uses for a known cell: found among the customary ones by what it writes.

    --cell lstm    a text with c_t, h_t, \\tilde c_t, W_{xf}, W_{hf}     f_t = \\sigma(W_{xf} x_t + W_{hf} h_{t-1} + b_f), ...

Laws: a customary name is taken only where the document uses it; where it uses none, the name of the cell stays. All weights
of a document are named in one style, the one of which most names occur; whether rows or columns are meant is seen from the
side on which its weights multiply.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lstm_sym.cell import Cell
from lstm_sym.notes.formula.names import reference
from lstm_sym.notes.formula.rewrite import whole_names
from lstm_sym.notes.formula.tree import Derivative, Factors, Formula, Group, Indexed, Name, Prefixed, walk
from lstm_sym.notes.model.cell_text import Spelling, equations_text
from lstm_sym.symbols.leaves import Parameter

CANDIDATES: tuple[str, ...] = ("g", "tilde_c", "tilde_C", "hat_c", "hat_C", "bar_c", "bar_C", "prime_c", "prime_C")
CUSTOMS: dict[str, dict[str, tuple[str, ...]]] = {
    "lstm": {"state": ("c", "C", "s"), "out": ("h", "H", "a"), "a": CANDIDATES},
    "peephole": {"state": ("c", "C", "s"), "out": ("h", "H", "a"), "a": CANDIDATES},
    "gru": {"h": ("h", "H", "s"), "g": ("tilde_h", "hat_h", "bar_h", "prime_h", "n", "g", "c"), "z": ("z", "u"), "r": ("r",)},
    "gru_reset_after": {"h": ("h", "H", "s"), "g": ("n", "tilde_h", "hat_h", "g", "c"), "z": ("z", "u"), "r": ("r",)},
    "elman": {"h": ("h", "s", "a", "H")},
}
"""For each cell the customary names of its variables, the likelier first."""


@dataclass(frozen=True)
class Style:
    """How weights are named: formats of the gate g, of the input x and of the output h; `stacked` has one weight for [h, x]."""

    of_input: str
    of_output: str
    bias: str = "b_{g}"
    stacked: bool = False


STYLES = (
    Style("W_{g}", "U_{g}"),
    Style("W_x{g}", "W_h{g}"),
    Style("W_{g}x", "W_{g}h"),
    Style("W_{h}x", "W_{h}{h}"),
    Style("W_{g}", "R_{g}"),
    Style("U_{g}", "W_{g}"),
    Style("W_i{g}", "W_h{g}"),
    Style("W_{g}", "W_{g}", stacked=True),
    Style("W", "U", "b"),
    Style("U", "W", "b"),
)


def named_equations(cell: Cell, formulas: Iterable[Formula], timed: frozenset[str]) -> list[str]:
    """The cell's equations in LaTeX, in the names of these formulas."""
    formulas = list(formulas)
    keys = {
        read.key for formula in formulas for name in whole_names(formula) for read in [reference(name, timed)] if read is not None
    }
    keys |= {about for formula in formulas for about in _about(formula, timed)}
    variables = _variables(cell, keys)
    stacks = any(isinstance(node, Group) and len(node.items) == 2 for formula in formulas for node in walk(formula))
    options = [(style, labels) for style in STYLES for labels in _labellings(variables) if not style.stacked or stacks]
    style, labels = max(options, key=lambda found: (_score(cell, variables, keys, *found), found[0].stacked))
    names = {name: _latex(key) for name, key in variables.items()}
    for parameter in (p for equation in cell.equations for p in equation.body.atoms(Parameter)):
        names[parameter.name] = _latex(_weight(parameter.name, style, labels, variables))
    return equations_text(cell, Spelling(names, _is_row(formulas, timed), style.stacked))


def _about(formula: Formula, timed: frozenset[str]) -> Iterable[str]:
    """The names behind delta and d: d W_xf, delta_f."""
    for name in whole_names(formula):
        read = reference(name, timed)
        if read is not None:
            yield read.key.removeprefix("d")
            yield read.key.partition("_")[2]


def _variables(cell: Cell, keys: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for equation in cell.equations:
        own = equation.variable.name
        taken = set(found.values())
        options = [key for key in CUSTOMS.get(cell.name, {}).get(own, ()) if key in keys and key not in taken]
        found[own] = own if own in keys and own not in ("a",) else options[0] if options else own
    return found


def _labellings(variables: dict[str, str]) -> Iterable[dict[str, str]]:
    """What the gates are called in the names of their weights: by their own name, or by what they are a candidate for."""
    yield variables
    yield {own: key.rpartition("_")[2] for own, key in variables.items()}


def _weight(parameter: str, style: Style, labels: dict[str, str], variables: dict[str, str]) -> str:
    base, _, gate = parameter.partition("_")
    form = {"W": style.of_input, "U": style.of_output, "b": style.bias}.get(base)
    if form is None:
        return parameter
    output = variables.get("out") or variables.get("h") or "h"
    return form.replace("{g}", labels.get(gate, gate)).replace("{h}", output)


def _score(cell: Cell, variables: dict[str, str], keys: set[str], style: Style, labels: dict[str, str]) -> int:
    names = {parameter.name for equation in cell.equations for parameter in equation.body.atoms(Parameter)}
    if style.stacked:
        names = {name for name in names if not name.startswith("U")}
    bare = {key.replace("_", "") for key in keys}
    return sum(_weight(name, style, labels, variables).replace("_", "") in bare for name in names)


def _latex(key: str) -> str:
    accent, _, rest = key.partition("_")
    if accent in ("tilde", "hat", "bar") and rest:
        return f"\\{accent}{{{rest}}}"
    if accent == "prime" and rest:
        return f"{rest}'"
    return f"{accent}_{{{rest}}}" if rest else accent


def _is_row(formulas: Sequence[Formula], timed: frozenset[str]) -> bool:
    """Whether weights stand to the right of gradients and vectors more often than to their left."""
    left = right = 0
    for node in (node for formula in formulas for node in walk(formula)):
        if isinstance(node, Factors):
            kinds = [
                "weight" if _is_weight(factor, timed) else "vector" if _is_vector(factor, timed) else ""
                for factor in node.factors
            ]
            left += sum(pair == ("weight", "vector") for pair in pairwise(kinds))
            right += sum(pair == ("vector", "weight") for pair in pairwise(kinds))
    return right > left


def _is_weight(node: Formula, timed: frozenset[str]) -> bool:
    read = reference(node, timed) if isinstance(node, Name | Indexed) else None
    return read is not None and read.time is None and read.key[:1] in "WUVR"


def _is_vector(node: Formula, timed: frozenset[str]) -> bool:
    if isinstance(node, Prefixed | Derivative):
        return True
    read = reference(node, timed) if isinstance(node, Indexed) else None
    return read is not None and read.time is not None
