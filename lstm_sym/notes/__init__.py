"""Notes: find the formulas of a document, read them, learn its notation, and judge every claim.

The passages of a text -> displays -> tokens -> formula trees -> the notation that the document itself defines -> verdicts.
"""
