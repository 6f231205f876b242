"""The user's file as Python source: a script, or the code cells of a notebook, whole or its definitions only.

Definitions are imports, functions, classes, assignments of constants, and what the named objects (`loss`, `gradient`,
`arguments`) are made from. A training loop, a plot or a print at the top of the file is none. Law: line numbers stay those of
the file (in a notebook, of its code cells one after another); a stretch that does not parse is left out of the definitions
and named.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

from lstm_sym.errors import InputError, Place

PRINT_STATEMENT = re.compile(r"^([ \t]*)print[ \t]+(?!=)([^(=\n].*)$", re.MULTILINE)
"""Statements of Python 2; a file that does not parse is tried with calls in their place."""

PLAIN_CALLS = frozenset(
    ("len", "range", "list", "dict", "tuple", "int", "float", "sum", "zip", "min", "max", "sorted", "set", "enumerate")
)


@dataclass(frozen=True)
class Source:
    """Text of a file, ready to compile."""

    path: Path
    text: str

    def whole(self) -> ast.Module:
        """The file's syntax tree; raises InputError at the line that does not parse."""
        try:
            return ast.parse(self.text)
        except SyntaxError as error:
            raise InputError(
                f"the file does not parse: {error.msg}",
                got=(error.text or "").strip() or None,
                advice="mend the line, or take what parses with --definitions-only",
                place=Place(str(self.path), error.lineno, error.offset),
            ) from None

    def definitions(self, names: tuple[str, ...]) -> tuple[ast.Module, tuple[str, ...]]:
        """The definitions, and what was left out because it does not parse."""
        statements, left_out = self._statements()
        kept = [statement for statement in statements if _is_definition(statement)]
        wanted = set(names)
        for statement in reversed(statements):
            if statement not in kept and wanted & _touched(statement):
                kept.append(statement)
                wanted |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        kept.sort(key=lambda statement: statement.lineno)
        return ast.Module(body=kept, type_ignores=[]), left_out

    def _statements(self) -> tuple[list[ast.stmt], tuple[str, ...]]:
        try:
            return list(ast.parse(self.text).body), ()
        except SyntaxError:
            return _stretches(PRINT_STATEMENT.sub(r"\1print(\2)", self.text))


def read_source(path: Path) -> Source:
    """The source of a script or notebook; raises InputError where it is neither."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            "the file is not text", got=path.name, expected="a Python file or a notebook", place=Place(str(path))
        ) from None
    except OSError as error:
        raise InputError("the file cannot be read", got=error.strerror, place=Place(str(path))) from None
    return Source(path, _notebook(path, text) if path.suffix == ".ipynb" else text)


def _notebook(path: Path, text: str) -> str:
    try:
        cells = json.loads(text)["cells"]
        parts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError):
        raise InputError("the file is not a notebook", expected="JSON with a list of cells", place=Place(str(path))) from None
    return "\n".join(_without_magic(part) for part in parts) + "\n"


def _without_magic(cell: str) -> str:
    """Lines for the notebook's shell (%matplotlib, !pip) as `pass`; a cell of another language as comments."""
    lines = cell.split("\n")
    if lines[0].startswith("%%"):
        return "\n".join("# " + line for line in lines)
    return "\n".join(_indent(line) + "pass" if line.lstrip().startswith(("%", "!", "?")) else line for line in lines)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _is_definition(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return True
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return False
    calls = [node.func for node in ast.walk(statement.value) if isinstance(node, ast.Call)]
    return all(isinstance(call, ast.Name) and call.id in PLAIN_CALLS for call in calls)


def _touched(statement: ast.stmt) -> set[str]:
    """Names that a statement assigns or calls methods on."""
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.value, ast.Name):
            found.add(node.value.id)
    return found if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.Expr) else set()


def _stretches(text: str) -> tuple[list[ast.stmt], tuple[str, ...]]:
    """Statements of the stretches between unindented lines that parse by themselves."""
    lines = text.split("\n")
    starts = [k for k, line in enumerate(lines) if line and not line[0].isspace() and line[0] not in "#)]}"]
    found: list[ast.stmt] = []
    left_out: list[str] = []
    position = 0
    while position < len(starts):
        for end in range(position + 1, min(position + 40, len(starts)) + 1):
            stop = starts[end] if end < len(starts) else len(lines)
            part = "\n" * starts[position] + "\n".join(lines[starts[position] : stop])
            try:
                body = ast.parse(part).body
            except SyntaxError:
                continue
            found += body
            position = end
            break
        else:
            left_out.append(f"line {starts[position] + 1} does not parse and is left out: {lines[starts[position]].strip()[:60]}")
            position += 1
    return found, tuple(left_out)
