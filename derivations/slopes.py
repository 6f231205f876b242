"""The slopes of the activations, from their definitions in exponentials: sigma' = sigma (1 - sigma), tanh' = 1 - tanh^2."""

from export import write

from lstm_sym.render.expression.slopes import slope_latex
from lstm_sym.symbols.activations import ACTIVATIONS, slope_identity_holds
from lstm_sym.verdict import Status, Verdict

METHOD = "identity of polynomials in exp(z)"


def verdict(record):
    holds = slope_identity_holds(record.numerator, record.denominator, record.slope)
    return Verdict(Status.PROVED if holds else Status.REFUTED, "every z", METHOD, 1)


write(
    __file__,
    "".join(slope_latex(record) for record in ACTIVATIONS.values()),
    {record.slope_name: verdict(record) for record in ACTIVATIONS.values()},
)
