"""Exact decisions: identities for every size, composition on unrolled networks, refutation with a witness."""
