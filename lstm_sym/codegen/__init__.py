"""From a derivation to the text of one module that runs it: a plan of lines, named passes over the plan, NumPy text."""
