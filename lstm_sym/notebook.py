"""Typeset display in Jupyter: every public object shows itself. Registered when a public name is first used in a running session.

Law: what an object looks like is said in `render`; only the objects that `render` may not know are shown from here.
"""

from __future__ import annotations

import sys

from lstm_sym.calculus.rules import REASONS
from lstm_sym.proof.prove import Proof
from lstm_sym.render import jupyter
from lstm_sym.render.derivation.text import derivation_markdown


def proof_markdown(proof: Proof) -> str:
    """The derivation with the reason of every step and the verdict on every result."""
    return derivation_markdown(proof.derivation, REASONS, proof.results)


SHOWN = ((Proof, "_repr_markdown_", proof_markdown),)
"""Class, the method that Jupyter calls, and what it shows."""


def register() -> None:
    """Gives each class the method that Jupyter calls; calling it again changes nothing."""
    jupyter.register()
    for shown, method, show in SHOWN:
        setattr(shown, method, show)


def is_running() -> bool:
    """Whether this Python is a notebook or an IPython session."""
    return "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None
