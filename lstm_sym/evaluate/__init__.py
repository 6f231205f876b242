"""From the equations of a derivation to values, over several number systems behind one interface, and to certified decimals."""
