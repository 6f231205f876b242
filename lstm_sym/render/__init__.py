"""Data rows to LaTeX, Markdown, plain text and web pages.

    output       files and PDF                     report        the LaTeX document
    typeset      signs, names, matrices, rows      html          the web page
    expression   nodes and statements              audit, exercise, stability, accuracy
    derivation   lines, results, verdicts          jupyter       what a notebook shows
    worked       worked lines and tables

Laws: the data is read and nothing is computed, so that nothing here can disagree with a proof. Rooms import in one order:
output; typeset; expression; derivation and worked; report and html; audit, exercise, stability and accuracy; jupyter.
"""
