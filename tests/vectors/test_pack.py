"""Packs: deterministic to the byte, exact givens, values that are the correct rounding of independent enclosures, the published schema."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import flint
import numpy as np
import pytest

from lstm_sym.cells import CELLS
from lstm_sym.errors import InputError
from lstm_sym.evaluate.schedule.run import run
from lstm_sym.evaluate.systems.givens import Givens
from lstm_sym.evaluate.systems.mpfloats import MPFloats
from lstm_sym.floating.bound_text import rounded_up, short_bound
from lstm_sym.floating.formats import FORMATS
from lstm_sym.vectors.case import GRIDS, Case, Grid
from lstm_sym.vectors.draw import check_exact, givens_of
from lstm_sym.vectors.npz import npz_bytes
from lstm_sym.vectors.pack import pack
from lstm_sym.vectors.record import program_of, record, record_text, solve_case
from lstm_sym.vectors.values import number_between

ROOT = Path(__file__).resolve().parents[2]
ALL = tuple(FORMATS.values())
SMALL = Grid(cells=("lstm", "elman"), sizes=((2, 3),), steps=(1, 3), saturations=(10,))


def fmpq(text):
    value = Fraction(text)
    return flint.fmpq(value.numerator, value.denominator)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("saturation", [1, 40])
def test_values_are_the_rounding_of_another_evaluation(name, saturation):
    case = Case(name, 2, 3, 3, saturation, 7)
    solved = solve_case(case, ALL)
    other = run(program_of(case.declared, "linear"), givens_of(case), MPFloats(600))
    checked = 0
    for key, matrix in {**solved.given, **solved.values}.items():
        for row, expected in zip(matrix, other.entries(key), strict=True):
            for number, true in zip(row, expected, strict=True):
                decimal, size = Fraction(number.decimal), max(abs(Fraction(number.decimal)), Fraction(1, 10**60))
                assert abs(decimal - fraction(true)) <= Fraction(number.radius) + size / 10**60
                assert float(decimal) == np.uint64(number.bits["float64"]).view(np.float64)
                checked += 1
    assert checked > 100


def fraction(number):
    sign, mantissa, exponent, _ = number._mpf_
    return (-1) ** sign * int(mantissa) * Fraction(2) ** exponent


def test_every_format_holds_the_givens_and_initial_values_are_not_zero():
    solved = solve_case(Case("peephole", 3, 4, 2, 40, 3), ALL)
    for matrix in solved.given.values():
        assert {number.radius for row in matrix for number in row} == {"0"}
    with np.load(io.BytesIO(npz_bytes(solved))) as arrays:
        for name in ("W_a", "x", "out_initial", "label"):
            exact = arrays[f"float64/{name}"]
            assert (arrays[f"float16/{name}"] == exact).all()
            assert ((arrays[f"bfloat16/{name}"].astype(np.uint32) << 16).view(np.float32) == exact).all()
        assert arrays["float32/out_initial"].any()


def test_saturation_is_that_of_the_pre_activations():
    for saturation in (1, 10, 40):
        solved = solve_case(Case("lstm", 2, 3, 4, saturation, 1), ALL)
        sizes = [
            abs(float(n.decimal)) for (name, _), m in solved.values.items() if name.startswith("net_") for row in m for n in row
        ]
        assert 0.8 * saturation < max(sizes) < 4 * saturation


def test_npz_and_json_hold_the_same_numbers():
    solved = solve_case(Case("lstm", 2, 3, 4, 10, 1), ALL)
    found = json.loads(record_text(record(solved)))
    with np.load(io.BytesIO(npz_bytes(solved))) as arrays:
        assert arrays["float64/out"].shape == (4, 3)
        assert arrays["float64/delta_W_a"].shape == (3, 2)
        assert arrays["bfloat16/out"].dtype == np.uint16
        for quantity in found["values"]:
            if quantity["t"] is not None and quantity["t"] < 0:
                continue
            for name in ("float16", "float32", "float64"):
                array = arrays[f"{name}/{quantity['quantity']}"]
                array = array if quantity["t"] is None else array[quantity["t"]]
                assert (
                    array.tolist()
                    == np.squeeze(
                        [[float.fromhex(text) for text in row] for row in quantity[name]],
                        axis=-1 if quantity["shape"][1] == 1 else (),
                    ).tolist()
                )
        assert arrays["decimal/out"][0, 0].decode() == next(q for q in found["values"] if q["quantity"] == "out")["decimal"][0][0]


def test_the_bytes_do_not_depend_on_the_run(tmp_path):
    digests = set()
    for seed, place in (("0", "a"), ("4711", "b")):
        command = [
            sys.executable,
            "-m",
            "lstm_sym",
            "vectors",
            "--cell",
            "gru",
            "--steps",
            "2",
            "--size",
            "1x2",
            "--out",
            str(tmp_path / place),
        ]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True)
        files = sorted((tmp_path / place).iterdir())
        assert len(files) == 3 * 2 + 4
        digests.add(hashlib.sha256(b"".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest())
    assert len(digests) == 1


def test_known_bytes():
    """What was once written stays the same: readers may hold on to checksums."""
    contents = pack([Case("elman", 1, 1, 1, 1, 1)], ALL)
    values = json.loads(contents["elman_m1_n1_steps1_sat1_seed1.json"])["values"]
    assert [q["quantity"] for q in values[:2]] == ["net_h", "h"]
    assert hashlib.sha256(contents["elman_m1_n1_steps1_sat1_seed1.npz"]).hexdigest() == KNOWN


KNOWN = "489aaae348b964fdb97eca79dd9f1c93b20fb6922cfc48649018034ac492c1ce"


def test_a_decimal_is_within_its_radius_and_short_where_it_is_exact():
    third = number_between(fmpq("1/3"), fmpq("1/3"), ALL)
    assert third.decimal == "0." + 40 * "3"
    assert third.radius == "3.4e-41"
    assert number_between(fmpq("-5/4"), fmpq("-5/4"), ALL).decimal == "-1.25"
    assert number_between(fmpq("-5/4"), fmpq("-5/4"), ALL).radius == "0"
    assert number_between(fmpq("0.3"), fmpq("0.30000001"), ALL) is None
    assert [rounded_up(fmpq(text)) for text in ("0", "1", "0.0999", "12.01", "9.99e-7")] == [
        "0",
        "1.0e0",
        "1.0e-1",
        "1.3e1",
        "1.0e-6",
    ]
    assert [short_bound(fmpq(text)) for text in ("3.01", "9.99", "10", "999.5", "1000", "0.5")] == [
        "3.1",
        "10.0",
        "10",
        "1000",
        "1.0e3",
        "5.0e-1",
    ]


def test_the_squared_loss_takes_labels():
    solved = solve_case(Case("gru", 1, 2, 2, 1, 3, "squared"), ALL)
    assert solved.case.name == "gru_m1_n2_steps2_sat1_seed3_squared"
    for step in (0, 1):
        for out, label, delta in zip(
            *(values["h", step] for values in (solved.values,)),
            solved.given["label", step],
            solved.values["Delta", step],
            strict=True,
        ):
            exact = Fraction(out[0].decimal) - Fraction(label[0].decimal)
            assert abs(exact - Fraction(delta[0].decimal)) < Fraction(1, 10**37)


def test_overflow_in_float16_is_infinity_and_counted():
    def one(text):
        return ((Fraction(text),),)

    givens = Givens(
        sizes={"m": 1, "n": 1},
        parameters={"W_h": one("0"), "U_h": one("1024"), "b_h": one("0")},
        inputs=[{"x": one("0")}] * 3,
        labels=[one("1"), one("0"), one("-255")],
        rate=Fraction(1, 8),
    )
    solved = solve_case(Case("elman", 1, 1, 3, 1, 1), ALL, givens)
    (entry,) = solved.values["delta_h", 0][0]
    assert entry.decimal == "-267386879"
    assert entry.bits["float16"] == 0xFC00
    found = record(solved)
    assert found["range"]["float16"] == {"overflow": 8, "subnormal": 0, "underflow": 0}
    assert found["range"]["bfloat16"]["overflow"] == 0
    assert '"float16":[["-inf"]]' in record_text(found)


def test_what_a_format_does_not_hold_is_refused():
    with pytest.raises(InputError, match="an entry of W_h; got 257, which bfloat16 does not hold exactly"):
        check_exact([("W_h", ((Fraction(257),),))])
    with pytest.raises(InputError, match="got 65536, which float16 does not hold"):
        check_exact([("x", ((Fraction(65536),),))])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"steps": (0,)},
            "number of steps; got 0; expected a whole number from 1 to 1000; to mend it: T is the index of the last step",
        ),
        ({"sizes": ((0, 3),)}, "size m; got 0; expected a whole number from 1 to 256"),
        ({"saturations": (0,)}, "saturation; got 0; expected a whole number from 1 to 1000"),
        ({"seeds": (-1,)}, "seed; got -1"),
        ({"cells": ("lsmt",)}, "cell 'lsmt'; got no cell of that name"),
        ({"loss": "cubed"}, "loss 'cubed'; got no loss of that name; expected one of squared, linear"),
    ],
)
def test_a_grid_that_cannot_be_computed(change, message):
    with pytest.raises(InputError, match=re.escape(message)):
        Grid(**change).cases()


def test_a_pack_of_nothing():
    with pytest.raises(InputError, match="grid; got 0 cases; expected 1 to 5000"):
        pack([], ALL)
    with pytest.raises(InputError, match="--dtype; got no format"):
        pack(SMALL.cases(), [])


TYPES = {"string": str, "integer": int, "null": type(None), "array": list, "object": dict}


def conforms(value, schema, root):
    """Whether the value has the schema: the keywords that the published schema uses."""
    if "$ref" in schema:
        return conforms(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "const" in schema or "enum" in schema:
        return value in schema.get("enum", [schema.get("const")])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(type(value) is TYPES[kind] for kind in kinds):
        return False
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, int):
        return value >= schema.get("minimum", value)
    if isinstance(value, list):
        fits = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        return fits and all(conforms(item, schema["items"], root) for item in value)
    if isinstance(value, dict):
        known, other = schema.get("properties", {}), schema["additionalProperties"]
        required = set(schema.get("required", ())) <= set(value)
        return required and all(
            conforms(item, known[key], root) if key in known else other and conforms(item, other, root)
            for key, item in value.items()
        )
    return True


def test_json_has_the_published_schema():
    schema = json.loads((ROOT / "docs" / "vectors.schema.json").read_text(encoding="utf-8"))
    for case in SMALL.cases():
        found = json.loads(record_text(record(solve_case(case, ALL))))
        assert conforms(found, schema, schema)
    for spoil in (
        lambda r: r["values"][0].pop("radius"),
        lambda r: r["values"][0]["decimal"][0].__setitem__(0, "NaN"),
        lambda r: r["given"][0]["float16"][0].__setitem__(0, 1.5),
        lambda r: r.__setitem__("steps", 0),
        lambda r: r.__setitem__("more", 1),
    ):
        wrong = json.loads(json.dumps(found))
        spoil(wrong)
        assert not conforms(wrong, schema, schema)


def test_the_grids():
    assert len(GRIDS["small"].cases()) == 60
    assert {case.steps for case in GRIDS["full"].cases()} == {1, 2, 5, 20}
