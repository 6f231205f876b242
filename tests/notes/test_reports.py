"""The ways to tell a report: text, JSON, SARIF, HTML, patch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lstm_sym.claim import Report
from lstm_sym.errors import InputError
from lstm_sym.notes.audit import audit
from lstm_sym.render.audit.html import audit_html
from lstm_sym.render.audit.json import audit_json
from lstm_sym.render.audit.patch import audit_patch
from lstm_sym.render.audit.sarif import audit_sarif
from lstm_sym.render.audit.text import audit_text
from lstm_sym.verdict import Status

NOTES = r"""# Notes <b>

$$h_t = \tanh(W x_t + U h_{t-1} + b)$$
$$\delta z_t = \delta h_t \odot (1 - h_t)$$
$$\delta h_t = \Delta_t + U^T \delta z_{t+1}$$
$$\delta W = \sum_t \delta z_t \otimes x_t$$
$$q_t = \foo$$
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("notes") / "n.md"
    path.write_text(NOTES, encoding="utf-8")
    return audit(path)


def test_the_mistake_is_found_where_it_is(report: Report) -> None:
    assert [(f.claim.place.line, str(f.status)) for f in report] == [
        (3, "PROVED"), (4, "REFUTED"), (5, "PROVED"), (6, "PROVED"), (7, "UNKNOWN"),
    ]  # fmt: skip
    assert report.findings[1].reason == "h_t must be squared"


def test_text_has_the_finding_and_counts_everything(report: Report) -> None:
    text = audit_text(report)
    assert "  because   h_t must be squared" in text
    assert "  written   \\delta z_t = \\delta h_t \\odot (1 - h_t)" in text
    assert "  derived   \\delta z_t = \\delta h_t \\odot (1 - h_{t}^{2})" in text
    assert "5 claims: 3 PROVED, 0 SUPPORTED, 1 UNKNOWN, 1 REFUTED" in text
    assert len(audit_text(report, everything=True)) > len(text)


def test_json_has_every_key_for_every_claim(report: Report) -> None:
    record = json.loads(audit_json([report]))
    keys = {"file", "line", "column", "kind", "text", "status", "class", "scope", "reason", "suggestion", "witness", "root"}
    assert [set(claim) for claim in record["claims"]] == [keys] * 5
    assert record["summary"] == {"PROVED": 3, "SUPPORTED": 0, "UNKNOWN": 1, "REFUTED": 1}
    assert {claim["status"] for claim in record["claims"]} == {"PROVED", "UNKNOWN", "REFUTED"}


TYPES = {"string": str, "integer": int, "null": type(None), "array": list, "object": dict}


def conforms(value: object, schema: dict) -> bool:
    """Whether the value has the schema: the keywords that the published schema uses."""
    if "enum" in schema:
        return value in schema["enum"]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(type(value) is TYPES[kind] for kind in kinds):
        return False
    if isinstance(value, dict):
        known = schema["properties"]
        return set(schema["required"]) <= set(value) <= set(known) and all(conforms(value[key], known[key]) for key in value)
    return not isinstance(value, list) or all(conforms(item, schema["items"]) for item in value)


def test_json_has_the_published_schema(report: Report) -> None:
    schema = json.loads((Path(__file__).parents[2] / "docs" / "audit.schema.json").read_text(encoding="utf-8"))
    record = json.loads(audit_json([report]))
    assert conforms(record, schema)
    del record["claims"][0]["root"]
    assert not conforms(record, schema)


def test_sarif_names_rule_level_and_place(report: Report) -> None:
    record = json.loads(audit_sarif([report]))
    results = record["runs"][0]["results"]
    assert record["version"] == "2.1.0"
    assert [(result["ruleId"], result["level"]) for result in results] == [
        ("refuted-formula", "error"), ("unknown", "note"), ("left-out", "note"), ("left-out", "note"),
    ]  # fmt: skip
    assert results[0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 4, "startColumn": 3}


def test_html_escapes_and_loads_nothing(report: Report) -> None:
    page = audit_html([report])
    assert "# Notes &lt;b&gt;" in page
    assert '<span class="badge REFUTED"><span aria-hidden="true">✗</span> REFUTED</span>' in page
    assert 'class="claim REFUTED"' in page
    assert "<math" in page
    assert page.count("https:") == 0
    assert page.count("http:") == page.count('"http://www.w3.org/1998/Math/MathML"') == 1
    assert page.count("<script") == 2
    assert "default-src 'none'" in page


def test_the_patch_corrects_only_what_is_wrong(report: Report) -> None:
    lines = audit_patch(report).splitlines()
    assert lines[:2] == ["--- a/n.md", "+++ b/n.md"]
    assert [line for line in lines if line.startswith("-") and not line.startswith("---")] == [
        r"-$$\delta z_t = \delta h_t \odot (1 - h_t)$$"
    ]
    assert r"+$$\delta z_t = \delta h_t \odot (1 - h_{t}^{2})$$" in lines


def test_the_corrected_text_is_right(report: Report) -> None:
    edit = report.findings[1].edits[0]
    mended = NOTES[: edit.start] + edit.replacement + NOTES[edit.end :]
    assert audit(mended).summary["REFUTED"] == 0


def test_a_table_of_names_gives_the_forward_equations(tmp_path: Path) -> None:
    table = tmp_path / "names.toml"
    table.write_text("forward = ['h_t = \\tanh(W x_t + U h_{t-1} + b)']\n", encoding="utf-8")
    text = r"$$\delta z_t = \delta h_t \odot (1 - h_t^2)$$ $$\delta W = \sum_t \delta z_t \otimes x_t$$"
    assert audit(text, names=table).summary["PROVED"] == 2


def test_a_known_cell_gives_its_equations() -> None:
    text = r"$$\delta a_t = \delta state_t \odot i_t \odot (1 - a_t^2)$$"
    assert audit(text, cell="lstm").summary["PROVED"] == 1
    assert audit(text).summary["UNKNOWN"] == 1


LEFT_OUT = r"""
$$a_t = \tanh(W_a x_t + b_a)$$ $$i_t = \sigma(W_i x_t + b_i)$$ $$f_t = \sigma(W_f x_t + b_f)$$
$$c_t = a_t \odot i_t + f_t \odot c_{t-1}$$
$$\delta c_t = \Delta_t + \delta c_{t+1} \odot f_{t+1}$$ $$\delta a_t = \delta c_t \odot i_t \odot (1 - a_t^2)$$
$$\delta f_t = \delta c_t \odot c_{t-1} \odot f_t \odot (1 - f_t)$$ $$\delta W_a = \sum_t \delta a_t \otimes x_t$$
$$\delta b_a = q_t \odot \delta a_t$$
"""
WHAT = ("no line for the adjoint of i", "no line for the gradient of W_f", "no definition of q (line 6)")


@pytest.mark.parametrize("words", WHAT)
def test_what_is_left_out_is_told_in_every_format(words: str) -> None:
    report = audit(LEFT_OUT)
    assert words in report.missing
    assert words in audit_text(report)
    assert words in json.loads(audit_json([report]))["documents"][0]["missing"]
    assert f"<li>{words}</li>" in audit_html([report])
    notes = [r["message"]["text"] for r in json.loads(audit_sarif([report]))["runs"][0]["results"] if r["ruleId"] == "left-out"]
    assert words in notes


def test_the_patch_of_numbers_and_formulas_makes_the_page_right() -> None:
    path = Path(__file__).parent / "documents" / "worked_noisy.md"
    text, report = path.read_text(encoding="utf-8"), audit(path)
    refuted = report.of(Status.REFUTED)
    edits = sorted({(e.start, e.end, e.replacement) for f in refuted if f.root is None for e in f.edits}, reverse=True)
    for start, end, replacement in edits:
        text = text[:start] + replacement + text[end:]
    assert len(refuted) >= 6
    assert audit(text).summary["REFUTED"] < len(refuted) / 2
    assert audit_patch(report).count("\n+") >= len({text.count("\n", 0, edit[0]) for edit in edits})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("forward = 3", "no list `forward`"),
        ("forward = [", "expected a TOML file"),
        ("forward = ['h_t = \\foo']", r"the command \\foo"),
    ],
)
def test_a_bad_table_is_said(tmp_path: Path, content: str, message: str) -> None:
    table = tmp_path / "names.toml"
    table.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        audit("$a_t = b_t$", names=table)
