"""A report on notes as text, HTML, JSON, SARIF and as a patch: one file for each format."""
