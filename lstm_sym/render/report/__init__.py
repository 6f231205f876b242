"""The report: one LaTeX document from what the other rooms write, with its style and its pictures."""
