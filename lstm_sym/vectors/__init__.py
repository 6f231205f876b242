"""Reference packs: certified values of forward, adjoints and gradients, correctly rounded to each format, for writers of
kernels.
"""
