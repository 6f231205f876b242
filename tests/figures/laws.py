"""What every picture keeps: functions that list what breaks a law, so that a test can show that they find it."""

from itertools import combinations, pairwise

from lstm_sym.figures.kinds.placing import crosses, overlap


def overlapping_labels(scene):
    return [(a.text, b.text) for a, b in combinations(scene.labels, 2) if overlap(a.rectangle, b.rectangle, -0.6)]


def inner(rectangle, by):
    left, top, right, bottom = rectangle
    return left + by, top + by, right - by, bottom - by


def segments(wire):
    return pairwise(wire.points)


def wires_through_boxes(scene):
    boxes = [shape for shape in scene.shapes if shape.id]
    return [
        (wire.source, wire.target, box.id)
        for wire in scene.wires
        for box in boxes
        for piece in segments(wire)
        if crosses(inner(box.rectangle, 0.8 if box.form == "box" else 2.5), piece)
    ]


def wires_through_labels(scene):
    return [
        (wire.source, wire.target, label.text)
        for wire in scene.wires
        for label in scene.labels
        for piece in segments(wire)
        if wire.role not in ("grid", "axis") and crosses(inner(label.rectangle, 0.9), piece)
    ]


def labels_across_boxes(scene):
    """Labels that stand half in a box: each is within it or outside."""
    boxes = [shape for shape in scene.shapes if shape.id]
    return [
        (label.text, box.id)
        for label in scene.labels
        for box in boxes
        if overlap(label.rectangle, box.rectangle, -0.6) and not within(label.rectangle, box.rectangle)
    ]


def within(a, b):
    return b[0] - 1 <= a[0] and b[1] - 1 <= a[1] and a[2] <= b[2] + 1 and a[3] <= b[3] + 1


def wires_upon_each_other(scene):
    """Pieces of two nets that lie on one line, over more than a corner."""
    found = []
    for a, b in combinations([wire for wire in scene.wires if wire.source and wire.role == "forward"], 2):
        if a.source != b.source:
            found += [(a.source, b.source) for p in segments(a) for q in segments(b) if _upon(p, q)]
    return found


def _upon(p, q):
    for axis in (0, 1):
        across = 1 - axis
        level = p[0][across] == p[1][across] and q[0][across] == q[1][across] and abs(p[0][across] - q[0][across]) < 2
        low, high = (
            max(min(p[0][axis], p[1][axis]), min(q[0][axis], q[1][axis])),
            min(max(p[0][axis], p[1][axis]), max(q[0][axis], q[1][axis])),
        )
        if level and high - low > 1:
            return True
    return False


LAWS = (overlapping_labels, wires_through_boxes, wires_through_labels, labels_across_boxes, wires_upon_each_other)
