"""The page in Chromium: what a reader sees and does with mouse, keyboard and finger, on wide and narrow screens, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lstm_sym.claim import Claim, Finding, Report
from lstm_sym.errors import Place
from lstm_sym.render.audit.html import audit_html
from lstm_sym.verdict import Status
from tests.render.html.browser import AXE, chromium, opened
from tests.render.html.pages import HOSTILE, hostile_page, small_page, worksheet_at, worksheet_page

TEXTS = "elements => elements.map(element => element.textContent)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from chromium()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pages")
    for name, text in (
        ("worksheet", worksheet_page()),
        ("small", small_page()),
        ("hostile", hostile_page()),
        ("audit", audited()),
    ):
        (place / f"{name}.html").write_text(text, encoding="utf-8")
    return place


def audited() -> str:
    claim = Claim("formula", r"$\delta a_t = \frac{1}{2} <b>$", Place("n.md", 1, 1), 0, 30)
    finding = Finding(claim, Status.REFUTED, reason=HOSTILE, suggestion=r"\tanh(x)", witness="n=1: 3/7 against 1")
    return audit_html([Report(HOSTILE, claim.text + HOSTILE, (finding,), notes=(HOSTILE,), missing=(HOSTILE,))])


def test_a_symbol_under_the_mouse_says_what_it_is(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "worksheet.html") as page:
        tip = page.locator("#tip")
        assert tip.is_hidden()
        page.locator('[data-s="delta_state@0"]').first.hover()
        assert tip.is_visible()
        said = tip.inner_text()
        assert "the adjoint of state: ∂E/∂state" in said
        assert "shape n × 1, here 1 × 1" in said
        assert "−0.05348" in said
        assert "−0.07111" not in said
        page.locator('[data-s="out@t-1"]').first.hover()
        said = tip.inner_text().replace("\t", " ")
        assert "t = 0 0.53631" in said
        assert "t = 1 0.77198" in said
        page.keyboard.press("Escape")
        assert tip.is_hidden()


def test_the_keyboard_reaches_every_equation_and_its_symbols(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "small.html") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        stops = "[...document.querySelectorAll('main .eq, main a, main summary, main .scroll')].filter(e => e.checkVisibility())"
        page.evaluate("window.reached = new Set(); addEventListener('focusin', event => reached.add(event.target))")
        for _ in range(page.evaluate(f"{stops}.length")):
            page.keyboard.press("Tab")
        assert page.evaluate(f"{stops}.every(e => reached.has(e)) && {stops}.length > 40")
        equation = page.locator("#worked .eq").nth(1)
        equation.focus()
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.dataset.s") == equation.locator("[data-s]").first.get_attribute("data-s")
        assert "shape" in page.locator("#tip").inner_text()
        first = page.evaluate("document.activeElement.dataset.s")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        assert page.evaluate("document.activeElement.dataset.s") == first
        page.keyboard.press("Escape")
        assert page.locator("#tip").is_hidden()
        assert page.evaluate("document.activeElement.className") == "eq"


def test_a_finger_opens_and_closes(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "worksheet.html", 390, has_touch=True, is_mobile=True) as page:
        page.locator('[data-s="W_a@"]').first.tap()
        said = page.locator("#tip").inner_text()
        assert "a parameter" in said
        assert "0.45" in said
        box = page.locator("#tip").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        page.locator("h1").tap()
        assert page.locator("#tip").is_hidden()


def test_every_number_is_what_the_program_prints_at_each_number_of_decimals(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "worksheet.html") as page:
        for decimals, solution in worksheet_at().items():
            page.locator("#digits").select_option(label=str(decimals))
            expected = [entry for value in solution.values for row in value.entries for entry in row]
            assert page.locator("#values [data-n]").count() == len(expected) == 67
            shown = [text.replace("−", "-") for text in page.locator("#values [data-n]").evaluate_all(TEXTS)]
            assert sorted(shown) == sorted(expected)
            assert f"{decimals} decimals, half to even" in page.locator("#worked .note").first.inner_text()
        lines = [line for part in worksheet_at()[40].parts for line in part.lines]
        assert {entry for line in lines for row in line.value for entry in row if len(entry) > 40} <= {
            text.replace("−", "-") for text in page.locator("#worked [data-n]").evaluate_all(TEXTS)
        }
        page.locator('[data-s="out@0"]').first.hover()
        assert "t = 0\t0.5363133978820118772418398845233966926367" in page.locator("#tip").inner_text()


def test_a_line_lights_its_premises(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "worksheet.html") as page:
        lit = "[...document.querySelectorAll('.lit')].map(element => element.id)"
        page.locator("#eq-14a .eq").focus()
        assert page.evaluate(lit) == ["eq-9", "eq-10"]
        page.locator("#eq-14c .rule").hover()
        assert page.evaluate(lit) == ["eq-14b"]
        style = "getComputedStyle(document.querySelector('.lit')).borderLeftStyle"
        assert page.evaluate(style) == "double"
        page.locator("h1").hover()
        assert page.evaluate(lit) == []
        page.locator("#eq-14a a.ref").first.hover()
        assert page.locator("#tip math").count() == 1


def test_a_number_is_a_link_that_can_be_copied(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "worksheet.html", permissions=["clipboard-read", "clipboard-write"]) as page:
        page.locator("#eq-14a a.number").click()
        assert page.url.endswith("#eq-14a")
        page.locator("#said").filter(has_text="Link to (14a) copied").wait_for(state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_light_and_dark_follow_the_system_until_the_reader_chooses(browser: Any, folder: Path) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    for scheme, other in (("light", "dark"), ("dark", "light")):
        with opened(browser, folder / "small.html", color_scheme=scheme) as page:
            before = page.evaluate(paper)
            assert (before == "rgb(255, 255, 255)") is (scheme == "light")
            assert page.locator("#theme").get_attribute("aria-pressed") == str(scheme == "dark").lower()
            page.locator("#theme").click()
            assert (page.evaluate(paper) == "rgb(255, 255, 255)") is (other == "light")
            page.reload()
            assert (page.evaluate(paper) == "rgb(255, 255, 255)") is (other == "light")
            page.evaluate("localStorage.clear()")
            page.reload()
            assert page.evaluate(paper) == before


@pytest.mark.parametrize("name", ["worksheet", "hostile", "audit"])
def test_a_telephone_needs_no_sideways_scrolling(browser: Any, folder: Path, name: str) -> None:
    with opened(browser, folder / f"{name}.html", 360) as page:
        if page.locator("#digits").count():
            page.locator("#digits").select_option(label="40")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_paper_there_are_the_equations_and_nothing_to_press(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "small.html", color_scheme="dark") as page:
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator(".bar").is_hidden()
        assert page.locator("nav").is_hidden()
        assert page.locator("main details:not([open])").count() == 0
        assert page.locator("#eq-1 math").first.is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.pdf().startswith(b"%PDF")


def test_without_scripts_the_page_can_be_read(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "worksheet.html", java_script_enabled=False) as page:
        assert "0.53631" in page.locator("#values").inner_text()


@pytest.mark.parametrize("name", ["hostile", "audit"])
def test_no_text_of_anybody_runs(browser: Any, folder: Path, name: str) -> None:
    with opened(browser, folder / f"{name}.html") as page:
        assert page.evaluate("window.owned") is None
        assert "<script>window.owned=1</script>" in page.locator("main").inner_text()
        assert page.locator("main script, main b").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["small", "audit"])
def test_axe_finds_nothing(browser: Any, folder: Path, name: str, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed")
    with opened(browser, folder / f"{name}.html", color_scheme=scheme) as page:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        # axe does not count MathML as text, so a heading of a row that is a formula looks empty to it
        options = "{rules: {'empty-table-header': {enabled: false}}}"
        found = page.evaluate(f"axe.run({options}).then(found => [found.violations.map(rule => rule.id), found.passes.length])")
        assert found[0] == []
        assert found[1] > 20
