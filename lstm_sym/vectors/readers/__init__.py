"""Readers of a pack for its users, without this package: read_vectors.py needs NumPy alone, read_vectors.c a C99 compiler."""
