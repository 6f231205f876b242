"""Sheets, keys and answers as files: the same seed gives the same text, and what cannot be used is refused with its place."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from lstm_sym.cells import cell
from lstm_sym.errors import InputError
from lstm_sym.example.reader import read_example
from lstm_sym.exercise.answers import read_answers
from lstm_sym.exercise.draw import Options, asked_lines
from lstm_sym.exercise.key import key_text, read_key, sheet, template_text
from lstm_sym.render.exercise.sheet import sheet_latex, sheet_markdown
from lstm_sym.symbols.applied import Apply

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "key.schema.json"


@pytest.fixture(scope="module")
def drawn():
    return sheet(cell("elman"), Options(), 3)


@pytest.fixture
def key(drawn, tmp_path):
    (tmp_path / "key.json").write_text(key_text(drawn))
    return read_key(tmp_path / "key.json")


def test_the_same_seed_gives_the_same_key_and_another_one_another(drawn):
    assert key_text(drawn) == key_text(sheet(cell("elman"), Options(), 3))
    assert key_text(drawn) != key_text(sheet(cell("elman"), Options(), 4))


def test_the_example_is_read_back_exactly(drawn, key, tmp_path):
    (tmp_path / "example.toml").write_text(drawn.source)
    assert read_example(tmp_path / "example.toml").givens == key.example.givens


def test_numbers_are_pleasant(drawn):
    for line in asked_lines(drawn.solution):
        values = [abs(Fraction(entry)) for row in line.value for entry in row]
        assert all(Fraction(1, 10) <= value <= Fraction(9, 10) for value in values) or not isinstance(line.right, Apply)
    assert all(len(entry.lstrip("-0.")) <= 2 for value in drawn.solution.givens for row in value.entries for entry in row)


def test_the_key_has_what_its_schema_requires(drawn):
    schema, record = json.loads(SCHEMA.read_text()), json.loads(key_text(drawn))
    assert set(schema["required"]) == set(schema["properties"]) == set(record)
    assert all(set(schema["properties"]["quantities"]["items"]["required"]) == set(one) for one in record["quantities"])


def test_the_sheet_shows_no_answer(drawn):
    for text in (sheet_latex(drawn), sheet_markdown(drawn)):
        for line in asked_lines(drawn.solution):
            assert not any(len(entry) > 5 and entry in text for row in line.value for entry in row)


def test_a_later_part_shows_the_values_before_it():
    later = sheet(cell("elman"), Options(), 3, ("gradients",))
    value = next(line for line in asked_lines(later.solution) if line.id == "delta_net_h").value[0][0]
    assert value in sheet_markdown(later)


def test_the_blank_form_has_no_answers(drawn, key, tmp_path):
    (tmp_path / "answers.toml").write_text(template_text(drawn))
    assert read_answers(tmp_path / "answers.toml", key.asked) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", 'h_0 = 0.25\ndelta_x_1 = ["0.1", "0.2"]'),
        ("a.json", '{"h_0": 0.25, "delta_x_1": ["0.1", "0.2"]}'),
        ("a.csv", "h_0,0.25\ndelta_x_1,0.1,0.2"),
    ],
)
def test_three_forms_say_the_same(name, text, key, tmp_path):
    (tmp_path / name).write_text(text)
    assert read_answers(tmp_path / name, key.asked) == {"h_0": (("0.25",),), "delta_x_1": (("0.1",), ("0.2",))}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.toml", '\nh_O = "0.2"', "a.toml:2: h_O; got a quantity that is not asked for"),
        ("a.toml", "\n\nh_0 = nan", "a.toml:3: h_0; got 'nan', which is not a finite decimal number"),
        ("a.json", '{"h_0": NaN}', "a.json:1: h_0; got 'NaN', which is not a finite decimal number"),
        ("a.json", '{"h_0": true}', "a.json:1: h_0; got 'True', which is no number"),
        ("a.json", '{"h_0": ', "a.json:1:9: not valid JSON"),
        ("a.json", "[1]", "a.json: the answers; got no object"),
        ("a.csv", "delta_x_1,0.1", "a.csv:1: delta_x_1; got 1 entries; expected 2, 2 x 1 row by row"),
        ("a.csv", "delta_x_1,0.1,", "a.csv:1: delta_x_1; got a blank among numbers"),
        ("a.csv", "h_0,0.1\nh_0,0.2", "a.csv:2: h_0; got a second line for it"),
        ("a.txt", "h_0", "a.txt; got a file .txt; expected one of .toml, .json, .csv"),
    ],
)
def test_answers_that_cannot_be_used_are_refused(name, text, message, key, tmp_path):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as refused:
        read_answers(tmp_path / name, key.asked)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda record: record.pop("example"), "not a key; got no example"),
        (lambda record: record.update(format=7), "not a key; got format 7"),
        (lambda record: record["quantities"][0].update(value=[["0.5"]]), "the key's values; got others than its example has"),
        (lambda record: record.update(example="cell = 1"), "the key's example; got"),
        (lambda record: record.update(parts=["all"]), "part 'all'; got no part of that name"),
    ],
)
def test_a_wrong_key_is_refused(change, message, drawn, tmp_path):
    record = json.loads(key_text(drawn))
    change(record)
    (tmp_path / "key.json").write_text(json.dumps(record))
    with pytest.raises(InputError) as refused:
        read_key(tmp_path / "key.json")
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((9, 2, 2, 4), "--units 9; got 9; expected a whole number from 1 to 6"),
        ((1, 2, 2, 1), "--digits 1; got 1; expected a whole number from 3 to 12"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(InputError) as refused:
        Options(*options)
    assert message in str(refused.value)
