"""The frame of a page: head with its content security policy, skip link, bar with the controls, contents, sections, data, script.

Laws: the page is one file that loads nothing: the policy allows only the style and the script of this package, by their hashes,
and pictures inside the page. Titles are escaped here; bodies are HTML made by this package. The data stand in an element that no
browser runs, with every character that could end it written as an escape.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Section:
    """A section of a page: its anchor, its title, its HTML, and its entries in the contents as (anchor, HTML of the link)."""

    anchor: str
    title: str
    body: str
    entries: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Page:
    """A page as it is put together: `decimals` are the numbers of decimals on offer, `first` the one that is shown first."""

    title: str
    subtitle: str
    sections: Sequence[Section]
    data: dict[str, Any] = field(default_factory=dict)
    decimals: Sequence[int] = ()
    first: int | None = None
    hint: str = ""


def page_html(page: Page) -> str:
    """The text of the file."""
    style, script = resource("page.css"), resource("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; base-uri 'none';"
        " form-action 'none'"
    )
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<link rel="icon" href="data:,">',
        f"<title>{escape(page.title)}</title>",
        f"<style>{style}</style>",
    ]
    sections = "\n".join(_section(section) for section in page.sections)
    hint = f'<p class="hint screen">{page.hint}</p>' if page.hint else ""
    subtitle = f'<p class="subtitle">{escape(page.subtitle)}</p>' if page.subtitle else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{_lines(head)}\n</head>\n<body>\n'
        f'<a class="skip" href="#main">Skip to the contents of the page</a>\n{_bar(page)}\n'
        f'<div class="columns">\n{_contents(page.sections)}\n<main id="main" tabindex="-1">\n'
        f"<h1>{escape(page.title)}</h1>\n{subtitle}\n{hint}\n{sections}\n</main>\n</div>\n"
        f'<div id="tip" role="status" hidden></div>\n<div id="said" class="unseen" role="status"></div>\n'
        f'<script type="application/json" id="data">{_json(page.data)}</script>\n<script>{script}</script>\n</body>\n</html>\n'
    )


@lru_cache(maxsize=8)
def resource(name: str) -> str:
    """The text of a file of this package, as it stands in the page."""
    return files("lstm_sym.render.html").joinpath(name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def _json(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _lines(lines: Sequence[str]) -> str:
    return "\n".join(lines)


def _bar(page: Page) -> str:
    options = "".join(
        f'<option value="{place}"{" selected" if decimals == page.first else ""}>{decimals}</option>'
        for place, decimals in enumerate(page.decimals)
    )
    digits = f'<label for="digits">Decimals</label> <select id="digits" autocomplete="off">{options}</select>' if options else ""
    theme = '<button type="button" id="theme" aria-pressed="false">Dark</button>'
    return (
        f'<header class="bar"><span class="name">{escape(page.title)}</span><span class="tools">{digits} {theme}</span></header>'
    )


def _contents(sections: Sequence[Section]) -> str:
    items = []
    for section in sections:
        inner = "".join(f'<li><a href="#{anchor}">{text}</a></li>' for anchor, text in section.entries)
        below = f"<ol>{inner}</ol>" if inner else ""
        items.append(f'<li><a href="#{section.anchor}">{escape(section.title)}</a>{below}</li>')
    return f'<nav aria-label="Contents"><details open><summary>Contents</summary><ol>{"".join(items)}</ol></details></nav>'


def _section(section: Section) -> str:
    heading = f'<h2 id="{section.anchor}-title">{escape(section.title)}</h2>'
    return f'<section id="{section.anchor}" aria-labelledby="{section.anchor}-title">\n{heading}\n{section.body}\n</section>'
