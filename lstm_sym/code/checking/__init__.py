"""Checking: what the gradient function returned against the derivative of the loss; verdict, cause, report.

Law: a verdict says over what; a cause is named only where planting it gives exactly what was returned.
"""
