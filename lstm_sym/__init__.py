"""Derive, prove, typeset and evaluate backpropagation through time of declared recurrent cells."""
