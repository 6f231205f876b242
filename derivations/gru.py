"""Gated recurrent unit, reset before the recurrent product: the whole derivation."""

from export import export

from lstm_sym import derive, load_cell

export(__file__, derive(load_cell("gru")))
