"""Number systems behind one interface, what a program gives them to read, and expressions over any of them."""
