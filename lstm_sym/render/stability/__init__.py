"""The stability of a cell's formulas, for a terminal and in LaTeX."""
