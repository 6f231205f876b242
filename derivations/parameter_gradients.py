"""The gradients of the LSTM by its parameters, gate by gate: sums of outer products over time."""

from export import export

from lstm_sym import derive, load_cell

lstm = load_cell("lstm")

export(__file__, derive(lstm), *(f"delta_{parameter.name}" for parameter in lstm.parameters))
