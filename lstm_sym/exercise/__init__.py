"""Exercises: examples drawn from seeds so that they are pleasant to work by hand, keys, answers, and marks with follow-through."""
