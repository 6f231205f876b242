"""Backends for frameworks that differentiate themselves: the plan as a function with the derived gradient."""
