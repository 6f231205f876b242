"""Meaning: what the backward names of a document stand for, decided from its own use of them.

    delta_h is dE/dh by all paths, or the part from the step t+1, or dE/d(pre-activation), ...

Laws: a name means one thing throughout; no single line decides against the rest, and none vouches for itself.
"""
