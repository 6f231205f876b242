"""Mistakes by name, planted in the backward pass of the user's own forward pass: what a wrong gradient is compared with.

Law: a mistake is a row in a table; it changes one thing of the right pass.
"""
