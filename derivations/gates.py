"""The adjoints of the gates of the LSTM: delta a, delta i, delta f, delta o."""

from export import export

from lstm_sym import derive, load_cell

export(__file__, derive(load_cell("lstm")), "delta_a", "delta_i", "delta_f", "delta_o")
