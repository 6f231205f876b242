"""Pictures of cells and worked examples: one layout as plain data, written as SVG and as TikZ. Imports data and notation only."""
