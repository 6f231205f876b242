"""What leaves the program: files that are never half-written, and PDF from an installed TeX engine.

Law: nothing of the mathematics is known here; what runs, runs where it can do no harm.
"""
