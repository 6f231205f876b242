"""Text: where the mathematics of a document is, and its tokens.

    Markdown, LaTeX, notebook -> passages -> pieces of one relation each, as tokens

Laws: every token and every piece is a pair of offsets into the original text; nothing is known of formulas here. What is
not understood keeps its place and its reason.
"""
