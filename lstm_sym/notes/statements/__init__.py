"""Statements: the document's cell, and its claims as statements over that cell, for `lstm_sym.proof` to decide.

Laws: a statement says exactly what the reading says of the claim; what has no statement is None, with the reason where one is
asked for. Nothing is proved or refuted here.
"""
