"""Scalars that know their expression: what stands in the place of each float64 while the user's code runs.

    graph of operations, Arb ball, residues at two random points, the place in the code; derivatives in reverse mode; identity

Law: what is decided is exact or enclosed; equality for all arguments is proved, never guessed from values.
"""
