"""Data rows to LaTeX, Markdown and plain text. Reads them, computes nothing, and so cannot disagree with a proof."""
