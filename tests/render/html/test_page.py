"""The page as text: one file that loads nothing, its sections, anchors that exist, texts of others escaped, the data for the digits."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from lstm_sym.calculus.concatenated import concatenated, concatenated_solution
from lstm_sym.calculus.derive import derive
from lstm_sym.cells import CELLS, cell
from lstm_sym.errors import InputError
from lstm_sym.example.reader import builtin_example
from lstm_sym.example.solve import DECIMALS_ON_OFFER, solve
from lstm_sym.render.html.digits import Shown, shown, with_all_digits
from lstm_sym.render.html.report import report_page
from lstm_sym.render.typeset.notation import WORKSHEET, Written
from lstm_sym.render.typeset.notations import notation
from tests.render.html.pages import HOSTILE, SMALL, hostile_page, small_page, worksheet_at, worksheet_page


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text of scripts, styles and headings."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append((self.tags[-1][0] if self.tags else "", data))

    def all(self, attribute: str) -> list[str]:
        return [found[attribute] or "" for _, found in self.tags if attribute in found]


def data_of(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page)[1])


def test_a_page_loads_nothing() -> None:
    page = Elements(worksheet_page())
    addresses = page.all("src") + page.all("href")
    assert len(addresses) > 200
    assert {address.split(":")[0] if ":" in address else "#" for address in addresses if not address.startswith("#")} == {"data"}
    assert page.all("style") == []
    assert not any(name.startswith("on") for _, found in page.tags for name in found)
    assert set(re.findall(r"https?://[^\"' ]*", worksheet_page())) == {"http://www.w3.org/1998/Math/MathML"}


def test_the_policy_allows_this_style_and_this_script_alone() -> None:
    page = worksheet_page()
    style, script = re.search(r"<style>(.*?)</style>", page, re.S)[1], re.search(r"<script>(.*?)</script>", page, re.S)[1]
    hashes = ["sha256-" + b64encode(sha256(text.encode()).digest()).decode() for text in (style, script)]
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', page)[1]
    assert policy == (
        f"default-src 'none'; style-src '{hashes[0]}'; script-src '{hashes[1]}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_anchors_are_unique_and_every_link_and_premise_leads_to_one() -> None:
    page = Elements(worksheet_page())
    anchors = page.all("id")
    assert len(anchors) == len(set(anchors))
    links = [address[1:] for address in page.all("href") if address.startswith("#")]
    premises = [id for premises in page.all("data-p") for id in premises.split()]
    assert len(premises) > 100
    assert set(links) | set(premises) <= set(anchors)
    assert {"eq-14", "eq-14a", "part-forward-pass", "worked-1"} <= set(anchors)


def test_a_line_names_its_rule_reason_premises_and_verdict() -> None:
    line = re.search(r'<li class="step" id="eq-14a".*?</li>', worksheet_page(), re.S)[0]
    assert 'data-p="eq-10 eq-9"' in line
    assert '<span class="rule">chain rule over time</span>' in line
    assert 'from <a class="ref" href="#eq-10">(10)</a>, <a class="ref" href="#eq-9">(9)</a>' in line
    assert '<span class="badge PROVED"><span aria-hidden="true">✓</span> PROVED</span>' in line
    above = re.search(r'<li class="step" id="eq-14c".*?</li>', worksheet_page(), re.S)[0]
    assert 'data-p="eq-14b"' in above
    assert "entry by entry, the other factors stay" in above


def test_headings_go_down_one_level_at_a_time() -> None:
    levels = [int(tag[1]) for tag, _ in Elements(worksheet_page()).tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_symbols_say_what_they_are_their_shape_and_their_values() -> None:
    data = data_of(worksheet_page())
    assert data["symbols"]["delta_a"] == ["the adjoint of the pre-activation of a: ∂E/∂net_a", "n × 1"]
    assert data["symbols"]["delta_W_a"] == ["the gradient ∂E/∂W_a, summed over all steps", "n × m"]
    assert data["symbols"]["state"] == ["carried to the next step", "n × 1"]
    assert data["symbols"]["out"] == ["the output of the cell, carried to the next step", "n × 1"]
    assert data["symbols"]["gates"][0] == "a, i, f, o on top of one another"
    assert data["symbols"]["lambda"] == ["the learning rate", "1 × 1"]
    assert data["values"]["x"]["1"] == {"size": "2 × 1", "rows": [["0.5"], ["3"]]}
    (row,) = data["values"]["out"]["0"]["rows"][0]
    assert data["numbers"][row][DECIMALS_ON_OFFER.index(5)] == "0.53631"
    assert [len(data["values"]["delta_gates"]["0"]["rows"]), data["values"]["delta_gates"]["0"]["size"]] == [4, "4 × 1"]


@pytest.mark.parametrize("name", CELLS)
def test_every_symbol_in_a_formula_has_an_entry(name: str) -> None:
    page = report_page(derive(cell(name)))
    marked = {found.split("@")[0] for found in re.findall(r'data-s="([^"]*)"', page)}
    assert len(marked) > 10
    assert marked <= set(data_of(page)["symbols"])


def test_the_numbers_at_each_number_of_decimals_are_those_that_the_program_prints() -> None:
    data, at = data_of(worksheet_page()), worksheet_at()
    assert tuple(at) == DECIMALS_ON_OFFER
    rows = {row: number for number, row in enumerate(map(tuple, data["numbers"]))}
    checked = 0
    for place, value in enumerate(at[5].values):
        for i, row in enumerate(value.entries):
            for j in range(len(row)):
                texts = tuple(solution.values[place].entries[i][j] for solution in at.values())
                assert rows[texts] == data["values"][value.quantity]["" if value.time is None else str(value.time)]["rows"][i][j]
                checked += 1
    assert checked == 67


def test_a_given_is_the_same_at_every_number_of_decimals() -> None:
    assert type(shown("0.5", ("0.5", "0.5"))) is str
    other = shown("0.50", ("0.5", "0.50"))
    assert isinstance(other, Shown)
    assert (other, other.texts) == ("0.50", ("0.5", "0.50"))


def test_digits_of_another_example_are_refused() -> None:
    solution = solve(builtin_example())
    other = dict(worksheet_at())
    other[3] = solve(builtin_example("gru_four_steps"))
    with pytest.raises(InputError, match="solutions of different examples; expected one example at each precision"):
        with_all_digits(solution, other)


def test_significant_digits_have_no_choice() -> None:
    solution = solve(builtin_example(), 7)
    page = report_page(derive(cell("lstm")), solution, precisions=worksheet_at(), derived=False)
    assert '<select id="digits"' not in page
    assert "0.8177541" in page


def test_what_is_not_given_has_no_section() -> None:
    assert re.findall(r'<section id="(\w+)"', report_page(derive(cell("elman")))) == ["notation", "equations", "derivation"]
    sections = ["notation", "equations", "derivation", "worked", "values", "pictures", "proved"]
    assert re.findall(r'<section id="(\w+)"', worksheet_page()) == sections
    assert re.findall(r'<section id="(\w+)"', small_page()) == [name for name in sections if name != "pictures"]


def test_a_hostile_text_is_text() -> None:
    page = Elements(hostile_page())
    assert [tag for tag, _ in page.tags].count("script") == 2
    assert {found.get("alt") for tag, found in page.tags if tag == "img"} == {HOSTILE}
    assert any(tag == "h1" and HOSTILE in text for tag, text in page.texts)
    assert "<script>window" not in hostile_page()
    assert "<img src=x" not in hostile_page()
    assert "decimals = 4" in SMALL


def test_the_notation_of_the_reader_is_that_of_the_page() -> None:
    declared = cell("lstm")
    page = report_page(derive(declared), notation=notation("greff").for_cell("lstm", "aifo"))
    symbols = data_of(page)["symbols"]
    assert symbols["delta_out"][0].startswith("the adjoint of ")
    assert "∂out" not in symbols["delta_out"][0]
    joined = concatenated(derive(declared))
    first = concatenated_solution(solve(builtin_example()))
    page = report_page(joined, first, precisions=worksheet_at(), notation=notation("colah").for_cell("lstm", "aifo"))
    data = data_of(page)
    assert {found.split("@")[0] for found in re.findall(r'data-s="([^"]*)"', page)} <= set(data["symbols"])
    assert data["symbols"]["UW_f"] == ["W_{f,h}, W_{f,x} beside one another", "n × m+n"]
    assert data["values"]["UW_f"][""] == {"size": "1 × 3", "rows": [["0.1", "0.7", "0.45"]]}
    own = replace(WORKSHEET, signs={"hadamard": Written(r"\circ", "o")})
    assert "⊙" not in report_page(derive(cell("elman")), notation=own).partition('<section id="derivation"')[2]
