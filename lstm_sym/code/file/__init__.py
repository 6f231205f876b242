"""A user's file: read as source, run in a process of its own with bounds on time and memory, its report brought back.

Law: it is no sandbox; the file runs with the user's own rights, as was asked.
"""
