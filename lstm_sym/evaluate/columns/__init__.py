"""Balls in columns: equations as straight code over lists of entries, one product for all that read one column."""
