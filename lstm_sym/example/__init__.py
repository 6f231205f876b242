"""Worked examples: exact decimals from a TOML file in, every value and line of forward, backward and update out."""
