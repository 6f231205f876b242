"""A picture as plain data, boxes, wires and words with their places, and the two ways to write it: SVG and TikZ."""
