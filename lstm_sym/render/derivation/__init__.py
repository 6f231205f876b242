"""A derivation on the page: numbered results, lettered lines with rules and reasons, verdicts, and the whole at a glance.

Law: text and LaTeX come from one outline, so that they number and order alike.
"""
