from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from tests.performance.samples import indicator, quarters, standing
from zi_eval.performance import unit
from zi_eval.performance.comparison import Comparison, PeerFigures, compare_indicator
from zi_eval.performance.lkjip.document import lkjip_document
from zi_eval.performance.load import load_performance
from zi_eval.performance.page.figures import CORNERS, path_numbers, plot_money, plot_path
from zi_eval.performance.page.sections import PerformancePage
from zi_eval.performance.page.words import FINDING_TITLES, finding_line, render_performance
from zi_eval.performance.plan import Accrual, Indicator, Kind
from zi_eval.performance.plan_checks import check_plan
from zi_eval.performance.unit import UnitPerformance
from zi_eval.performance.watch import check_deviations, check_peers
from zi_eval.report.made import Made
from zi_eval.report.plane import Point
from zi_eval.runs.notebooks import run_notebook

MADE = Made(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "1")
SECTIONS = (
    "opening", "actions", "indicators", "money", "comparisons", "checks", "plan_quality",
    "proposals", "origin",
)  # fmt: skip
PLAN = {"targets": (20.0, 40.0, 60.0, 80.0)}
EVIL = '<script>alert("x")</script>'


def report(*items: Indicator, **fields: object) -> PerformancePage:
    return PerformancePage(UnitPerformance(standing(*items), **fields), MADE)  # type: ignore[arg-type]


def page(shown: PerformancePage) -> str:
    return "".join(str(getattr(shown, name)().html) for name in SECTIONS)


def words_of(html: str) -> str:
    root = lxml.html.fromstring(f"<div>{html}</div>")
    for style in root.iter("style"):
        style.text = ""
    return " ".join(root.text_content().split())


def late(name: str = "Terlambat", **fields: object) -> Indicator:
    return indicator(name=name, **(PLAN | {"results": (10.0, 20.0, None, None)} | fields))


def test_the_first_thing_on_the_page_is_what_needs_a_decision() -> None:
    items = [late(f"Merah {number}", results=(1, number, None, None)) for number in range(5)]
    opening = report(*items, indicator(name="Baik", **PLAN, results=(21, 41, None, None))).opening()
    root = lxml.html.fromstring(f"<div>{opening.html}</div>")
    cards = root.xpath('//li[contains(@class, "decision")]/h3')
    assert [card.text_content() for card in cards] == ["Merah 0", "Merah 1", "Merah 2"]
    text = words_of(str(opening.html))
    assert "3 indikator perlu keputusan lebih dulu (dari 5)" in text
    assert text.index("perlu keputusan") < text.index("anggaran terserap")
    assert text.count("▼ Merah") >= 3


def test_a_decision_says_what_who_until_when_and_why() -> None:
    told = late(
        owner="Kepala bidang", cause="Alat rusak", follow_up="Beli alat", due=date(2026, 12, 1)
    )
    html = str(report(told, late("Lain", owner="")).opening().html)
    cards = lxml.html.fromstring(f"<div>{html}</div>").xpath('//li[contains(@class, "decision")]')
    said = {
        card.xpath("./h3")[0].text_content(): [
            part.text_content() for part in card.xpath("./dl/*[self::dt or self::dd]")
        ]
        for card in cards
    }
    assert said["Terlambat"] == [
        "Siapa", "Kepala bidang", "Sampai", "1 Desember 2026",
        "Sebab", "Alat rusak", "Tindakan", "Beli alat",
    ]  # fmt: skip
    assert said["Lain"] == [
        "Siapa", "belum ditulis", "Sampai", "belum ditetapkan", "Sebab", "belum ditulis",
    ]  # fmt: skip


def test_what_is_done_this_quarter_is_listed_pressing_first_then_by_date() -> None:
    good = PLAN | {"results": (21, 41, None, None)}
    items = [
        indicator(name="Baik", **good, follow_up="Terus", due=date(2026, 11, 30)),
        indicator(name="Tanpa tindak lanjut", **good),
        late("Tanpa tanggal"),
        late("Nanti", due=date(2026, 12, 20)),
        late("Lewat", due=date(2026, 11, 1)),
    ]
    root = lxml.html.fromstring(f"<div>{report(*items).actions().html}</div>")
    names = [cell.text_content() for cell in root.xpath('//tbody//span[@class="user"]')]
    order = ["Lewat", "Nanti", "Tanpa tanggal", "Baik"]
    assert [name for name in names if name in order] == order
    assert "Tanpa tindak lanjut" not in names
    late_rows = root.xpath('//tr[.//*[@class="late"]]//span[@class="user"]')
    assert late_rows[0].text_content() == "Lewat"
    assert "Tidak ada indikator yang menyimpang" in words_of(str(report().actions().html))


def test_patterns_beyond_the_lights_are_announced_at_the_top() -> None:
    same = [indicator(name=name, **PLAN, results=(20, 40, None, None)) for name in "abc"]
    assert "1 pola pada angkanya perlu diperiksa" in words_of(str(report(*same).opening().html))
    assert "pola pada" not in words_of(str(report(late()).opening().html))


def test_a_unit_in_which_all_is_well_or_nothing_reported_says_so() -> None:
    good = indicator(**PLAN, results=(21, 41, None, None))
    assert "Tidak ada indikator yang perlu keputusan" in words_of(str(report(good).opening().html))
    assert "Belum ada realisasi" in words_of(str(report(indicator(**PLAN)).opening().html))


@pytest.mark.parametrize(
    "items",
    [
        (),
        (indicator(),),
        (indicator(**PLAN),),
        (late(), indicator(name="Nol", targets=(0, 0, 0, 0), results=(0, 0, 0, 0))),
        (late(accrual=Accrual.SUM, ceiling=100, spent=90), late("Lain", kind=Kind.OUTPUT)),
    ],
)
def test_every_section_can_be_made_of_whatever_there_is(items: tuple[Indicator, ...]) -> None:
    html = page(report(*items))
    assert "None" not in words_of(html)
    assert not re.search(r"\bnan\b", html)


def test_text_of_people_is_escaped_everywhere() -> None:
    names = (
        "goal", "name", "unit_of_measure", "formula", "renstra_goal", "action", "individual",
        "owner", "cause", "follow_up", "evidence",
    )  # fmt: skip
    texts = dict.fromkeys(names, EVIL)
    item = replace(late(ceiling=100.0, spent=99.0), **texts)
    html = page(report(item, agency=EVIL, remark=EVIL, answers={"B.I.b": EVIL}))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    shown = render_performance(UnitPerformance(standing(replace(item, name="a\x1b[2Jb\nc"))))
    assert "\x1b" not in shown


def test_evidence_is_linked_only_where_it_is_a_web_address() -> None:
    html = str(
        report(
            late(evidence="https://contoh.example/a"), late("b", evidence="javascript:alert(1)")
        ).origin().html
    )  # fmt: skip
    assert re.findall(r'href="([^"]*)"', html) == ["https://contoh.example/a"]


def test_a_differing_answer_is_said_and_none_is_filled_in() -> None:
    whole = indicator(
        **PLAN, results=(20, 40, 60, 80), earlier_results={2025: 60.0}, earlier_targets={2025: 70.0}
    )
    asked = {"achievement": "B.I.b", "goals": "A.II.4.i.a"}
    made = report(whole, answers={"B.I.b": "A", "A.II.4.i.a": (1.0, 0.0)}, questions=asked)
    html = str(made.proposals().html)
    text = words_of(html)
    assert "target dan hasil tahun 2025; perkiraan 2026 tidak dipakai" in text
    assert text.count("jawaban di LKE berbeda") == 1
    assert "D B.I.b ≠ jawaban di LKE berbeda A" in text
    assert "Hanya usulan" in text
    assert "Jawaban di LKE: 1 sasaran, 0 tercapai" in text
    assert "belum dijawab" in words_of(str(report(whole, questions=asked).proposals().html))
    assert "tidak memuat pertanyaan" in words_of(str(report(whole).proposals().html))


def test_what_a_report_must_compare_and_lacks_is_listed() -> None:
    text = words_of(str(report(late()).comparisons().html))
    assert "Realisasi dengan standar nasional: semua indikator" in text
    assert "Belum ada unit sejenis" in text
    peers = PeerFigures(percent=90.0, units=2, indicators={})
    assert "rata-rata 2 unit sejenis 90,0 %" in words_of(
        str(report(late(), compare=lambda: (peers, ())).comparisons().html)
    )


def test_every_kind_of_finding_has_a_title() -> None:
    root = Path(__file__).parents[3] / "zi_eval" / "performance"
    source = "".join((root / f"{name}.py").read_text("utf-8") for name in ("plan_checks", "watch"))
    codes = set(re.findall(r'(?:yield |code=|^\s+)"([a-z]+(?:-[a-z0-9]+)+)"', source, re.M))
    codes |= set(re.findall(r'code="(\w+)"', source))
    codes |= {f"menyimpang-{light}" for light in ("merah", "kuning")}
    codes |= {f"putus-{link}" for link in ("renstra_goal", "action", "individual")}
    assert codes == set(FINDING_TITLES)


def test_findings_are_shown_with_the_row_they_stand_in() -> None:
    item = late(row=7, unit_of_measure="")
    stand = standing(item)
    shown = report(item)
    assert "baris 7" in words_of(str(shown.checks().html))
    assert "Satuan. Satuan belum ditulis." in words_of(str(shown.plan_quality().html))
    line = finding_line(stand.plan, check_plan(stand.plan)[0])
    assert line.startswith("unit: baris 7, Terlambat: Satuan.")


def test_a_finding_accuses_nobody() -> None:
    twins = [standing(late(results=quarters((23.4, 46.8))), unit=unit) for unit in ("a", "b")]
    findings = [
        *check_deviations(twins[0]),
        *check_peers(twins).get("a", ()),
        *check_plan(twins[0].plan),
    ]
    said = " ".join(f"{f.seen} {f.check}" for f in findings).casefold()
    assert not re.search(r"curang|palsu|manipulasi|bohong|rekayasa|salah siapa|lalai", said)


def test_a_figure_has_its_numbers_in_words() -> None:
    svg = str(plot_path(late(), 2, standing(late()).watches[0].projection))
    assert "TW 1 10; TW 2 20" in svg
    assert svg == str(plot_path(late(), 2, standing(late()).watches[0].projection))
    assert plot_path(indicator(), 0, None) == ""
    quadrants = str(plot_money([Point(1, "Izin <b>", 500, 90)], 75))
    assert "1 Izin &lt;b&gt;: Capaian, % 90, Penyerapan anggaran, % 500" in quadrants


def test_the_numbers_of_all_paths_stand_in_one_folded_table() -> None:
    table = lxml.html.fromstring(str(path_numbers(standing(late()))))
    assert table.tag == "details"
    cells = table.xpath("//tbody/tr/*/text()")
    assert cells == ["Terlambat", "10 / 20", "20 / 40", "– / 60", "– / 80"]


def test_the_quadrants_bear_their_names_and_count_their_points() -> None:
    points = [Point(1, "a", 50, 110), Point(2, "b", 80, 110), Point(3, "c", 80, 90)]
    svg = lxml.html.fromstring(str(plot_money(points, 75)))
    corners = " ".join(svg.xpath('//*[@class="corner"]/text/text()'))
    assert corners == " ".join(corner.value for corner in CORNERS)
    assert (
        "hasil di depan, uang tertahan: 1; hasil tercapai, uang terpakai: 1; "
        "hasil dan uang tertinggal: 0; uang di depan, hasil tertinggal: 1"
    ) in svg.xpath("//desc")[0].text_content()


def test_many_points_are_dots_with_their_names_inside_the_frame() -> None:
    points = [Point(n, f"Unit {n}", n / 3, n / 2) for n in range(600)]
    svg = lxml.html.fromstring(str(plot_money(points, 75)))
    assert not svg.xpath('//*[@class="number"]')
    dots = svg.xpath('//*[@class="dot"]/circle')
    assert [dot.xpath("./title")[0].text for dot in dots][-1] == "599 Unit 599"
    frame = svg.xpath('//*[@class="frame"]/rect')[0]
    left, top, side = (float(frame.get(key)) for key in ("x", "y", "width"))
    for dot in dots:
        assert left <= float(dot.get("cx")) <= left + side
        assert top <= float(dot.get("cy")) <= top + side


def test_the_text_form_says_what_the_page_says(root: Path) -> None:
    data = load_performance(root / "parameters" / "2026", "dpmptsp")
    text = render_performance(data)
    opening = words_of(str(PerformancePage(data, MADE).opening().html))
    for name in re.findall(r"^  [▼◆?] \w+(?: \w+)?: ([^:]+):", text, re.M):
        assert name in opening
    assert "Menurut target dan hasil tahun 2025." in text
    assert "jawaban di LKE: 5 sasaran, 5 tercapai" in text


@pytest.mark.kernel
def test_the_notebook_gives_one_page_that_loads_nothing(root: Path) -> None:
    parameters = {"parameters_folder": "parameters/2026", "unit": "rsud-harapan"}
    book = root / "notebooks" / "kinerja_unit.ipynb"
    html, executed = run_notebook(book, parameters, root, "Kinerja")
    assert "RSUD Harapan" in html
    assert not re.findall(r'(?:src|<link[^>]*href)="', html)
    assert len(html) < 200_000
    document = lxml.html.fromstring(html)
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {link[1:] for link in document.xpath("//a/@href") if link.startswith("#")}
    assert targets <= set(ids)
    assert json.loads(executed)["cells"]


def test_page_and_draft_compare_each_indicator_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def counted(item: Indicator, *values: Any) -> Comparison:
        compared.append(item.name)
        return compare_indicator(item, *values)

    monkeypatch.setattr(unit, "compare_indicator", counted)
    shown = report(late(name="Satu"), late(name="Dua"))
    assert page(shown) == page(shown)
    assert lkjip_document(shown.data, MADE).blocks
    assert compared == ["Satu", "Dua"]
