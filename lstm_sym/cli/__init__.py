"""The command line: parse arguments, call, print, exit code. One file for each command.

Laws: a command imports what it needs when it runs, so that help and refusals come at once; what a command prints on standard
output is its answer and nothing else; every error of the user is one message on standard error.

Exit codes: 0 done, and all that had to be proved is proved; 1 done, and something is not proved; 2 bad input, nothing written;
70 an error of the program itself; 130 interrupted; 141 the reader of the output went away.
"""

from __future__ import annotations

import sys


def main() -> None:
    """The entry point `lstm-sym`."""
    from lstm_sym.cli.app import app

    sys.exit(app(prog_name="lstm-sym"))
