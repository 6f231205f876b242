"""The words of the mathematics: time-indexed matrix symbols, activations, and the nodes that expressions are made of."""
