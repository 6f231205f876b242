"""Sheets of exercises with their keys, and the marks of a student."""
