"""Long runs: errors carried in frames beside a midpoint run, so that rounding does not wrap around step after step."""
