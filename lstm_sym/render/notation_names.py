"""The names of the package's notations. To add one, write its table in lstm_sym/render/notations and name it here."""

NOTATIONS = ("worksheet", "hc", "colah", "greff", "fractions")
"""Each but the first is a TOML table; `worksheet` is the record WORKSHEET."""
