"""causes"""
def cause_of(*a): return None
def second_call(ran, path): return None
