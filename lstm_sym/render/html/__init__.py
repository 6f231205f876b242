"""Self-contained web pages: formulas as MathML whose symbols and numbers can be asked, and nothing loaded from anywhere."""
