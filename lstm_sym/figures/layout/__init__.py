"""Where boxes and wires of a network go: layers, their order, heights, tracks for orthogonal wires, panels side by side."""
