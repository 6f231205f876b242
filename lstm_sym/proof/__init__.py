"""Exact decisions: identities for every size, composition on unrolled networks, refutation with a witness.

`prove(derivation)` gives a verdict for each step and result; `prove_statement(statement, cell)` decides one statement.
"""

from lstm_sym.proof.prove import Proof as Proof
from lstm_sym.proof.prove import prove as prove
from lstm_sym.proof.prove import prove_statement as prove_statement
