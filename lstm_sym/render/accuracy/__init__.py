"""How many ulps implementations are off, for a terminal and as SVG."""
