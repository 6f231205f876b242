"""From a declared cell to its derivation: entrywise derivatives by SymPy, named rules, the chain rule over time."""
