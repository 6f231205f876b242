"""The squared loss, its derivative by the output, and the update by gradient descent."""

from export import export

from lstm_sym import derive, load_cell

derivation = derive(load_cell("lstm"))

export(__file__, derivation, "E", "Delta", *(result.id for result in derivation.of_kind("update")))
