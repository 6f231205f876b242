"""Worked: the numbers of an example inside a document, each exact, carried or wrong.

    givens -> the network in balls -> grades of operands, results, updated parameters

Laws: a printed number claims the interval of its digits; true values are enclosed, so a grade is certain. A consequence is
told from its cause.
"""
