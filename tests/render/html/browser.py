"""Chromium for the tests of the page: the system's own, driven by Playwright; where either is missing the tests are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
AXE = Path(os.environ.get("LSTM_SYM_AXE", "node_modules/axe-core/axe.min.js"))


def chromium() -> Iterator[Any]:
    """A running browser."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Any, file: Path, width: int = 1280, **options: Any) -> Iterator[Any]:
    """The page in a fresh window; at the end, nothing may have been said on the console and nothing asked of a network."""
    context = browser.new_context(viewport={"width": width, "height": 800}, **options)
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    yield page
    context.close()
    assert said == []
    assert {url.partition("#")[0] for url in asked if not url.startswith("data:")} == {file.as_uri()}
