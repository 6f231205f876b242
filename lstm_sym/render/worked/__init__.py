"""A worked solution on the page: lines symbols = numbers = value, and tables of values.

Law: each number is the certified text of its record; it is never formatted anew.
"""
