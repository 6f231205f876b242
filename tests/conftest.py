"""Fixtures that many tests share: derivations, each made once."""

from functools import cache

import pytest

from lstm_sym.calculus.derive import derive
from lstm_sym.cells import cell


@cache
def derivation_of(name):
    return derive(cell(name))


@pytest.fixture(scope="session")
def derivation():
    """The derivation of a cell by its name."""
    return derivation_of
