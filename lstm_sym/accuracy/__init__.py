"""How many ulps implementations are off, against certified values: of NumPy, of frameworks, of a file with forward and
backward.
"""
