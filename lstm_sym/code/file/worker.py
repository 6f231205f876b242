"""The process in which the user's file runs: limits on time and memory, its output swallowed, the report as JSON on a pipe of
its own.

Run as `python -m lstm_sym.code.file.worker` with a request as JSON on standard input. It is no sandbox: the file runs with the
rights of the one who calls, and can do what they can.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The report for a request, or an error with its message."""
    from lstm_sym.code.checking.verify import verify_gradient
    from lstm_sym.code.file.load import load
    from lstm_sym.code.file.source import read_source
    from lstm_sym.errors import LstmSymError

    path = Path(request["file"]).resolve()
    try:
        source = read_source(path)
        os.chdir(path.parent)
        sys.path.insert(0, str(path.parent))
        sys.argv = [str(path)]
        names = (request["loss"], request["gradient"], request["arguments"])
        loaded = load(source, names, request["definitions_only"], request["load_seconds"])
        report = verify_gradient(loaded.loss, loaded.gradient, loaded.arguments, seed=request["seed"])
    except LstmSymError as error:
        return {"error": str(error)}
    record = report.as_json()
    record["findings"] = [*loaded.findings, *record["findings"]]
    text = "\n".join([*(f"finding   {finding}" for finding in loaded.findings), report.text()])
    return {"report": record, "text": text, "refuted": report.refuted, "ran": report.ran}


def limit(request: dict[str, Any]) -> None:
    """Limits of the operating system on processor time and address space, where it has them."""
    seconds, memory = request["seconds"], request["memory"]
    for kind, amount in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (amount, amount))


def main() -> None:
    """Read the request, keep standard output for the answer alone, and answer."""
    request = json.loads(sys.stdin.read())
    limit(request)
    pipe = os.fdopen(os.dup(1), "w")
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    os.environ.setdefault("MPLBACKEND", "Agg")
    try:
        result = answer(request)
    except MemoryError:
        result = {"error": f"the file needs more than {request['memory'] >> 20} MiB of memory"}
    pipe.write(json.dumps(result))
    pipe.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
