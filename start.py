#!/usr/bin/env python3
"""Sets lstm_sym up in .venv on first use, and runs it.

    python3 start.py report --out report     the arguments are those of lstm-sym
    python3 start.py --test [ARGUMENTS]      the tests; the arguments are pytest's
    python3 start.py --check                 style, types and import directions
    python3 start.py --docs                  the documentation site, its notebooks run anew

Laws: standard library only; everything is installed in one folder, .venv or the one that LSTM_SYM_VENV names; that folder counts
as an environment only with its stamp, which is completed last, so that an interrupted set-up is made anew. Exit code 2 says that
the set-up failed; any other is the program's own. The file parses under Python 3.6, so that an old Python gets a message.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent
STAMP = "lstm-sym-stamp.json"
LOG = "lstm-sym-setup.log"
PROBE = "import sys, lstm_sym; print(sys.version_info[:2], lstm_sym.__file__)"
NO_NETWORK = re.compile(
    "NewConnectionError|NameResolutionError|name resolution|ConnectTimeout|ReadTimeout|ProxyError|Network is unreachable|"
    "dns error|Connection refused|Failed to (fetch|connect)|client error|error sending request|Max retries exceeded"
)


class SetupError(Exception):
    """The environment cannot be made; the message says why and what to do."""


def too_old(version, which=shutil.which):
    """The message for a Python below the oldest that works, naming a newer one on PATH; None where the version will do."""
    if tuple(version[:2]) >= OLDEST:
        return None
    newer = [name for name in ("python3.11", "python3.12", "python3.13", "python3.14") if which(name)]
    advice = (
        "run it with {0}: {0} start.py ...".format(newer[0]) if newer else "install one, and run it as python3.11 start.py ..."
    )
    return "Python {}.{} is too old; lstm_sym needs {}.{} or newer: {}".format(
        version[0], version[1], OLDEST[0], OLDEST[1], advice
    )


def say(text):
    print("start.py: " + text, file=sys.stderr, flush=True)


def interpreter(folder):
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def clean_variables():
    """The environment variables without those that lead Python or pip away from the environment's folder."""
    astray = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "__PYVENV_LAUNCHER__")
    kept = {name: value for name, value in os.environ.items() if name not in astray}
    kept.update(PIP_USER="0", PIP_NO_INPUT="1", PIP_DISABLE_PIP_VERSION_CHECK="1")
    kept.setdefault("PIP_RETRIES", "2")
    return kept


def run(command, cwd=None):
    """Exit code and output of a command, both streams as one text; a command that cannot be started has exit code 127."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=clean_variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def digest(root=ROOT):
    """What the environment depends on: the declared dependencies, and where the project lies."""
    return hashlib.sha256((root / "pyproject.toml").read_bytes() + str(root).encode("utf-8", "surrogateescape")).hexdigest()


def probe(folder):
    """What the environment's own Python says of itself and of lstm_sym; None where it does not run or does not find it."""
    code, said = run([interpreter(folder), "-I", "-c", PROBE])
    return said.strip() if code == 0 else None


def read_stamp(folder):
    """The stamp of a complete environment; {} where the set-up was begun and not finished; None where there is no stamp."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(folder, stamp):
    (folder / STAMP).write_text(json.dumps(stamp) + "\n", encoding="utf-8")


def refuse_foreign(folder):
    """Raises SetupError where the folder holds something that start.py did not make and must not remove."""
    if not folder.exists() or read_stamp(folder) is not None:
        return
    if not folder.is_dir():
        raise SetupError("{} is not a folder; move it away, or name another folder in LSTM_SYM_VENV".format(folder))
    works = (folder / "pyvenv.cfg").exists() and run([interpreter(folder), "-c", "pass"])[0] == 0
    given = "LSTM_SYM_VENV" in os.environ and any(folder.iterdir())
    if works or given:
        raise SetupError("{} was not made by start.py and stays as it is; name another folder in LSTM_SYM_VENV".format(folder))


def begin(folder):
    """An empty folder with an unfinished stamp."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(str(entry))
        else:
            entry.unlink()
    write_stamp(folder, {})


def ways(folder):
    """The ways to make an environment, best first: (command that makes it, command that installs into it)."""
    python, own = interpreter(folder), [interpreter(folder), "-m", "pip"]
    yield [sys.executable, "-m", "venv", folder], own
    yield [sys.executable, "-m", "venv", "--without-pip", folder], [sys.executable, "-m", "pip", "--python", python]
    yield [sys.executable, "-m", "virtualenv", folder], own
    yield ["virtualenv", "--python", sys.executable, folder], own
    yield ["uv", "venv", "--allow-existing", "--python", sys.executable, folder], ["uv", "pip"]


def make_environment(folder):
    """Makes an environment in the folder, and gives the command that installs into it."""
    for make, installer in ways(folder):
        begin(folder)
        if run(make)[0] == 0 and run([*installer, "--version"])[0] == 0:
            return [*installer, "install", *(["--python", interpreter(folder)] if installer[0] == "uv" else [])]
    version = "{}.{}".format(*sys.version_info)
    raise SetupError(
        "this Python ({}) can make no virtual environment; install its venv package (Debian, Ubuntu: apt-get install "
        "python{}-venv), or pip, virtualenv or uv".format(sys.executable, version)
    )


def install(folder, installer, extras):
    """Installs the project with these extras; raises SetupError that tells a missing network from other failures."""
    target = "." + ("[{}]".format(",".join(extras)) if extras else "")
    code, said = run([*installer, "--editable", target], cwd=str(ROOT))
    (folder / LOG).write_text(said, encoding="utf-8")
    if code == 0:
        return
    if NO_NETWORK.search(said):
        raise SetupError(
            "pip could not reach the package index, from which the dependencies come on first use; check the network, "
            "or pip's own settings for a proxy or a mirror, and run the same command again (details: {})".format(folder / LOG)
        )
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    wrong = [line for line in lines if line.lower().startswith("error")] or lines[-1:] or ["it says nothing"]
    raise SetupError("pip could not install the dependencies: {} (details: {})".format(wrong[0], folder / LOG))


def up_to_date(folder):
    """The stamp of an environment that is complete, fits pyproject.toml and works; None for any other."""
    stamp = read_stamp(folder)
    if not stamp or stamp.get("digest") != digest() or stamp.get("probe") != probe(folder):
        return None
    return stamp


def prepare(folder, extras):
    """Brings the environment up to date with these extras, and gives its Python."""
    stamp = up_to_date(folder) or {"extras": []}
    wanted = sorted(set(extras) | set(stamp["extras"]))
    if "installer" in stamp and wanted == stamp["extras"]:
        return interpreter(folder)
    refuse_foreign(folder)
    say("setting up {} (once; it takes a minute or two)".format(folder))
    installer = stamp.get("installer") or make_environment(folder)
    write_stamp(folder, {})
    install(folder, installer, wanted)
    found = probe(folder)
    if found is None:
        raise SetupError("the environment in {} does not run lstm_sym; remove the folder and try again".format(folder))
    write_stamp(folder, {"digest": digest(), "probe": found, "extras": wanted, "installer": [str(part) for part in installer]})
    return interpreter(folder)


def hand_over(command, variables):
    """Runs the command in place of this process, so that exit code, signals and streams are its own."""
    command = [str(part) for part in command]
    if os.name == "nt":
        return subprocess.call(command, env=variables)
    return os.execve(command[0], command, variables)


def check(python):
    """Runs every check, and gives 1 where any of them fails."""
    tools = python.parent
    jobs = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["lint-imports"])
    failed = []
    for name, *arguments in jobs:
        print("$ " + " ".join([name, *arguments]), flush=True)
        if subprocess.call([str(tools / name), *arguments], cwd=str(ROOT), env=clean_variables()) != 0:
            failed.append(name)
    print("checks: " + ("failed: " + ", ".join(failed) if failed else "all passed"), flush=True)
    return 1 if failed else 0


def build_docs(python):
    """Builds the site, with every warning an error, and says where it is."""
    site = ROOT / "build" / "docs"
    command = [python, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", site]
    failed = subprocess.call([str(part) for part in command], cwd=str(ROOT), env=clean_variables()) != 0
    print("docs: " + ("failed" if failed else str(site / "index.html")), flush=True)
    return 1 if failed else 0


def main(arguments):
    message = too_old(sys.version_info)
    if message:
        say(message)
        return 2
    folder = Path(os.environ.get("LSTM_SYM_VENV") or ROOT / ".venv").absolute()
    extras = {"--test": ["test"], "--check": ["check"], "--docs": ["docs"]}
    job = arguments[0] if arguments and arguments[0] in extras else None
    try:
        python = prepare(folder, extras.get(job, []))
    except SetupError as error:
        say(str(error))
        return 2
    except OSError as error:
        say("{}: {}; is the folder writable, and is there space on the disk?".format(error.filename or folder, error.strerror))
        return 2
    except KeyboardInterrupt:
        say("interrupted; the next run begins the set-up anew")
        return 130
    if job == "--check":
        return check(python)
    if job == "--docs":
        return build_docs(python)
    if job == "--test":
        os.chdir(str(ROOT))
        return hand_over([python, "-m", "pytest", "-n", "auto", *arguments[1:]], clean_variables())
    return hand_over([python, "-I", "-m", "lstm_sym", *arguments], dict(os.environ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
