"""Why a line that fails, or that holds, must still stay UNKNOWN; and the lines that have a second, local sense.

Laws: a line is refuted only where all its names have a meaning that does not hang on it; what holds on samples is evidence
only where something else, one edit away, fails there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from lstm_sym.notes.diagnosis.edit import Context
from lstm_sym.notes.diagnosis.edits import corrections
from lstm_sym.notes.diagnosis.search import Trial
from lstm_sym.notes.formula.names import Reference, reference
from lstm_sym.notes.formula.pairs import Pair, fixed_times, free_times
from lstm_sym.notes.formula.tree import Big, Derivative, Formula, Indexed, Name, Prefixed, Terms, walk
from lstm_sym.notes.meaning.evidence import keys_in, left_roles
from lstm_sym.notes.meaning.outcomes import Outcome
from lstm_sym.notes.meaning.readings import Decider
from lstm_sym.notes.sampling.samples import Samples, Setting
from lstm_sym.notes.sampling.scope import Reading

PERTURBED = 12
"""So many single edits are tried before it is said that nothing decides a line."""


def unread_name(pair: Pair, samples: Samples, unread: frozenset[str]) -> str | None:
    """A name in the pair whose own line could not be read."""
    keys = [key for side in (pair.left, pair.right) for key in keys_in(side, samples)]
    bare = [key.rpartition(" ")[2] for key in keys]
    return next((key for key in bare if key in unread and key not in samples.model.definitions), None)


def other_sense(pair: Pair, samples: Samples) -> str | None:
    """Why a line that fails may be no mistake: it declares another cell, or it is shorthand for what is no matrix."""
    model = samples.model
    left = pair.left
    inner = left.by if isinstance(left, Derivative) else left
    read = reference(inner, model.timed) if isinstance(inner, Name | Indexed) else None
    if read is None or pair.position:
        return None
    if isinstance(left, Derivative):
        of = reference(left.of, model.timed) if isinstance(left.of, Name | Indexed) else None
        by_matrix = read.time is None and read.key not in (*model.definitions, *model.inputs) and not is_column(read.key, samples)
        if by_matrix and of is not None and of.key in model.definitions:
            return "a derivative of a vector by a matrix is no matrix: the line is shorthand"
        return None
    marked = any(isinstance(node, Prefixed | Derivative) for node in walk(pair.right))
    if read.key in model.definitions and read.time is not None and read.time.offset == 0 and not marked:
        return f"it gives {read.key} another equation than before: another cell, or one of the two is wrong"
    return None


def is_column(key: str, samples: Samples) -> bool:
    shape = samples.model.shapes.known.get(key)
    return shape is not None and shape[1].root().bound == 1


def is_decided(pair: Pair, outcome: Outcome, setting: Setting, samples: Samples, context: Context) -> bool:
    """Whether the left side is not zero throughout, and some right side one edit away fails on the samples."""
    if samples.witness(replace(pair, right=_zero(pair.left)), outcome.reading, setting) is None:
        return False
    trial = Trial(pair, outcome.reading, setting, samples)
    near = list(islice(corrections(pair.right, context), PERTURBED))
    return not near or any(not trial(correction.formula) for correction in near)


def _zero(node: Formula) -> Formula:
    return Terms(signs=(1, -1), terms=(node, node))


def passed_back(pair: Pair, decider: Decider, reading: Reading) -> Iterator[Reading]:
    """The readings of an adjoint of the step t-1 as the part that step t passes back to it."""
    left = left_reference(pair, decider.samples)
    if left is None or left.time is None or left.time.base not in ("t", "tau") or left.time.offset != -1:
        return
    if any(time > 0 for time in _marked_times(pair, decider.samples)):
        return
    for found in left_roles(pair, reading, decider.samples, decider.setting):
        if found.left is not None and found.left.kind == "arriving":
            yield found


def left_reference(pair: Pair, samples: Samples) -> Reference | None:
    """The forward name that a marked left side belongs to."""
    node = pair.left
    inner = node.body if isinstance(node, Prefixed) else node.by if isinstance(node, Derivative) else node
    return reference(inner, samples.model.timed) if isinstance(inner, Name | Indexed) else None


def _marked_times(pair: Pair, samples: Samples) -> Iterator[int]:
    for node in walk(pair.right):
        inner = node.body if isinstance(node, Prefixed) else node.by if isinstance(node, Derivative) else None
        read = reference(inner, samples.model.timed) if isinstance(inner, Name | Indexed) else None
        if read is not None and read.time is not None:
            yield read.time.offset


def last_step(pair: Pair, latest: int, samples: Samples) -> int | None:
    """The last step of the document's own example, where the pair speaks of that example alone: its left side is at that step,
    or is a gradient that is written out step by step.
    """
    timed = samples.model.timed
    if free_times(pair.left, timed) or free_times(pair.right, timed):
        return None
    read = left_reference(pair, samples)
    if read is None or any(isinstance(node, Big) for node in walk(pair.right)):
        return None
    if read.time is not None:
        return latest if not read.time.base and read.time.offset == latest else None
    return latest if fixed_times(pair.right, timed) else None


def latest_step(pairs: list[Pair], samples: Samples) -> int:
    """The latest step at which the document names a quantity of the network; -1 where it names none."""
    timed = samples.model.timed
    return max(
        (
            found.time.offset
            for pair in pairs
            for side in (pair.left, pair.right)
            for node in walk(side)
            for found in [reference(node, timed) if isinstance(node, Indexed) else None]
            if found is not None and found.time is not None and not found.time.base and found.key in samples.model.names
        ),
        default=-1,
    )


def ending_at(setting: Setting, last: int) -> Setting:
    """The setting with that last step."""
    return replace(setting, steps=setting.steps - setting.last + last, last=last)
