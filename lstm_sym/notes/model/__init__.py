"""Model: what a document defines, learnt from its relations or given from elsewhere.

    forward equations, stacks, inputs, parameters, shapes, row or column vectors, the loss

Laws: what a document defines comes from its own forward lines; a known cell or a table of names only stands in front of
them. Nothing is evaluated.
"""
