from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from tests.pages.builders import (
    INSTRUMENT,
    MADE,
    RULES,
    answers_at,
    build_evaluation,
    good_facts,
)
from zi_eval.core.agency import AgencyEvaluation, AreaShare, rank_units
from zi_eval.core.assessment import Agency, Answer, Fact, Stage, Unit
from zi_eval.core.evaluation import Evaluation
from zi_eval.frames import recap_frame
from zi_eval.pages.agency.groups import MISSING, make_filters, missing_of
from zi_eval.pages.agency.published import FailedReport, Published
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.rows import heat_row, page_list
from zi_eval.pages.agency.sections import RecapPage
from zi_eval.pages.agency.tables import render_recap_csv, render_recap_xlsx

SECTIONS = (
    "masthead",
    "summary",
    "units",
    "areas",
    "changes",
    "questions",
    "improvements",
    "agreement",
    "similarities",
    "prerequisites",
    "kawasan",
    "performance",
    "calendar",
    "workplans",
    "recommendations",
    "national",
    "failures",
    "origin",
)
VOID = {"br", "hr", "img", "meta", "link", "input", "col"}


def unit(number: int, share: float, name: str = "", target: str = "WBK") -> Evaluation:
    built = build_evaluation(answers_at(share) if share >= 0 else {}, target=target)
    named = Unit(f"u-{number:03d}", name or f"Unit {number}", "satker")
    return replace(built, assessment=replace(built.assessment, unit=named))


def agency_of(
    *evaluations: Evaluation,
    failures: Mapping[str, str] | None = None,
    agency: Agency | None = None,
) -> AgencyEvaluation:
    sample = build_evaluation({})
    agency = agency or sample.agency
    assert agency is not None
    return AgencyEvaluation(
        agency, RULES, INSTRUMENT, "2026", Stage.TPI, evaluations, failures or {}
    )


def page_of(evaluation: AgencyEvaluation, *reports: str) -> str:
    report = RecapPage(Recap(evaluation, published=Published(frozenset(reports))), MADE)
    return "".join(getattr(report, section)()._repr_html_() for section in SECTIONS)


class Outline(HTMLParser):
    """Collects headings, ids and links, and checks that every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def mixed() -> AgencyEvaluation:
    return agency_of(
        unit(1, 0.55),
        unit(2, 1.0),
        unit(3, 0.0, target="WBBM"),
        unit(4, -1),
        failures={"rusak": "rusak.yaml:3: salah: butir tidak dikenal."},
    )


def test_the_page_has_one_h1_ordered_headings_and_links_that_lead_somewhere(
    mixed: AgencyEvaluation,
) -> None:
    outline = Outline(page_of(mixed, "u-001"))
    levels = [int(tag[1]) for tag in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert max(levels) == 3
    assert len(set(outline.ids)) == len(outline.ids)
    inner = {link[1:] for link in outline.links if link.startswith("#")}
    assert inner <= set(outline.ids)
    assert "script" not in outline.tags


def test_only_units_with_a_report_are_linked(mixed: AgencyEvaluation) -> None:
    links = Outline(page_of(mixed, "u-001", "u-003", "elsewhere")).links
    assert sorted(link for link in links if not link.startswith("#")) == [
        "u-001.html",
        "u-003.html",
    ]


def test_a_link_is_a_file_name_whatever_the_unit_is_called() -> None:
    odd = unit(1, 1.0)
    assessment = replace(odd.assessment, unit=Unit("javascript:a/b", "x"))
    html = page_of(agency_of(replace(odd, assessment=assessment)), "javascript:a/b")
    assert 'href="javascript%3Aa%2Fb.html"' in html


def test_units_are_grouped_by_what_they_miss_the_nearest_first(mixed: AgencyEvaluation) -> None:
    html = RecapPage(Recap(mixed), MADE).units()._repr_html_()
    found = re.findall(r'<h3 id="kurang-([\w-]+)"', html)
    assert found == [key for key in MISSING if key in found]
    assert {missing_of(item) for item in mixed.evaluations} == set(found)
    assert html.index("belum-ada-jawaban") < html.index("Unit 4<") < html.index("kurang-lengkap")
    assert html.index("kurang-lengkap") < html.index("Unit 2<")


def _lacking(share: float, **facts: Fact) -> Evaluation:
    return build_evaluation(answers_at(share), facts={**good_facts("unit"), **facts})


@pytest.mark.parametrize(
    ("item", "group"),
    [
        (build_evaluation({}), "belum-ada-jawaban"),
        (_lacking(1.0), "lengkap"),
        (_lacking(1.0, lhkasn=50.0), "satu-prasyarat"),
        (_lacking(1.0, lhkasn=50.0, lhkpn=50.0), "prasyarat"),
        (_lacking(0.3), "ambang"),
        (_lacking(0.3, lhkasn=50.0), "ambang-dan-prasyarat"),
        (build_evaluation(answers_at(1.0) | {"B.II.a": Answer(2.0, 2.0)}), "satu-ambang"),
        (build_evaluation(answers_at(1.0) | {"A.I.1.i.a": Answer()}), "belum-dijawab"),
    ],
)
def test_what_a_unit_misses_is_one_group(item: Evaluation, group: str) -> None:
    assert missing_of(item) == group


def test_filters_count_every_unit_once_and_mark_its_row(mixed: AgencyEvaluation) -> None:
    standings = rank_units(mixed) * 10
    html = RecapPage(Recap(replace(mixed, evaluations=mixed.evaluations * 10)), MADE).units().html
    filters = make_filters(standings, RULES.predicates)
    assert [item.title for item in filters] == ["Target", "Yang kurang"]  # all of one kind
    for item in filters:
        assert sum(choice.count for choice in item.choices) == len(standings)
        for choice in item.choices:
            rows = re.findall(rf'<tr class="[^"]*\b{choice.key}\b', html)
            assert len(rows) == choice.count
            assert f'id="saring-{choice.key}"' in html


def test_rare_kinds_share_one_filter(mixed: AgencyEvaluation) -> None:
    (one,) = rank_units(agency_of(unit(1, 1.0)))
    many = [
        replace(one, evaluation=replace(one.evaluation, assessment=replace(
            one.evaluation.assessment, unit=Unit(f"u{n}", "U", f"jenis {n:02d}"))))
        for n in range(14) for _ in range(2 if n < 10 else 1)
    ]  # fmt: skip
    (kinds,) = make_filters(many, ())
    assert [choice.title for choice in kinds.choices] == [
        *(f"jenis {n:02d}" for n in range(10)),
        "lainnya",
    ]
    assert kinds.choices[-1].count == 4
    assert kinds.mark(many[-1]) == kinds.choices[-1].key


def test_what_people_typed_is_shown_as_text() -> None:
    evil = '<script>alert("x")</script>'
    agency = Agency(evil, RULES.agency_kinds[0], RULES.id, remark=evil)
    html = page_of(agency_of(unit(1, 0.5, evil), failures={evil: evil}, agency=agency), "u-001")
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 5


def test_an_area_below_the_minimum_is_marked_by_a_sign_and_an_open_one_by_another() -> None:
    low = unit(1, 0.55)
    answers = {k: v for k, v in low.assessment.answers.items() if k != "A.I.1.i.a"}
    html = RecapPage(Recap(agency_of(build_evaluation(answers))), MADE).areas()._repr_html_()
    cells = re.findall(r'<td class="num h\d">(▼?[\d,]+\??)</td>', html)
    assert any(cell.startswith("▼") for cell in cells)
    assert any(cell.endswith("?") for cell in cells)


def test_a_miss_is_never_rounded_to_the_minimum() -> None:
    area = INSTRUMENT.areas[0]
    missed = AreaShare(area, 59.996, 60.0, is_below=True, has_open_questions=False)
    met = AreaShare(area, 60.0, 60.0, is_below=False, has_open_questions=True)
    cells = heat_row(unit(1, 0.5), (missed, met))["cells"]
    assert [text for _, text in cells] == ["▼59,996", "60,0?"]


def test_a_prerequisite_of_the_agency_that_holds_all_units_back_is_said_first() -> None:
    agency = Agency("Instansi", RULES.agency_kinds[0], RULES.id)
    html = RecapPage(Recap(agency_of(unit(1, 1.0), agency=agency)), MADE).summary()._repr_html_()
    assert "Tertahan di tingkat instansi" in html
    assert "belum dinyatakan (WBK, WBBM)" in html


def test_a_long_reason_is_folded_and_complete() -> None:
    reason = "\n".join(f"baris {n}" for n in range(40))
    html = RecapPage(Recap(agency_of(failures={"x": reason})), MADE).failures()._repr_html_()
    assert "dan 36 baris lagi" in html
    assert all(f"baris {n}" in html for n in range(40))


def test_a_failed_report_is_linked_as_a_log_and_never_as_a_report(mixed: AgencyEvaluation) -> None:
    failed = {
        "u-001": FailedReport("KeyError: <b>x</b>", "u-001.gagal.html"),
        "u-003": FailedReport("Melewati batas waktu 5 detik (--timeout).", ""),
        "rusak": FailedReport("rusak.yaml:3: salah: …", "rusak.gagal.html"),
    }
    report = RecapPage(Recap(mixed, published=Published(frozenset({"u-002"}), failed)), MADE)
    page = "".join(getattr(report, section)()._repr_html_() for section in SECTIONS)
    links = [link for link in Outline(page).links if not link.startswith("#")]
    assert sorted(links) == sorted(
        ["u-002.html", "u-001.gagal.html", "u-001.gagal.html", "rusak.gagal.html"]
    )
    html = report.failures()._repr_html_()
    assert "KeyError: &lt;b&gt;x&lt;/b&gt;" in html
    assert "Melewati batas waktu 5 detik" in html
    assert html.index("butir tidak dikenal") < html.index("ikut dihitung") < html.index("Unit 1<")
    assert "1 unit tidak dapat dievaluasi. 2 laporan gagal dibuat." in page


def test_an_agency_without_units_still_has_a_page() -> None:
    html = page_of(agency_of())
    Outline(html)
    assert "0 dari 0 unit" in html
    assert "Tidak ada unit yang dapat dievaluasi." in html


def test_pages_hold_every_row_once_and_short_lists_stay_whole(mixed: AgencyEvaluation) -> None:
    standings = rank_units(mixed)
    assert len(page_list(standings)) == 1
    assert page_list(()) == []
    many = standings * 60
    pages = page_list(many)
    assert len(pages) == 5
    assert [row for page in pages for row in many[page.rows]] == list(many)


@pytest.mark.parametrize(
    ("units", "most"), [(100, 180_000), pytest.param(600, 900_000, marks=pytest.mark.long)]
)
def test_600_units_stay_below_one_megabyte(units: int, most: int) -> None:
    samples = [unit(n, share) for n, share in enumerate((0.3, 0.6, 0.8, 1.0))]
    evaluations = [
        replace(
            sample := samples[n % 4],
            assessment=replace(
                sample.assessment,
                unit=Unit(f"unit-{n:03d}", f"Dinas Penanaman Modal dan Pelayanan Terpadu {n}"),
            ),
        )
        for n in range(units)
    ]
    ids = (item.assessment.unit.id for item in evaluations)
    html = page_of(agency_of(*evaluations), *ids)
    assert len(html.encode()) < most
    assert html.count("<details") > 10


def test_the_frame_keeps_numbers_full_and_unknown_missing(mixed: AgencyEvaluation) -> None:
    frame = recap_frame(Recap(mixed))
    assert list(frame["Kode unit"]) == ["u-002", "u-001", "u-003", "u-004", "rusak"]
    assert frame["Nilai total"].dtype == float
    by_id = {item.assessment.unit.id: item for item in mixed.evaluations}
    assert frame["Nilai total"][1] == by_id["u-001"].card.total.score
    assert frame["Nilai total"].isna().tolist() == [False, False, False, True, True]
    assert frame["Peringkat"].isna().tolist() == [False, False, False, True, True]
    assert frame["Hasil target"][4] == "tidak dapat dievaluasi"


def test_the_csv_opens_in_indonesian_excel(mixed: AgencyEvaluation) -> None:
    data = render_recap_csv(Recap(mixed))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 5
    assert re.fullmatch(r"\d+,\d+", rows[1]["Nilai total"])
    assert rows[3]["Nilai total"] == ""


@pytest.mark.parametrize("name", ["=1+1", "+62", "-Dinas", "@unit", "=HYPERLINK(1)"])
def test_text_that_looks_like_a_formula_stays_text(name: str) -> None:
    evaluation = agency_of(unit(1, 1.0, name))
    assert f";'{name};" in render_recap_csv(Recap(evaluation)).decode("utf-8-sig")
    sheet = openpyxl.load_workbook(io.BytesIO(render_recap_xlsx(Recap(evaluation)))).worksheets[0]
    cell = sheet["C2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (name, "s", True)


def test_the_workbook_has_numbers_formats_and_a_frozen_header(mixed: AgencyEvaluation) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_recap_xlsx(Recap(mixed))))
    sheet = book.worksheets[0]
    titles = {cell.value: cell.column for cell in sheet[1]}
    total = sheet.cell(3, titles["Nilai total"])
    assert total.data_type == "n"
    assert total.number_format == "0.00"
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert len(book.sheetnames) == 4


def test_equal_values_give_equal_bytes_at_any_time(mixed: AgencyEvaluation) -> None:
    data = render_recap_xlsx(Recap(mixed))
    assert data == render_recap_xlsx(Recap(mixed))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {2000}
        stamps = re.findall(rb">(\d{4})-\d\d-\d\dT", archive.read("docProps/core.xml"))
    assert stamps == [b"2000", b"2000"]
    assert render_recap_csv(Recap(mixed)) == render_recap_csv(Recap(mixed))


def test_characters_a_workbook_cannot_hold_are_replaced() -> None:
    data = render_recap_xlsx(Recap(agency_of(failures={"x": "a\x00b\x1b"})))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert "a\ufffdb\ufffd" in [cell.value for cell in sheet[2]]


def test_the_notebook_shows_every_section_in_order(root: Path) -> None:
    book = json.loads((root / "notebooks" / "rekap_instansi.ipynb").read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in book["cells"]]
    assert [s for s in sources if s.startswith("recap.")] == [
        f"recap.{name}()" for name in (*SECTIONS[:3], "table", *SECTIONS[3:])
    ]
