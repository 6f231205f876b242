"""Reads a pack of reference vectors, with NumPy alone, and refuses what is not as it was written.

    python read_vectors.py DIR                   checks every file of a pack
    python read_vectors.py DIR CASE [float32]    lists the arrays of a case

    from read_vectors import load
    arrays = load("DIR", "lstm_m2_n3_steps4_sat10_seed1", "float32")    # {"x": ..., "W_a": ..., "out": ..., "delta_W_a": ...}

Law: a file is used only where its SHA-256 is the one in SHA256SUMS. Bits of bfloat16 come as the float32 numbers that they are.
"""

import hashlib
import io
import sys
from pathlib import Path

import numpy as np


class PackError(ValueError):
    """Says which file of a pack is not as it was written."""


def sums(folder):
    """The checksums of a pack by file name."""
    lines = (Path(folder) / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def read(folder, name):
    """The bytes of a file, checked; raises PackError."""
    expected = sums(folder).get(name)
    if expected is None:
        raise PackError(f"{name} is not in SHA256SUMS")
    content = (Path(folder) / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != expected:
        raise PackError(f"{name} was changed: its SHA-256 is not the one in SHA256SUMS")
    return content


def load(folder, case, dtype="float64"):
    """The arrays of a case in one format by the names of their quantities; steps stand along the first axis."""
    with np.load(io.BytesIO(read(folder, f"{case}.npz")), allow_pickle=False) as file:
        found = {key.split("/")[1]: file[key] for key in file.files if key.split("/")[0] == dtype}
    if not found:
        raise PackError(f"{case}.npz holds no {dtype}")
    if dtype == "bfloat16":
        found = {name: (bits.astype(np.uint32) << 16).view(np.float32) for name, bits in found.items()}
    return found


def main(arguments):
    """Checks a pack, or lists a case."""
    if len(arguments) == 1:
        names = sorted(sums(arguments[0]))
        for name in names:
            read(arguments[0], name)
        print(f"{len(names)} files are as they were written")
    elif len(arguments) in (2, 3):
        for name, array in load(*arguments).items():
            print(f"{name:<20}{array.shape!s:<14}{array.ravel()[0]!r}")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, PackError) as error:
        sys.exit(f"read_vectors: {error}")
