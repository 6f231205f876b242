"""The equations of a derivation in the order in which they are computed, compiled in blocks, and run over a number system."""
