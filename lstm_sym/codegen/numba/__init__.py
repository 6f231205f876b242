"""The numba backend: the loops over steps compiled, everything around them as in the NumPy module."""
