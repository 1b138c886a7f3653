"""The drawing kit: valid, told in words and numbers, the same bytes, and no text over another."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import lxml.etree
import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zi_eval.core.verdict import Status
from zi_eval.report.axis import Axis, Mark, nice_ticks
from zi_eval.report.canvas import Box, Canvas, Pen
from zi_eval.report.lettering import clean_text, fit_text, text_width, wrap_text
from zi_eval.report.plane import (
    NUMBERED,
    Point,
    Series,
    plot_columns,
    plot_quadrants,
    plot_series,
    short_number,
)
from zi_eval.report.svg import (
    DOWN,
    INTERVAL,
    NOW,
    PAST,
    THEN,
    UP,
    Bar,
    DotRow,
    plot_bars,
    plot_dots,
    plot_scale,
    plot_sides,
)

GOLDEN = Path(__file__).with_name("bars.html")
EVIL = "</title><script>alert('x')</script>&\"]]>\x00\x0b\u202e \ud800"
LONG = "Peningkatan Kualitas Pelayanan Publik menurut survei persepsi masyarakat pengguna layanan"

shares = st.floats(0, 1)
labels = st.one_of(
    st.text(max_size=60),
    st.text("MWm@%…私", min_size=1, max_size=120),
    st.sampled_from(["Indeks", LONG, EVIL]),
)


def scale(label: str, values: list[float]) -> str:
    marks = [Mark(f"{label}{n}", value * 100) for n, value in enumerate(sorted(values))]
    lowest, highest = min(values), max(values)
    possible = (lowest * 100, highest * 100)
    return str(plot_scale(label, values[0] * 100, 100, marks, possible))


def bands(label: str, values: list[float]) -> str:
    marks = [Mark(f"{label[:3]}{n}", value * 100) for n, value in enumerate(sorted(values))]
    return str(plot_scale(label, values[0] * 100, 100, marks, here=marks[0].label))


def bars(label: str, values: list[float]) -> str:
    drawn = [
        Bar(label, f"{label} dari 8, ambang 4,80", (share / 2, share / 3), share, status)
        for share, status in zip(values, [*Status, *Status], strict=False)
    ]
    return str(plot_bars(label, drawn, (label, "Reform"), label))


def intervals(label: str, values: list[float]) -> str:
    rows = [
        DotRow(
            label,
            ((NOW, v),),
            (f"{v:.2f}", label),
            f"{v:.2f}",
            "(0–1)",
            (INTERVAL, v / 2, v),
            not n,
        )
        for n, v in enumerate(values)
    ]
    limits = [Mark(f"{label} {n}", value) for n, value in enumerate(values[:3])]
    ticks = tuple(Mark(f"{tick:g}", tick) for tick in (0.0, 0.5, 1.0))
    return str(plot_dots(label, rows, Axis(0, 1, ticks), ("Unsur", "indeks", label), limits=limits))


def dumbbells(label: str, values: list[float]) -> str:
    rows = [
        DotRow(label, ((PAST, 1), (THEN, v), (NOW, 1 - v)), (label,), "+1,25",
               span=(UP if v < 0.5 else DOWN, v, 1 - v))
        for v in values
    ]  # fmt: skip
    key = ((THEN, label), (NOW, "2026"), (PAST, label))
    axis = Axis(0, 1, (Mark(label, 0), Mark("50 %", 0.5), Mark("100 %", 1)))
    return str(plot_dots(label, rows, axis, (label, "poin"), key, unit="poin"))


def sides(label: str, values: list[float]) -> str:
    rows = [(label, 100 * v, 40 - 40 * v) for v in values]
    return str(plot_sides(label, rows, (label, "lebih tinggi"), (label, "kurang", "lebih")))


def columns(label: str, values: list[float]) -> str:
    counts = [round(v * 700) for v in values]
    return str(plot_columns(label, -2.5, 0.5, counts, (label, "unit")))


def quadrants(label: str, values: list[float]) -> str:
    points = [Point(n, label, 130 * v, 130 - 130 * v) for n, v in enumerate(values)]
    names = (label, "hasil tercapai, uang terpakai", label, "uang di depan, hasil tertinggal")
    return str(plot_quadrants(label, points, (75, 100), names, (label[:20], "Capaian, %")))


def series(label: str, values: list[float]) -> str:
    got = tuple(enumerate(value * 10**9 for value in values[:4]))
    found = Series(got, got[:2], (0, 5.0, 10**9), values[0])
    return str(plot_series(label, label, found, ("I", "II", "III", "IV")))


KINDS = [scale, bands, bars, intervals, dumbbells, sides, columns, quadrants, series]
Kind = Callable[[str, list[float]], str]
every_kind = pytest.mark.parametrize("kind", KINDS)


def svg_of(figure: str) -> lxml.etree._Element:
    """The drawing read as strict XML."""
    found = re.search(r"<svg.*</svg>", figure, re.DOTALL)
    assert found is not None
    return lxml.etree.fromstring(found[0])


def text_boxes(svg: lxml.etree._Element) -> list[tuple[str, Box]]:
    """The room of every text, measured as the kit does."""
    found = []
    for group in svg.iter("g"):
        size, is_bold = float(group.get("font-size") or 0), group.get("font-weight") == "700"
        for node in group.iter("text"):
            text, pen = node.text or "", Pen("", size=size, is_bold=is_bold)
            after = None
            for span in node.iter("tspan"):
                after = Pen("", size=float(span.get("font-size") or 0)), span.text or ""
            turned = node.get("transform")
            x, y = map(float, re.findall(r"[\d.-]+", turned)[:2]) if turned else (
                float(node.get("x") or 0), float(node.get("y") or 0))  # fmt: skip
            anchor = node.get("text-anchor") or "start"
            box = Canvas(1).measure(pen, x, y, text, anchor, after, bool(turned))  # type: ignore[arg-type]
            found.append((text, box))
    return found


def overlaps(boxes: list[tuple[str, Box]], by: float = 0.2) -> list[tuple[str, str]]:
    """Pairs of texts that share more than rounding does."""
    return [(a, b) for (a, one), (b, two) in combinations(boxes, 2) if one.meets(two, -by)]


@every_kind
@given(label=labels, values=st.lists(shares, min_size=1, max_size=8))
def test_no_text_is_printed_over_another_or_beyond_the_sheet(
    kind: Kind, label: str, values: list[float]
) -> None:
    svg = svg_of(kind(label, values))
    boxes = text_boxes(svg)
    assert overlaps(boxes) == []
    width, height = map(float, (svg.get("viewBox") or "").split()[2:])
    for text, box in boxes:
        assert min(box.left, box.top, width - box.right, height - box.bottom) >= -0.2, text


@given(st.lists(st.tuples(shares, shares), min_size=20, max_size=NUMBERED))
def test_discs_of_points_that_lie_together_step_aside(places: list[tuple[float, float]]) -> None:
    points = [Point(n, "x", 40 + 2 * a, 90 + 2 * b) for n, (a, b) in enumerate(places)]
    names = ("hasil di depan", "hasil tercapai", "tertinggal", "uang di depan")
    svg = svg_of(str(plot_quadrants("t", points, (75, 100), names, ("a", "b"))))
    numbers = svg.xpath('//g[@class="number"]/text')
    assert sorted(int(node.text or "") for node in numbers) == list(range(len(places)))
    assert overlaps(text_boxes(svg)) == []
    at = [(float(n.get("cx")), float(n.get("cy"))) for n in svg.xpath('//g[@class="dot"]/circle')]
    assert all(max(abs(a - c), abs(b - d)) > 19.8 for (a, b), (c, d) in combinations(at, 2))


@every_kind
def test_hostile_texts_stay_texts(kind: Kind) -> None:
    figure = kind(EVIL, [0.3, 0.6])
    assert "<script" not in figure
    assert figure.encode("utf-8")
    assert svg_of(figure).xpath("//title")[0].text.startswith("</title><script>")
    assert lxml.etree.fromstring(figure).xpath("//script") == []


@every_kind
def test_a_figure_is_named_and_described_by_its_own_texts(kind: Kind) -> None:
    svg = svg_of(kind("Nilai area", [0.3, 0.6]))
    assert svg.get("role") == "img"
    name, description = (
        svg.xpath(f'//*[@id="{key}"]')[0] for key in (svg.get("aria-labelledby") or "").split()
    )
    assert (name.tag, name.text) == ("title", "Nilai area")
    assert description.tag == "desc"
    assert description.text


@every_kind
def test_the_same_values_give_the_same_bytes_and_others_other_ids(kind: Kind) -> None:
    assert kind("a", [0.3, 0.6]) == kind("a", [0.3, 0.6])
    ids = [set(svg_of(kind("a", [v, 0.6])).xpath("//@id")) for v in (0.3, 0.4)]
    assert not ids[0] & ids[1]


def test_every_number_of_a_figure_stands_in_its_table() -> None:
    drawn = {
        "22,27 75 85 30,50 90,00": plot_scale(
            "t", 22.27, 100, [Mark("WBK", 75), Mark("WBBM", 85)], (30.5, 90)
        ),
        "6,39 8 4,80": plot_bars("t", [Bar("A", "6,39 dari 8, ambang 4,80", (0.8,), 0.6)]),
        "3,40 3,20 3,60": plot_dots(
            "t", [DotRow("A", ((NOW, 3.4),), ("3,40", "3,20–3,60"), "3,40")],
            Axis(1, 4, ()), ("Unsur", "indeks", "selang"),
        ),
        "12 35": plot_sides("t", [("A", 12, 35)], ("a", "b"), ("A", "a", "b")),
        "−1 +1 3 8": plot_columns("t", -1, 1, [3, 8], ("Poin", "unit")),
        "73,1 87,25": plot_quadrants(
            "t", [Point(1, "A", 73.1, 87.25)], (75, 100), ("a", "b", "c", "d"), ("x", "y")
        ),
    }  # fmt: skip
    for numbers, figure in drawn.items():
        tables = lxml.html.fromstring(str(figure)).xpath("//details//table")
        words = re.split(r"[ –]", " ".join(tables[0].itertext()).replace(", ", " "))
        assert set(numbers.split()) <= set(" ".join(words).split()), figure


def test_a_table_on_the_page_is_pointed_to_instead_of_repeated() -> None:
    figure = lxml.html.fromstring(str(plot_bars("t", [Bar("A", "1 dari 2", (0.5,))], beside="x-1")))
    assert figure.xpath("//svg/@aria-details") == ["x-1"]
    assert not figure.xpath("//details")


def test_many_rows_are_a_table_and_no_description_of_minutes() -> None:
    points = [Point(n, f"Unit {n}", n / 6, n / 5) for n in range(600)]
    figure = plot_quadrants("t", points, (75, 100), "abcd", ("x", "y"), lead="Semua: 600.")
    root = lxml.html.fromstring(str(figure))
    assert root.xpath("//desc")[0].text == "Semua: 600."
    assert len(root.xpath("//tbody/tr")) == 600


def test_axes_have_values() -> None:
    def ticks(figure: object) -> list[str]:
        return sorted(svg_of(str(figure)).xpath('//g[@class="tick"]/text/text()'))

    assert ticks(plot_bars("t", [Bar("A", "d", (0.5,))])) == sorted(
        f"{n}\u00a0%" for n in (0, 25, 50, 75, 100)
    )
    assert ticks(plot_scale("t", 60, 100, [Mark("WBK", 75)])) == ["0", "100"]
    few = Series(((0, 200), (3, 800)), ((0, 190),))
    assert ticks(plot_series("t", "s", few, ("I", "II", "III", "IV"), has_zero=True)) == [
        "0", "250", "500", "750", "I", "II", "III", "IV",
    ]  # fmt: skip
    aimed = Series(((0, 200), (3, 800)), ((0, 190),), target=800)
    assert "800" in ticks(plot_series("t", "s", aimed, ("I", "II", "III", "IV"), has_zero=True))


@given(st.floats(-1e12, 1e12), st.floats(0, 1e12))
def test_values_of_an_axis_are_round_few_and_within(low: float, span: float) -> None:
    ticks = nice_ticks(low, low + span)
    assert len(ticks) <= 4
    assert list(ticks) == sorted(ticks)


def test_values_of_an_axis_are_short() -> None:
    assert [short_number(v) for v in (0, 2.5, 1250, 12.5e6, -3e9, 2e12)] == [
        "0", "2,5", "1.250", "12,5\u00a0jt", "−3\u00a0M", "2\u00a0T",
    ]  # fmt: skip


@given(st.text(max_size=80), st.floats(20, 400), st.booleans())
def test_lines_fit_and_lose_nothing_unless_shortened(text: str, room: float, bold: bool) -> None:
    lines = wrap_text(text, room, 12, bold)
    assert 1 <= len(lines) <= 2
    assert all(text_width(line, 12, bold) <= room for line in lines)
    if not any(line.endswith("…") for line in lines):
        assert " ".join(lines).split() == clean_text(text).split()


def test_a_short_line_stays_as_it_is_and_a_long_one_says_that_it_goes_on() -> None:
    assert fit_text("Indeks", 100, 12) == "Indeks"
    assert fit_text(LONG, 100, 12).endswith("…")


def test_the_smallest_figure_to_the_byte() -> None:
    drawn = str(plot_bars("Judul", [Bar("A & B", "1 dari 2", (0.5,), 0.6, Status.MET)]))
    assert drawn == GOLDEN.read_text("utf-8")
