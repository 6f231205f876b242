"""A pack that was changed is refused: by `lstm-sym vectors --check`, by the reader in Python and by the reader in C."""

import hashlib
import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from lstm_sym.cli.app import app
from lstm_sym.errors import InputError
from lstm_sym.vectors.check import case_of

NAME = "lstm_m2_n3_steps2_sat10_seed5"
COMPILER = shutil.which("cc")


def run(*arguments):
    return CliRunner().invoke(app, ["vectors", *(str(argument) for argument in arguments)])


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack") / "vectors"
    options = ["--cell", "lstm", "--size", "2x3", "--steps", "2", "--saturation", "10", "--seed", "5"]
    done = run(*options, "--out", folder)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("1 cases in float16, bfloat16, float32, float64: 6 files")
    return folder


@pytest.fixture
def pack(written, tmp_path):
    return shutil.copytree(written, tmp_path / "pack")


def flip(file, place=-4000):
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def new_sums(pack):
    files = [file for file in sorted(pack.iterdir()) if file.name != "SHA256SUMS"]
    (pack / "SHA256SUMS").write_text("".join(f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in files))


def test_what_was_written_is_right(pack):
    done = run("--check", pack)
    assert done.exit_code == 0
    assert done.stdout == "5 files agree with their checksums; 1 cases computed again are equal to the byte\n"


@pytest.mark.parametrize("ending", [".json", ".npz"])
def test_one_flipped_bit(pack, ending):
    flip(pack / (NAME + ending))
    done = run("--check", pack)
    assert done.exit_code == 1
    assert done.stdout == f"REFUTED   {NAME}{ending}: its SHA-256 is not the one in SHA256SUMS\n"


def test_a_changed_value_with_a_new_checksum(pack):
    file = pack / f"{NAME}.json"
    text = file.read_text()
    line = next(line for line in text.splitlines() if '"quantity":"delta_W_f"' in line)
    digit = line.index('"float32":[["') + 18
    other = line[:digit] + ("1" if line[digit] != "1" else "2") + line[digit + 1 :]
    file.write_text(text.replace(line, other))
    new_sums(pack)
    done = run("--check", pack)
    assert done.exit_code == 1
    assert done.stdout.startswith(f"REFUTED   {NAME}.json: is not what its case gives: line ")
    assert done.stdout.endswith(", delta_W_f\n")


def test_a_changed_array_with_a_new_checksum(pack):
    flip(pack / f"{NAME}.npz")
    new_sums(pack)
    done = run("--check", pack)
    assert done.exit_code == 1
    assert f"{NAME}.npz: is not what its case gives: byte " in done.stdout


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda pack: (pack / f"{NAME}.npz").unlink(), f"{NAME}.npz: is missing"),
        (lambda pack: (pack / "more.txt").write_text("x"), "more.txt: is not in SHA256SUMS"),
        (lambda pack: [(pack / "more.txt").write_text("x"), new_sums(pack)], "more.txt: is of no case in the manifest"),
        (lambda pack: [(pack / "manifest.json").unlink(), new_sums(pack)], "manifest.json is not in SHA256SUMS"),
        (
            lambda pack: [(pack / "manifest.json").write_text("{"), new_sums(pack)],
            "manifest.json: not a manifest of this version",
        ),
        (lambda pack: [(pack / "read_vectors.c").write_text(""), new_sums(pack)], "read_vectors.c: is not what these cases give"),
    ],
)
def test_other_damage(pack, spoil, message):
    spoil(pack)
    done = run("--check", pack)
    assert done.exit_code == 1
    assert message in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "got neither or both of --out and --check; expected one of them"),
        (["--out", "a", "--check", "b"], "got neither or both"),
        (["--check", "missing"], "SHA256SUMS; got No such file or directory"),
        (["--out", "a", "--grid", "large"], "--grid large; got no grid of that name; expected one of small, full"),
        (["--out", "a", "--size", "2,3"], "--size 2,3; got '2,3'; expected m and n such as 2x3"),
        (["--out", "a", "--dtype", "float8"], "dtype 'float8'; got no format of that name"),
        (["--out", "a", "--steps", "0"], "number of steps; got 0"),
        (["--out", "a", "--saturation", "nan"], "Invalid value for '--saturation'"),
        (["--out", ""], "--out; got an empty name"),
    ],
)
def test_wrong_usage(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else(pack):
    (pack / "mine.txt").write_text("mine")
    options = ["--cell", "lstm", "--size", "2x3", "--steps", "2", "--saturation", "10", "--seed", "5"]
    done = run(*options, "--out", pack)
    assert done.exit_code == 2
    assert "got a folder with mine.txt; expected a new folder, or this pack's own" in done.stderr
    (pack / "mine.txt").unlink()
    assert run(*options, "--out", pack).exit_code == 0
    other = run("--cell", "gru", "--size", "2x3", "--steps", "1", "--out", pack)
    assert f"got a folder with {NAME}.json" in other.stderr


def test_a_flipped_bit_in_the_checksums(pack):
    flip(pack / "SHA256SUMS", 3)
    done = run("--check", pack)
    assert done.exit_code in (1, 2)
    assert "SHA256SUMS" in done.output


def test_a_single_step(tmp_path):
    """T = 0: the last step is the first, nothing arrives from a step after it."""
    assert run("--cell", "peephole", "--size", "1x1", "--steps", "1", "--out", tmp_path / "one").exit_code == 0
    done = run("--check", tmp_path / "one")
    assert done.stdout == "9 files agree with their checksums; 3 cases computed again are equal to the byte\n"


def test_sums_of_another_form(tmp_path):
    (tmp_path / "SHA256SUMS").write_text("0000  ../../etc/passwd\n")
    done = run("--check", tmp_path)
    assert done.exit_code == 2
    assert "SHA256SUMS:1; got another line; expected a SHA-256, two spaces and a file name" in done.stderr


def test_names_of_cases():
    assert case_of(NAME).name == NAME
    assert case_of("gru_reset_after_m1_n2_steps1_sat1_seed0_squared").loss == "squared"
    with pytest.raises(InputError, match="got another name; expected a name such as"):
        case_of("lstm_m2_n3")


def reader(pack, *arguments):
    return subprocess.run([sys.executable, pack / "read_vectors.py", pack, *arguments], capture_output=True, text=True)


def test_the_reader_in_python(pack):
    assert reader(pack).stdout == "5 files are as they were written\n"
    listed = reader(pack, NAME, "float32").stdout
    assert "out                 (2, 3)" in listed
    assert "delta_W_a           (3, 2)" in listed
    flip(pack / f"{NAME}.npz")
    for arguments in ([], [NAME]):
        done = reader(pack, *arguments)
        assert done.returncode == 1
        assert done.stderr == f"read_vectors: {NAME}.npz was changed: its SHA-256 is not the one in SHA256SUMS\n"


def test_the_reader_in_python_names_what_is_not_there(pack):
    assert reader(pack, "nothing").stderr == "read_vectors: nothing.npz is not in SHA256SUMS\n"
    assert reader(pack, NAME, "float8").stderr == f"read_vectors: {NAME}.npz holds no float8\n"


@pytest.mark.skipif(COMPILER is None, reason="no C compiler")
def test_the_reader_in_c(pack, tmp_path):
    program = tmp_path / "read_vectors"
    flags = ["-std=c99", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([COMPILER, *flags, "-o", program, pack / "read_vectors.c"], check=True)

    def c(*arguments):
        return subprocess.run([program, *arguments], capture_output=True, text=True)

    import numpy as np

    for kind in ("float32", "float64"):
        lines = c(pack / f"{NAME}.npz", f"{kind}/delta_W_a").stdout.splitlines()
        with np.load(pack / f"{NAME}.npz") as arrays:
            expected = arrays[f"{kind}/delta_W_a"].ravel().tolist()
        assert lines[0] == f"{kind}/delta_W_a (3, 2)"
        assert [float.fromhex(line) for line in lines[1:]] == expected
    assert c(pack / f"{NAME}.npz", "bfloat16/E").stdout.splitlines()[1].startswith("bits 0x")
    assert c(pack / f"{NAME}.npz", "radius/x").stdout.splitlines()[1:] == ["0"] * 4
    assert "float32/nothing in" in c(pack / f"{NAME}.npz", "float32/nothing").stderr
    assert c().returncode == 2
    content = (pack / f"{NAME}.npz").read_bytes()
    flip(pack / f"{NAME}.npz", content.index(b"float32/delta_W_a.npy") + 160)
    done = c(pack / f"{NAME}.npz", "float32/delta_W_a")
    assert done.returncode == 1
    assert "was changed: its CRC-32 does not agree" in done.stderr
    (pack / f"{NAME}.npz").write_bytes(content[:700])
    assert "is cut off" in c(pack / f"{NAME}.npz", "float32/delta_W_a").stderr
