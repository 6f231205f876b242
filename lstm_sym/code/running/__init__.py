"""Running: the user's functions on scalars, with stand-ins for NumPy, math and float, and the run as a tape.

Law: whatever is exchanged for the run is put back; a function that the stand-ins do not know is refused by name.
"""
