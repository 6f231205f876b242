"""Notes: find the formulas of a document, read them, learn its notation, and judge every claim.

    text          where the mathematics is, tokens         meaning       what backward names stand for
    formula       trees, names, pairs                      statements    the document's cell, claims over it
    notation      ways of writing, brought to one form     diagnosis     the nearest right formula
    model         what the document defines                worked        the numbers of an example
    sampling      formulas tried on sample networks        judging       claim to verdict
    audit         document to report                       cell_file     file to cell

Law: rooms import in one order: text, formula, notation, model, sampling; then meaning, statements, diagnosis and worked,
which do not know each other; then judging; then audit and cell_file.
"""
