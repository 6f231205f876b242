"""Expressions and statements as pieces of mathematics: one row of a table for each node type.

Law: terms print in declared order; a node without a row raises an error that says what to add, and where.
"""
