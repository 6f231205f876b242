"""NumPy text of a plan: where each quantity lies in memory, how a line becomes calls, and the module around them."""
