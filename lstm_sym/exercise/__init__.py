"""Exercises: examples drawn from seeds, pleasant to work by hand; keys, answers, and marks with follow-through."""
