"""Where printed formulas lose their bits in floating point, bounds on what is lost, and stable forms proved equal."""
