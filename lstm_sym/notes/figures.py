"""stub"""
class Figures:
    notes=()
    def __init__(self, a, p): pass
    def findings(self): return []
