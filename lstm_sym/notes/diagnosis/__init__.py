"""Diagnosis: the nearest right formula to a wrong one, as an edit that has a name.

    factor or term missing, sign, transpose, neighbour's name, time, bounds of a sum, slope, order, bracket

Laws: an edit changes one place, in the author's own spelling; it is offered only where the whole line then holds on samples.
What is not found is not guessed.
"""
