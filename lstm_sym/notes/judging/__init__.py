"""Judging: claim to verdict, with its reason and its correction.

Laws: an equation is REFUTED only where its meaning is settled and something right is near, or an exact witness stands; doubt
is said in a sentence that a reader can act on. Every claim gets a verdict.
"""
