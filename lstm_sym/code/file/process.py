"""Verify a file in a process of its own and bring the report back.

Law: whatever the file does (an endless loop, an exit, a crash), this returns or raises InputError within the time given.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_sym.errors import InputError, Place

MIB = 1 << 20


@dataclass(frozen=True)
class FileReport:
    """A report as JSON and as text, from the other process."""

    record: dict[str, Any]
    text: str
    refuted: bool
    ran: bool


def verify_file(
    path: Path,
    *,
    loss: str = "loss",
    gradient: str = "gradient",
    arguments: str = "arguments",
    definitions_only: bool = False,
    seed: int = 20,
    seconds: int = 120,
    memory_mib: int = 4096,
) -> FileReport:
    """Verdicts on the gradient in a file; raises InputError where the file cannot be run."""
    request = {
        "file": str(path),
        "loss": loss,
        "gradient": gradient,
        "arguments": arguments,
        "definitions_only": definitions_only,
        "seed": seed,
        "seconds": seconds,
        "load_seconds": max(1, min(20, seconds // 2)),
        "memory": memory_mib * MIB,
    }
    result = _asked(request, path, seconds)
    if "error" in result:
        raise InputError(result["error"])
    return FileReport(result["report"], result["text"], result["refuted"], result["ran"])


def _asked(request: dict[str, Any], path: Path, seconds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "lstm_sym.code.file.worker"]
    environment = _environment()
    try:
        done = subprocess.run(
            command, input=json.dumps(request), capture_output=True, text=True, timeout=seconds + 5, env=environment
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            "the file did not finish", got=f"no answer in {seconds} s", advice="allow more with --seconds", place=Place(str(path))
        ) from None
    if done.returncode != 0 or not done.stdout:
        why = f"signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
        raise InputError(
            "the process that ran the file ended without an answer",
            got=why,
            advice=f"if it ran out of time ({seconds} s) or memory, allow more with --seconds or --memory",
            place=Place(str(path)),
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _environment() -> dict[str, str]:
    import os

    package = str(Path(__file__).resolve().parents[3])
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{package}{os.pathsep}{known}" if known else package}
