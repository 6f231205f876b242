"""SVG and TikZ say the same: labels, places, boxes, arrows; both are well formed, whatever the names are."""

import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from lstm_sym.cells import cell
from lstm_sym.drawing import picture
from lstm_sym.errors import UnsupportedError
from lstm_sym.example.reader import builtin_example
from lstm_sym.figures.scene.look import DARK, LIGHT, LOOKS, look
from lstm_sym.figures.scene.picture import picture_files
from lstm_sym.figures.scene.scene import Dot, Label, Scene, Shape, Wire
from lstm_sym.figures.scene.svg import svg
from lstm_sym.figures.scene.tikz import MATHEMATICS, tikz
from lstm_sym.figures.scene.words import Run, number, symbol, words
from lstm_sym.render.typeset.notations import notation
from tests.figures.samples import example_of, long_names

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = r"</title><script>alert(1)</script>\immediate\write18{touch owned} ]]> & $ # % _ ^ ~ } { -- 中文 " + "\x07"
KINDS = ("graph", "unrolled", "flow", "rounding")


def has_tikz():
    program = shutil.which("kpsewhich")
    return bool(program and shutil.which("pdflatex")) and bool(subprocess.run([program, "tikz.sty"], capture_output=True).stdout)


def svg_labels(text):
    return [
        (
            "".join(node.itertext()),
            node.get("text-anchor"),
            float(node.get("x")),
            float(node.get("y")),
            float(node.get("font-size")),
        )
        for node in ElementTree.fromstring(text).iter(SVG + "text")
    ]


ANCHORS = {"base west": "start", "base": "middle", "base east": "end"}
NODE = re.compile(r"\\node\[anchor=([a-z ]+),text=lstm-\w+,scale=([\d.]+)\] at \(([-\d.]+),([-\d.]+)\) \{(.*)\};")


def tikz_labels(text):
    return [
        (plain(body), ANCHORS[anchor], float(x), float(y), 10 * float(scale)) for anchor, scale, x, y, body in NODE.findall(text)
    ]


def plain(tex):
    """The letters of a label, without TeX around them."""
    for letter, command in sorted(MATHEMATICS.items(), key=lambda row: -len(row[1])):
        tex = tex.replace(command, letter)
    return re.sub(r"\\(mathit|mathrm|mbox)|[${}]|(?<!\\)[_^]", "", tex).replace("\\_", "_")


@pytest.mark.parametrize("kind", KINDS)
def test_both_outputs_hold_the_same_labels_at_the_same_places(kind):
    for example in ("worksheet", "gru_four_steps"):
        scene = picture(builtin_example(example), kind).scene
        in_svg, in_tikz = svg_labels(svg(scene)), tikz_labels(tikz(scene))
        assert len(in_svg) == len(scene.labels) > 5
        assert [label[:2] for label in in_svg] == [(clean(text), anchor) for text, anchor, *_ in in_tikz]
        assert [label[2:] for label in in_svg] == [pytest.approx(label[2:], abs=0.02) for label in in_tikz]


def clean(text):
    return text.replace("\\dots", "…")


@pytest.mark.parametrize("kind", KINDS)
def test_both_outputs_hold_the_same_boxes_arrows_and_dots(kind):
    scene = picture(builtin_example(), kind).scene
    root, drawn = ElementTree.fromstring(svg(scene)), tikz(scene)
    heads = [re.findall(r"[-\d.]+,[-\d.]+", node.get("points")) for node in root.iter(SVG + "polygon")]
    fills = [re.findall(r"[-\d.]+,[-\d.]+", line.split("]", 1)[1]) for line in drawn.splitlines() if line.endswith("-- cycle;")]
    assert sorted(heads) == sorted(fills)
    rectangles = re.findall(r"\(([-\d.]+),([-\d.]+)\) rectangle \(([-\d.]+),([-\d.]+)\)", drawn)
    boxes = [node for node in root.iter(SVG + "rect") if node.get("class") != "paper"]
    assert len(rectangles) == len(boxes)
    for corners, box in zip(rectangles, boxes, strict=True):
        left, top, right, bottom = map(float, corners)
        place = [float(box.get(name)) for name in ("x", "y", "width", "height")]
        assert place == pytest.approx([left, top, right - left, bottom - top], abs=0.02)
    paths = [node.get("d") for node in root.iter(SVG + "path")]
    starts = [re.match(r"M([-\d.]+,[-\d.]+)", path)[1] for path in paths]
    draws = [re.search(r"\] \(([-\d.]+,[-\d.]+)\)", line)[1] for line in drawn.splitlines() if line.startswith(r"\draw")]
    assert starts == draws
    assert len(list(root.iter(SVG + "circle"))) == drawn.count("circle[")


def test_an_svg_is_told_in_words_and_stands_alone():
    text = picture(cell("lstm")).svg
    root = ElementTree.fromstring(text)
    assert root.find(SVG + "title").text == "Computation graph of Long short-term memory with forget gate"
    assert "state" in root.find(SVG + "desc").text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "prefers-color-scheme:dark" in text
    assert all(f"--lstm-{name}:#{colour}" in text for colours in (LIGHT, DARK) for name, colour in colours.items())


def test_colours_and_looks_are_whole():
    assert set(LIGHT) == set(DARK)
    used = {name for one in LOOKS.values() for name in (one.line, one.fill) if name}
    assert used <= set(LIGHT)
    assert LOOKS["gradient"].dashes is not None
    assert LOOKS["forward"].dashes is None
    with pytest.raises(UnsupportedError, match=r"role 'odd' in a picture; .* add it to LOOKS in lstm_sym/figures/scene/look.py"):
        look("odd")


def hostile_scene():
    return Scene(
        HOSTILE, HOSTILE, [Shape("a", "box", "gate", 0, 0, 9, 9)], [], [Dot(1, 1, "forward")], [Label(0, 0, words(HOSTILE))]
    )


def test_hostile_words_stay_words_in_svg():
    root = ElementTree.fromstring(svg(hostile_scene()))
    assert [node.tag for node in root.iter() if "script" in node.tag] == []
    assert root.find(SVG + "text").text == HOSTILE.replace("\x07", " ")
    assert root.find(SVG + "title").text.startswith("</title><script>")


def test_hostile_words_stay_words_in_tikz():
    drawn = tikz(hostile_scene())
    assert r"\write" not in drawn.replace(r"\textbackslash{}write", "")
    assert r"\textbackslash{}immediate\textbackslash{}write18\{touch owned\}" in drawn
    assert "[U+4E2D]" in drawn


def test_runs_of_symbols_and_numbers():
    assert symbol("delta_W_a_new", None) == (
        Run("δ", "italic"),
        Run("W", "italic"),
        Run("a", "italic", -1),
        Run("new", "text", 1),
    )
    assert symbol("Delta", "t-1") == (Run("Δ"), Run("t", "italic", -1), Run("−", level=-1), Run("1", level=-1))
    assert number("-1.5e-7") == (Run("−1.5"), Run("·10"), Run("−7", level=1))
    label = tikz(Scene("", "", labels=[Label(0, 0, symbol("delta_state", "0"))]))
    assert r"{$\delta \mathit{state}{}_{0}$};" in label
    assert r"$W{}_{a}{}^{\mathrm{new}}$" in tikz(Scene("", "", labels=[Label(0, 0, symbol("W_a_new", None))]))


def test_a_tilde_stands_over_its_letter():
    runs = symbol("a", "t", notation("colah").for_cell("lstm", ()))
    assert runs[0] == Run("C\N{SMALL TILDE}", "italic")
    assert r"{$\tilde{C}{}_{t}$};" in tikz(Scene("", "", labels=[Label(0, 0, runs)]))
    drawn = svg(Scene("", "", labels=[Label(0, 0, runs)]))
    assert '<tspan class="i">C</tspan><tspan class="i" dy="-1.6" dx="-4.32">\N{SMALL TILDE}</tspan>' in drawn


def test_a_wire_has_round_corners_and_a_head():
    wire = Wire(((0, 0), (10, 0), (10, 20)), "gradient")
    drawn = svg(Scene("", "", wires=[wire]))
    assert '<path class="gradient wire" d="M0,0L7.6,0Q10,0 10,2.4L10,16.64"/>' in drawn
    assert '<polygon class="gradient solid" points="10,20 8.4,15.8 11.6,15.8"/>' in drawn
    curve = "(0,0) -- (7.6,0) .. controls (9.2,0) and (10,0.8) .. (10,2.4) -- (10,16.64);"
    line = r"\draw[lstm-gradient,line width=0.8pt,dash pattern=on 2.2pt off 1.6pt] " + curve
    assert line in tikz(Scene("", "", wires=[wire]))


def test_the_files_of_pictures():
    files = picture_files([picture(cell("elman"))])
    assert set(files) == {"graph.svg", "graph.tex"}
    assert picture(cell("elman"))._repr_svg_() == files["graph.svg"]


@pytest.mark.skipif(not has_tikz(), reason="pdflatex or the package tikz is not installed")
def test_tikz_compiles_alone_in_a_document(tmp_path):
    scenes = [picture(builtin_example(), kind).tikz for kind in KINDS]
    scenes += [picture(example_of(long_names())).tikz, tikz(hostile_scene())]
    head = "\\documentclass{article}\n\\usepackage{tikz}\n\\begin{document}\n"
    (tmp_path / "all.tex").write_text(head + "\n\n".join(scenes) + "\n\\end{document}\n", encoding="utf-8")
    options = ["-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error"]
    done = subprocess.run(["pdflatex", *options, "all.tex"], cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Missing character" not in (tmp_path / "all.log").read_text(errors="replace")
    assert not (tmp_path / "owned").exists()
