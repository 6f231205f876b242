"""Text from a user or a record as LaTeX that prints exactly this text and can run no command.

Law: the result holds no character that TeX treats specially, except in the commands of the tables below; a character without an
entry is printed as its code point, so that no engine stops at it.
"""

from __future__ import annotations

import re

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\symbol{34}",
    "`": r"\textasciigrave{}",
    "\n": " ",
    "\t": " ",
}
"""Characters that TeX treats specially, alone or (as `) together with the one before."""

MATHEMATICS = {
    "σ": r"$\sigma$",
    "δ": r"$\delta$",
    "Δ": r"$\Delta$",
    "λ": r"$\lambda$",
    "∂": r"$\partial$",
    "Σ": r"$\Sigma$",
    "²": "$^2$",
    "³": "$^3$",
    "ᵀ": "$^T$",
    "·": r"$\cdot$",
    "⊙": r"$\odot$",
    "⊗": r"$\otimes$",
    "×": r"$\times$",
    "−": "$-$",
    "±": r"$\pm$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "…": r"\dots{}",
    "–": r"\textendash{}",
    "’": "'",
}


def escape(text: str) -> str:
    """The text for LaTeX in text mode."""
    escaped = "".join(_escaped(character) for character in text.replace(" - ", " – "))
    return re.sub("-(?=-)", "-{}", escaped)


def _escaped(character: str) -> str:
    if character in SPECIAL:
        return SPECIAL[character]
    if character in MATHEMATICS:
        return MATHEMATICS[character]
    if " " <= character <= "~":
        return character
    return f"[U+{ord(character):04X}]"


MARKDOWN_SPECIAL = "\\`*_{}[]()#+-.!|<>$&~"


def escape_markdown(text: str) -> str:
    """The text for Markdown: no character of it is markup, HTML or the start of mathematics."""
    return "".join("\\" + character if character in MARKDOWN_SPECIAL else character for character in text.replace("\n", " "))
