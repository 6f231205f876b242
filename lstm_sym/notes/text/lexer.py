"""LaTeX source -> tokens with offsets into the original text.

Laws: every token carries the offsets of what it stands for; spacing and style commands give no token; a script is always
bracketed by OPEN_SUB or OPEN_SUP and CLOSE, whether the author wrote braces or not; an unknown command is unreadable by
name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lstm_sym.notes.text import lexicon
from lstm_sym.notes.text.bounds import MAX_DIGITS, MAX_EXPONENT, MAX_TOKENS, UnreadableError
from lstm_sym.notes.text.numerals import numeric_rows
from lstm_sym.notes.text.words import split_run

COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
SPACE = re.compile(r"(?:\s|%[^\n]*\n|~)+")
LETTERS = re.compile(r"[A-Za-z]+")
NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+(?![\w.]))?", re.ASCII)
POWER_OF_TEN = re.compile(r"(?:\s|\\,|\\;|\\!)*\\(?:times|cdot)(?:\s|\\,)*10\s*\^\s*(?:\{\s*(-?\d+)\s*\}|(-?\d))", re.ASCII)
ASSIGN = re.compile(
    r"(?:\\math(?:rel|bin)\s*\{\s*([-+])\s*\}|\{\s*([-+])\s*\}|([-+−]))\s*(?:\\!)*\s*(?:=|\\math(?:rel|bin)\s*\{\s*=\s*\}|\{\s*=\s*\})"
)
ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([a-zA-Z]+\*?)\}")
COLUMNS = re.compile(r"\s*(?:\[[a-z]\]|\{[^{}]*\})")
ROW_SKIP = re.compile(r"\*?\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|bp|\\[a-z]+)\s*\]")
"""What may follow a line end: a star, and a distance such as [6pt]."""
SPACES = re.compile(r"\\[,;:](?:\s*\\[,;: ])*")
WIDTHS = {",": 3, ":": 4, ";": 5, " ": 6}
WIDE = 9
"""Spaces of together half a quad part two formulas, as a quad does."""
STYLE_BODY = re.compile(r"\s*\{([^{}\\$]*)\}")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*\Z")
UNKNOWN_COMMAND = "the command \\"


@dataclass(frozen=True)
class Token:
    """A token: its kind, its value, and where it stands in the original text."""

    kind: str
    value: str
    start: int
    end: int


class Lexer:
    """Reads one stretch of mathematics, text[start:end]; macros are those of the document that take no argument."""

    def __init__(self, text: str, start: int, end: int, macros: Mapping[str, str]) -> None:
        self.text, self.at, self.end, self.macros = text, start, end, macros
        self.tokens: list[Token] = []

    def run(self) -> list[Token]:
        while self.at < self.end:
            self._step()
            if len(self.tokens) > MAX_TOKENS:
                raise UnreadableError(f"a formula of more than {MAX_TOKENS} tokens", self.at)
        return self.tokens

    def _emit(self, kind: str, value: str, end: int) -> None:
        self.tokens.append(Token(kind, value, self.at, end))
        self.at = end

    def _step(self) -> None:
        text, at = self.text, self.at
        space = SPACE.match(text, at, self.end)
        if space:
            self.at = space.end()
            return
        character = text[at]
        assign = ASSIGN.match(text, at, self.end) if character in "+-−\\{" else None
        if assign:
            self._emit("REL", "+=" if "+" in assign.group() else "-=", assign.end())
        elif character == "\\":
            self._command()
        elif character.isascii() and character.isalpha():
            self._letters()
        elif character in "0123456789" or (character == "." and NUMBER.match(text, at, self.end)):
            self._number()
        elif character == "[" and self._numeric("[", "]"):
            return
        elif character == ":" and text[at : at + 2] == ":=":
            self._emit("REL", "=", at + 2)
        elif character in lexicon.UNICODE_GREEK:
            self._emit("NAME", lexicon.UNICODE_GREEK[character], at + 1)
        elif character in lexicon.UNICODE:
            self._emit(*lexicon.UNICODE[character], at + 1)
        elif text.startswith("...", at):
            self._emit("DOTS", "", at + 3)
        elif character in ".$":
            self._emit("STOP", character, at + 1)
        else:
            raise UnreadableError(f"the character {character!r}", at)

    def _letters(self) -> None:
        found = LETTERS.match(self.text, self.at, self.end)
        assert found is not None
        run = found.group()
        scripted = bool(self.tokens) and self.tokens[-1].kind in ("SUB", "SUP")
        if scripted:  # x_ab without braces is x_a b
            self._name(run[0], self.at + 1)
            return
        for part in split_run(run) if not self._in_script() else (run,):
            self._name(part, self.at + len(part))

    def _in_script(self) -> bool:
        """Whether the innermost open brace was opened by a script sign: there a run of letters is one label."""
        depth = 0
        for token, before in zip(reversed(self.tokens), [*reversed(self.tokens[:-1]), None], strict=False):
            if token.kind == "RBRACE":
                depth += 1
            elif token.kind == "LBRACE":
                if depth == 0:
                    return before is not None and before.kind in ("SUB", "SUP")
                depth -= 1
        return False

    def _name(self, name: str, end: int) -> None:
        self._emit("FUNCTION" if name in lexicon.FUNCTIONS else "NAME", lexicon.FUNCTIONS.get(name, name), end)

    def _number(self) -> None:
        found = NUMBER.match(self.text, self.at, self.end)
        assert found is not None
        text, end = found.group(), found.end()
        power = POWER_OF_TEN.match(self.text, end, self.end)
        if power:
            text, end = f"{text}e{power.group(1) or power.group(2)}", power.end()
        mantissa, _, exponent = text.lower().partition("e")
        if len(mantissa) > MAX_DIGITS or abs(int(exponent or 0)) > MAX_EXPONENT:
            raise UnreadableError(f"a number of more than {MAX_DIGITS} digits or an exponent beyond {MAX_EXPONENT}", self.at)
        self._emit("NUMBER", text, end)

    def _command(self) -> None:
        environment = ENVIRONMENT.match(self.text, self.at, self.end)
        if environment:
            self._environment(environment)
            return
        found = COMMAND.match(self.text, self.at, self.end)
        if found is None:
            raise UnreadableError("a backslash at the end", self.at)
        name, end = found.group(1), found.end()
        spaces = SPACES.match(self.text, self.at, self.end)
        if spaces and sum(WIDTHS[mark] for mark in re.findall(r"\\(.)", spaces.group())) >= WIDE:
            self._emit("QUAD", "", spaces.end())
            return
        if len(name) > 1 and name.endswith("*") and name not in lexicon.STYLES | lexicon.DROPPED_WITH_ARGUMENT:
            name, end = name[:-1], end - 1
        if name in ("left", "right") and self.text[end : end + 1] == ".":
            self.at = end + 1
        elif name in self.macros:
            self._macro(name, end)
        elif name == "left" and self._bracket_after(end):
            return
        elif name.isspace():
            self._emit("SPACE", "", end)
        elif name == "{" and self.text[end : end + 1] == "}":  # what Markdown engines want behind a line
            self.at = end + 1
        elif name in lexicon.ROWS:
            skip = ROW_SKIP.match(self.text, end, self.end)
            self._emit("ROW", "", skip.end() if skip else end)
        elif name in lexicon.WRAPPERS:
            self._emit("WRAP", name, end)
        elif name in lexicon.SPACING:
            self.at = end
        elif name in lexicon.ACCENTS:
            self._emit("ACCENT", lexicon.ACCENTS[name], end)
        elif name in lexicon.OPERATORS:
            self._emit(*lexicon.OPERATORS[name], end)
        elif name in lexicon.FUNCTIONS:
            self._emit("FUNCTION", lexicon.FUNCTIONS[name], end)
        elif name in lexicon.GREEK:
            self._emit("NAME", lexicon.GREEK[name], end)
        elif name in lexicon.STYLES or name in lexicon.TEXTS:
            self._style(name, end)
        elif name in lexicon.ESCAPED:
            self._emit(*lexicon.ESCAPED[name], end)
        elif name in lexicon.DROPPED_WITH_ARGUMENT:
            body = STYLE_BODY.match(self.text, end, self.end)
            self._emit("QUAD" if name in lexicon.WIDE_WITH_ARGUMENT else "SPACE", "", body.end() if body else end)
        else:
            raise UnreadableError(f"{UNKNOWN_COMMAND}{name}", self.at)

    def _bracket_after(self, end: int) -> bool:
        following = SPACE.match(self.text, end, self.end)
        at = following.end() if following else end
        if self.text[at : at + 1] != "[":
            return False
        before, self.at = self.at, at
        if self._numeric("[", "]"):
            return True
        self.at = before
        return False

    def _macro(self, name: str, end: int) -> None:
        body = self.macros[name]
        inner = Lexer(body, 0, len(body), {key: value for key, value in self.macros.items() if key != name})
        self.tokens.extend(Token(token.kind, token.value, self.at, end) for token in inner.run())
        self.at = end

    def _style(self, name: str, end: int) -> None:
        body = STYLE_BODY.match(self.text, end, self.end)
        if body is None:
            self.at = end
            return
        words = body.group(1).strip()
        if name in lexicon.TEXTS and (not WORD.match(words) or words.lower() in lexicon.PROSE):
            self._emit("TEXT", words, body.end())
        elif WORD.match(words) and (name in lexicon.WORD_STYLES or len(words) == 1):
            self._name(words, body.end())
        elif words.isalpha():
            first = self.at
            for part in split_run(words):
                known = lexicon.FUNCTIONS.get(part)
                self.tokens.append(Token("FUNCTION" if known else "NAME", known or part, first, body.end()))
            self.at = body.end()
        elif name in ("operatorname", "operatorname*"):
            raise UnreadableError(f"the operator {words!r}", self.at)
        else:
            self.at = body.start()

    def _environment(self, found: re.Match[str]) -> None:
        which, name = found.groups()
        if name in lexicon.DISPLAYS:
            after = (
                COLUMNS.match(self.text, found.end(), self.end)
                if name.startswith(("alignat", "alignedat")) and which == "begin"
                else None
            )
            self.at = after.end() if after else found.end()
        elif name in lexicon.MATRICES and which == "begin":
            self.at = found.start()
            if not self._numeric(found.group(), f"\\end{{{name}}}"):
                after = COLUMNS.match(self.text, found.end(), self.end) if name == "array" else None
                self._emit("BEGIN", name, after.end() if after else found.end())
        elif name in lexicon.MATRICES:
            self._emit("END", name, found.end())
        else:
            raise UnreadableError(f"the environment {name}", self.at)

    def _numeric(self, opening: str, closing: str) -> bool:
        """Emits a matrix of numbers if the brackets that open here hold nothing else."""
        first = self.at + len(opening)
        last = self.text.find(closing, first, self.end)
        rows = numeric_rows(self.text[first:last]) if last >= 0 else None
        if rows is None:
            return False
        end = last + len(closing)
        body = "\n".join("&".join(row) for row in rows)
        self._emit("MATRIX", body, end)
        return True
