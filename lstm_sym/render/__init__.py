"""Data rows to LaTeX, Markdown and plain text. Reads statements, values and verdicts; computes nothing, so it cannot disagree with a proof."""
