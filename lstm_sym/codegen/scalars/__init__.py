"""Straight-line scalar text of a plan for given sizes: one line for each entry of a step, a loop over steps around them."""
