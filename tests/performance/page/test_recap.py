"""Performance in the agency's recap: its section and its sheets of the workbook."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import lxml.html
import openpyxl
import pytest

from tests.pages.agency.test_sections import agency_of, unit
from tests.pages.builders import MADE
from tests.performance.samples import indicator, plan, standing
from zi_eval.core.problems import Problem
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.sections import RecapPage
from zi_eval.pages.agency.tables import render_recap_xlsx
from zi_eval.performance.agency import AgencyPerformance
from zi_eval.performance.page.recap import performance_recap
from zi_eval.performance.plan import Indicator
from zi_eval.performance.watch import PlanStanding, evaluate_plan

PLAN = {"targets": (20.0, 40.0, 60.0, 80.0), "ceiling": 100.0, "spent": 60.0}
TODAY = date(2026, 11, 24)
EVIL = '<script>alert("x")</script>'
WRONG = (Problem(code="x", message="'abc' bukan angka.", file="rumah/kinerja/c.csv", cell="J4"),)


def late(name: str, **fields: object) -> Indicator:
    return indicator(**(PLAN | {"name": name, "results": (10.0, 20.0, None, None)} | fields))


def good(name: str = "Baik", **fields: object) -> Indicator:
    return late(name, **({"results": (21.0, 42.0, None, None)} | fields))


@pytest.fixture(scope="module")
def three() -> AgencyPerformance:
    return AgencyPerformance(
        {
            "a": standing(good(goal="Sasaran A"), unit="a"),
            "b": standing(
                late("Telat", goal="Sasaran B", due=date(2026, 12, 1), follow_up="Kejar"),
                late("Lewat", goal="Sasaran C", due=date(2026, 11, 1), owner=""),
                late("Tanpa tanggal"),
                unit="b",
            ),
        },
        {"a": (), "b": (), "c": WRONG},
    )


NAMES = {"a": "Unit A", "b": "Unit B", "c": "", "d": "Unit D"}


def root_of(performance: AgencyPerformance, *pages: str) -> lxml.html.HtmlElement:
    section = performance_recap(performance, NAMES, frozenset(pages), TODAY)
    return lxml.html.fromstring(f"<div>{section.html}</div>")


def test_a_period_without_tables_has_no_section_and_no_place_in_the_contents() -> None:
    recap = RecapPage(Recap(agency_of(unit(1, 0.9))), MADE)
    assert recap.performance().html == ""
    assert 'href="#kinerja"' not in recap.masthead().html
    plans = AgencyPerformance(problems={"c": WRONG})
    shown = RecapPage(Recap(agency_of(unit(1, 0.9)), plans), MADE)
    assert 'href="#kinerja"' in shown.masthead().html
    assert 'id="kinerja"' in shown.performance().html


def test_what_to_act_on_comes_with_owner_and_date_soonest_first(three: AgencyPerformance) -> None:
    root = root_of(three)
    rows = [
        " ".join(row.text_content().split())
        for row in root.xpath('//table[contains(@class, "recap-todo")]/tbody/tr')
    ]
    assert len(rows) == 3
    assert rows[0].startswith("1 November 2026▲ sudah lewatLewat")
    assert "belum ditulis" in rows[0]
    assert rows[1].startswith("1 Desember 2026Telat")
    assert rows[1].endswith("Unit BKepala bidangKejar")
    assert rows[2].startswith("Tanpa tanggal")


def test_units_come_worst_first_with_a_cell_for_each_sasaran(three: AgencyPerformance) -> None:
    rows = root_of(three, "b").xpath('//table[contains(@class, "recap-kinerja")]/tbody/tr')
    assert [row.xpath("./th")[0].text_content() for row in rows] == ["Unit B", "Unit A"]
    assert [link.get("href") for row in rows for link in row.xpath("./th/a")] == ["b.kinerja.html"]
    cells = rows[0].xpath(".//li")
    assert [cell.text_content() for cell in cells] == [
        "50,0 Sasaran B", "50,0 Sasaran C", "50,0 Sasaran",
    ]  # fmt: skip
    # the style gives each its sign, so colour is never alone
    assert {cell.get("class") for cell in cells} == {"red"}
    assert rows[0].xpath('.//*[@class="red"]')[0].text_content() == "3 merah"


def test_units_without_a_table_and_with_a_broken_one_are_named(three: AgencyPerformance) -> None:
    notes = [note.text_content() for note in root_of(three).xpath('//*[@class="recap-note"]')]
    assert "1 unit belum punya tabel kinerja: Unit D" in notes[0]
    assert "1 tabel tidak terbaca" in notes[1]
    assert "c.csv [J4]: salah: 'abc' bukan angka." in notes[1]
    assert "rumah/" not in notes[1]


def test_tables_that_cannot_be_read_at_all_leave_the_reason() -> None:
    root = root_of(AgencyPerformance(trouble="Unit a punya dua tabel kinerja."))
    assert "Unit a punya dua tabel kinerja." in root.text_content()


def test_only_units_of_the_same_quarter_are_drawn_and_the_others_counted() -> None:
    stands = {
        "a": standing(good(), unit="a"),
        "b": standing(late("x"), unit="b"),
        "c": standing(good(results=(21.0, None, None, None)), unit="c"),
        "d": standing(good(spent=None), unit="d"),
    }
    root = root_of(AgencyPerformance(stands))
    assert len(root.xpath('//*[contains(@class, "quadrants")]//*[@class="dot"]/circle')) == 2
    assert "2 unit tidak digambar" in root.text_content()
    quadrants = root.xpath('//dl[@class="recap-quadrants"]')[0].text_content().split("\n")
    said = [line for line in quadrants if line]
    assert said[:2] == ["Hasil di depan, uang tertahan 0 unit", "–"]
    assert "Hasil tercapai, uang terpakai 1 unit" in said


def test_text_of_people_is_escaped() -> None:
    texts = dict.fromkeys(("goal", "name", "owner", "cause", "follow_up", "unit_of_measure"), EVIL)
    odd = evaluate_plan(replace(plan(replace(late("x"), **texts)), name=EVIL))
    performance = AgencyPerformance({"unit": odd}, {"z": WRONG}, trouble=EVIL)
    html = performance_recap(performance, {"q": EVIL}, frozenset(), TODAY).html
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 8


def many() -> dict[str, PlanStanding]:
    names = [f"Persentase layanan yang selesai tepat waktu nomor {n}" for n in range(10)]
    goals = [f"Meningkatnya mutu layanan perizinan bidang {n // 2}" for n in range(10)]
    samples = [
        evaluate_plan(
            plan(
                *(
                    late(
                        name,
                        goal=goal,
                        results=(pace * 20, pace * 40, None, None),
                        due=date(2026, 12, 1 + n % 28) if n % 3 else None,
                    )
                    for n, (name, goal) in enumerate(zip(names, goals, strict=True))
                )
            )
        )
        for pace in (0.7, 0.9, 1.0, 1.1)
    ]
    return {
        f"unit-{n:03d}": replace(
            samples[n % 4],
            plan=replace(
                samples[n % 4].plan,
                unit=f"unit-{n:03d}",
                name=f"Dinas Penanaman Modal dan Pelayanan Terpadu {n}",
            ),
        )
        for n in range(600)
    }


def test_600_units_of_ten_indicators_add_less_than_700_kilobytes() -> None:
    stands = many()
    section = performance_recap(AgencyPerformance(stands), {}, frozenset(stands), TODAY)
    assert len(section.html.encode()) < 700_000
    root = lxml.html.fromstring(f"<div>{section.html}</div>")
    assert len(root.xpath('//table[contains(@class, "recap-kinerja")]/tbody/tr')) == 600
    assert len(root.xpath("//details[@open]")) == 1
    assert len(root.xpath('//svg//*[@class="dot"]/circle')) == 600
    # the page names the nearest; the rest is in the workbook, and the page says so
    assert len(root.xpath('//table[contains(@class, "recap-todo")]/tbody/tr')) == 120
    assert 'lembar "Tindakan kinerja"' in root.text_content()


def test_the_workbook_has_every_unit_and_every_action(three: AgencyPerformance) -> None:
    named = [
        replace(item, assessment=replace(item.assessment, unit=replace(item.assessment.unit, id=i)))
        for i, item in (("a", unit(1, 0.9, "Unit A")), ("d", unit(2, 0.9, "=Unit D")))
    ]
    data = render_recap_xlsx(Recap(agency_of(*named), three))
    book = openpyxl.load_workbook(io.BytesIO(data))
    units, actions = book["Kinerja"], book["Tindakan kinerja"]
    rows = {row[0]: row for row in units.iter_rows(min_row=2, values_only=True)}
    assert list(rows) == ["b", "a", "c", "d"]
    assert rows["b"][3:9] == (50, 60, 3, 3, 0, 0)
    assert "bukan angka" in rows["c"][10]
    assert rows["d"][10] == "belum ada tabel kinerja"
    assert rows["d"][1] == "=Unit D"
    assert units["D2"].number_format == "0.0"
    said = [row[3] for row in actions.iter_rows(min_row=2, values_only=True)]
    assert said == ["Lewat", "Telat", "Tanpa tanggal"]
    assert data == render_recap_xlsx(Recap(agency_of(*named), three))
    assert "Kinerja" not in openpyxl.load_workbook(
        io.BytesIO(render_recap_xlsx(Recap(agency_of(*named), AgencyPerformance())))
    )
