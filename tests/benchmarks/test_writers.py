"""What is printed: table, JSON and chart hold every figure, its spread, its ratio and its target."""

import json
import xml.etree.ElementTree as ET
from dataclasses import asdict

from benchmarks.chart import svg
from benchmarks.report import as_json, figure, machine, percentile, table

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = [
    figure("pages <warm> & well", "pages/s", [900.0, 800.0, 1000.0], [1000.0, 1200.0, 1100.0], "≥ 0.8"),
    figure("waiting", "ms", [2.5]),
    figure("far beyond", "ms", [5000.0], [1.0]),
]


def test_a_figure_is_a_median_with_its_spread() -> None:
    first, alone, _ = FIGURES
    assert (first.ours, first.ours_spread) == (900.0, (800.0, 1000.0))
    assert (first.bare, first.bare_spread) == (1100.0, (1000.0, 1200.0))
    assert first.ratio == 900 / 1100
    assert alone.bare is alone.ratio is None


def test_a_yardstick_of_nothing_gives_no_ratio() -> None:
    assert figure("x", "s", [1.0], [0.0]).ratio is None


def test_percentiles() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [51, 96, 100, 100]


def test_table_has_a_row_for_every_figure() -> None:
    head, rule, *rows = table(FIGURES).splitlines()
    assert head.count("|") == rule.count("|") == 7
    assert rows[0] == "| pages <warm> & well | pages/s | 900 (800–1,000) | 1,100 (1,000–1,200) | 0.82 | ≥ 0.8 |"
    assert rows[1] == "| waiting | ms | 2.5 |  |  |  |"
    assert len(rows) == len(FIGURES)


def test_json_gives_back_what_was_measured() -> None:
    read = json.loads(as_json(FIGURES))
    assert read["machine"] == machine()
    # JSON knows no tuples.
    assert read["figures"] == json.loads(json.dumps([asdict(one) for one in FIGURES]))
    assert read["figures"][0]["ours_spread"] == [800.0, 1000.0]


def test_chart_speaks() -> None:
    """Title, description and every value are text; whatever a name holds, it stays well-formed."""
    root = ET.fromstring(svg(FIGURES))
    title, said = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert said is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {said.get('id')}"
    assert said.text is not None
    assert "pages <warm> & well: 0.82 (target ≥ 0.8)" in said.text
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert {"pages <warm> & well", "0.82 (target ≥ 0.8)", "far beyond", "5000.00"} <= set(words)
    assert "waiting" not in words, "there is nothing to compare it to"


def test_chart_runs_nothing_and_loads_nothing() -> None:
    text = svg(FIGURES)
    assert not [node for node in ET.fromstring(text).iter() if node.tag.removeprefix(SVG) in {"script", "image", "foreignObject"}]
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "prefers-color-scheme: dark" in text


def test_bars_stay_on_the_paper() -> None:
    root = ET.fromstring(svg(FIGURES))
    bars = [node for node in root.iter(f"{SVG}rect") if node.get("class") == "bar"]
    edges = [(float(bar.attrib["x"]), float(bar.attrib["x"]) + float(bar.attrib["width"])) for bar in bars]
    assert len(edges) == 2
    assert all(430 <= start < end <= 1000 - 190 for start, end in edges)
    below, above = edges
    assert below[1] == above[0], "both bars begin at 1"


def test_an_empty_chart_is_a_chart() -> None:
    assert ET.fromstring(svg([])).find(f"{SVG}title") is not None
