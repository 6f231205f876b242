"""Typesetting: how pieces of mathematics are written, in LaTeX and in plain Unicode text.

    names by a table of notation, signs, indices, fences, matrices, rows that are broken to the width of the page

Law: a piece knows its width and how tightly it binds; nothing is known of derivations here, and text of a user cannot run.
"""
