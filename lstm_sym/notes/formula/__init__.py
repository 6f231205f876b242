"""Formula: what stands on the page, as a tree with positions; and what can be done to a tree without knowing what it means.

    tokens -> tree -> names with their indices, pairs of equal sides, LaTeX in the author's own spelling

Laws: a tree is frozen and keeps every ambiguity of the page; a rewriting changes what its rule names and nothing else.
"""
