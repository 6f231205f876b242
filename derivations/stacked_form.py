"""The LSTM in stacked form: gates, W, U, b and their gradients, equal to the form gate by gate."""

from export import export

from lstm_sym import derive, load_cell

derivation = derive(load_cell("lstm"))

export(__file__, derivation, *(result.id for result in derivation.of_kind("stacked")), "delta_x", "Delta_out")
