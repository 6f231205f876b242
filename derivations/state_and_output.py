"""The adjoints of state and output of the LSTM, what lies after the last step, and what leaves the first one."""

from export import export

from lstm_sym import derive, load_cell

export(
    __file__,
    derive(load_cell("lstm")),
    "delta_out",
    "delta_state",
    "delta_state_after_last",
    "Delta_out_last",
    "delta_x",
    "Delta_out",
    "delta_state_initial",
)
