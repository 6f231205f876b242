"""Binary floating-point formats as data, and correct rounding of exact numbers and of enclosures to them."""
