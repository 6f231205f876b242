def recognised(run): return None
