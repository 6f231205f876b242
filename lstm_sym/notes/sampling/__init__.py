"""Sampling: formulas evaluated on the document's own network, unrolled with drawn or given numbers.

    interpreter over any algebra of matrices; network of values and adjoints in reverse mode; whether an equation holds there

Laws: nothing is derived, the chain rule runs on the tape of the forward equations alone; the number system is exact or an
enclosure, so that what is true for every size holds on every sample. The work of one claim is bounded.
"""
