"""Products with the inputs, for a block of steps before its loop: one matrix product for the blocks of all gates.

    before_a_t = W_a x_t + b_a,  before_i_t = W_i x_t + b_i    [x_lo; ...; x_hi] [W_a; W_i]ᵀ, and the loop adds b

Law: only the time of the product changes; the loop reads it where it would have computed it.
"""

from __future__ import annotations

from lstm_sym.codegen.equation import text
from lstm_sym.codegen.mirror import sign_and_parameter
from lstm_sym.codegen.numba.places import Place, Places
from lstm_sym.codegen.numpy.parameters import ACROSS, Signed
from lstm_sym.codegen.numpy.scope import BLOCK, Scratch, size, times_size
from lstm_sym.codegen.numpy.writer import Writer
from lstm_sym.codegen.plan import Line, Lines
from lstm_sym.symbols.nodes import Expression, Product, Sum, product


def early_products(lines: Lines, writer: Writer, places: Places) -> dict[Expression, Place]:
    """Writes the products of these lines for a block of steps, and says where the loop finds each."""
    found: dict[Expression, Place] = {}
    for each in lines:
        products = _products(each)
        if products:
            found |= _written(products, writer, places)
    return found


def _products(each: Line) -> dict[Expression, Signed]:
    """One term W x of each value, all with the same x, by its parameter; none where the values are of another form."""
    found = {}
    for value in each.values:
        terms = value.args if isinstance(value, Sum) else (value,)
        for term in terms:
            if isinstance(term, Product) and (parameter := sign_and_parameter(term.args[0])) is not None:
                found[term] = parameter
                break
    rights = {product(*term.args[1:]) for term in found}
    return found if len(found) == len(each.values) and len(rights) == 1 and rights.pop().shape[1] == 1 else {}


def _written(products: dict[Expression, Signed], writer: Writer, places: Places) -> dict[Expression, Place]:
    first, count, scope = next(iter(products)), len(products), writer.scope
    rows, right = first.shape[0], writer.operand((product(*first.args[1:]),))
    scratch = Scratch(places.memory.names.of(object(), "products"), BLOCK, 1, count * rows)
    places.memory.scratch.append(scratch)
    panels = scope.parameter(list(products.values()), ACROSS)
    scope.lines += [
        f"# {', '.join(text(term) for term in products)}",
        f"_multiply({right}, {panels}, w.{scratch.attribute}[:hi - lo])",
    ]
    scope.give_back(right)
    stride, shape = times_size(count, rows, ""), f"block, batch, {count}, -1"
    return {
        term: Place(
            scratch.attribute,
            size(rows, ""),
            times_size(place, rows, "") if place else "",
            f"{stride} apart",
            (scratch.attribute, shape, "t - lo", f"{place}, "),
        )
        for place, term in enumerate(products)
    }
