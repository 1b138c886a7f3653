from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import lxml.html
import pytest

from tests.survey.samples import data, of_all, survey
from zi_eval.core.problems import Problem
from zi_eval.report.made import Made
from zi_eval.runs.notebooks import run_notebook
from zi_eval.survey.load import load_surveys
from zi_eval.survey.page.figures import plot_elements
from zi_eval.survey.page.sections import SurveyPage, survey_section
from zi_eval.survey.page.words import DOUBTS, index_text, render_surveys, rows_text
from zi_eval.survey.quality import DoubtKind
from zi_eval.survey.result import RequiredIndex, SurveyResult
from zi_eval.survey.unit import UnitSurveys
from zi_eval.survey.values import Conversion, Response, SamplingFrame, SurveyData

MADE = Made(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "1")
SECTIONS = ("opening", "elements", "groups", "quality", "comments", "proposals", "origin")
MARKS = (RequiredIndex("WBK", 3.2), RequiredIndex("WBBM", 3.6))
EVIL = '<script>alert("x")</script>'
ROWS = ((4, 3, 4), (3, 2, 4), (4, 3, 3), (2, 3, 4), (4, 4, 4), (3, 3, 4)) * 6


def result(*rows: tuple[int | None, ...], **fields: object) -> SurveyResult:
    return SurveyResult(data(survey(**fields), *(rows or ROWS), source="survei/u.csv"), MARKS)


def unit(*results: SurveyResult, **fields: object) -> UnitSurveys:
    return UnitSurveys("unit", "Unit", results, **fields)  # type: ignore[arg-type]


def page(shown: SurveyPage) -> str:
    return "".join(str(getattr(shown, name)().html) for name in SECTIONS)


def words_of(html: str) -> str:
    root = lxml.html.fromstring(f"<div>{html}</div>")
    for style in root.iter("style"):
        style.text = ""
    return " ".join(root.text_content().split())


def report(data: UnitSurveys) -> SurveyPage:
    return SurveyPage(data, MADE)


@pytest.mark.parametrize(
    "shown",
    [
        result(),
        result((4, 3, 4)),
        result(*[(4, None, 4)] * 8),
        result((None, None, None)),
        result(*[(4, 4, 4)] * 40),
        result(highest=6, conversion=Conversion.STRETCH, lke_question=""),
    ],
)
def test_every_section_can_be_made_of_whatever_there_is(shown: SurveyResult) -> None:
    html = page(report(unit(shown))) + str(survey_section(unit(shown)).html)
    assert "None" not in words_of(html)
    assert not re.search(r"\bnan\b", html)
    assert render_surveys(unit(shown))


def test_the_first_screen_says_index_interval_and_chance() -> None:
    text = words_of(str(report(unit(result())).opening().html))
    assert "3,39 dari 4" in text
    assert re.search(r"Antara 3,\d\d dan 3,\d\d \(95 %\)", text)
    assert "mencapai WBK" in text
    assert "belum mencapai WBBM" in text
    assert text.count("peluang") == 2


@pytest.mark.parametrize(
    ("last", "said"), [((4, 4, 4), "mencapai WBBM, belum pasti"),
                       ((3, 4, 4), "belum mencapai WBBM, masih mungkin")],
)  # fmt: skip
def test_what_the_interval_holds_is_not_shown_as_certain(last: tuple[int, ...], said: str) -> None:
    close = result(*[(4, 3, 4), (4, 4, 3), (3, 3, 4), last] * 8)
    html = str(report(unit(close)).opening().html)
    badges = re.findall(r'badge (\w+)"><span aria-hidden="true">.</span> ([^<]+)<', html)
    assert ("unknown", said) in badges


def test_an_index_just_below_a_minimum_is_not_shown_as_reaching_it() -> None:
    assert index_text(result(*of_all(threes=121))) == "3,59"
    assert index_text(result(*of_all(threes=120))) == "3,60"


def test_text_of_people_is_escaped_everywhere() -> None:
    asked = survey(frames={"unit": SamplingFrame(90, 50, EVIL)})
    elements = tuple(replace(e, name=EVIL, keywords=("layan",)) for e in asked.elements)
    people = tuple(
        Response(n, (4, 3, 4), service=EVIL + str(n % 2), channel=EVIL, comment=f"layanan {EVIL}")
        for n in range(30)
    )
    mine = SurveyData(
        replace(asked, elements=elements, title=EVIL, short=EVIL, source=EVIL), "unit", people,
        source=EVIL, ignored=(EVIL,), personal=(EVIL,),
    )  # fmt: skip
    shown = unit(
        SurveyResult(mine, (RequiredIndex(EVIL, 3.0),)), agency=EVIL, remark=EVIL,
        problems=(Problem(code="x", message=EVIL),),
    )  # fmt: skip
    html = page(report(shown)) + str(survey_section(shown).html)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    dirty = replace(shown, name="a\x1b[2Jb\nc")
    assert "\x1b" not in render_surveys(dirty)


def test_doubts_are_told_with_rows_and_the_index_without_them() -> None:
    people = (*data(survey(), *ROWS).responses, Response(90, (1, 2, 1), seconds=1.0))
    shown = unit(SurveyResult(SurveyData(survey(), "unit", people)))
    text = words_of(str(report(shown).quality().html))
    assert "Diisi terlalu cepat" in text
    assert "Baris di berkas90" in text
    assert "Tidak ada jawaban yang dibuang" in text
    assert "Tanpa 1 jawaban ganda, terlalu cepat, atau kurang dari separuh, indeksnya 3,39" in text
    assert set(DOUBTS) == set(DoubtKind)


def test_too_few_respondents_are_said_on_the_first_screen() -> None:
    few = unit(result(*ROWS[:12]))
    assert "12 responden, sedikitnya 30: belum cukup" in words_of(str(report(few).opening().html))
    assert "kurang 18" in words_of(str(report(few).quality().html))


def test_the_choice_of_conversion_is_always_said() -> None:
    shown = unit(result(highest=6, conversion=Conversion.SHARE))
    text = words_of(page(report(shown)))
    assert "rata-rata × 4 / 6" in text
    assert "cara lain yang beredar memberi" in text
    assert "4 / 6" in words_of(str(survey_section(shown).html))


def test_only_some_comments_are_shown_and_the_rest_is_counted() -> None:
    people = tuple(Response(n, (4, 3, 4), comment=f"Catatan {n}") for n in range(30))
    shown = unit(SurveyResult(SurveyData(survey(), "unit", people)))
    text = words_of(str(report(shown).comments().html))
    assert text.count("Catatan") == 10
    assert "Dan 20 lainnya" in text


def test_a_differing_answer_is_said_and_none_is_filled_in() -> None:
    text = words_of(str(report(unit(result(), answers={"B.I.a": 3.9})).proposals().html))
    assert "jawaban di LKE berbeda 3,9" in text
    assert "Hanya usulan" in text
    same = words_of(str(report(unit(result(), answers={"B.I.a": 3.39})).proposals().html))
    assert "berbeda" not in same


def test_the_unit_report_has_a_section_only_where_there_is_a_survey() -> None:
    assert str(survey_section(unit()).html) == ""
    broken = unit(problems=(Problem(code="x", message="rusak."),))
    assert "rusak." in words_of(str(survey_section(broken).html))
    text = words_of(str(survey_section(unit(result())).html))
    assert "3,39" in text
    assert "Terlemah" in text


def test_the_figure_has_its_numbers_in_words_and_is_always_the_same() -> None:
    svg = str(plot_elements(result()))
    assert svg == str(plot_elements(result()))
    assert "Indeks: indeks 3,39, selang 95 % 3," in svg
    assert "ambang WBBM 3,60" in svg
    document = lxml.html.fromstring(svg)
    names = document.xpath('//g[@class="name"]/text/text()')
    assert names == ["Indeks", "Unsur 2", "Unsur 1", "Unsur 3"]
    inside = [float(node.get("cx")) for node in document.iter("circle")]
    width = float(document.xpath("//svg")[0].get("width"))
    assert all(0 <= x <= width for x in inside)


def test_rows_are_written_as_ranges() -> None:
    assert rows_text([2, 7, 8, 9, 16]) == "2, 7–9, 16"
    assert rows_text([5]) == "5"
    assert rows_text([]) == ""


def test_the_text_form_says_what_the_page_says(root: Path) -> None:
    found = load_surveys(root / "parameters" / "2026", "dpmptsp")
    text = render_surveys(found)
    opening = words_of(str(report(found).opening().html))
    for index in re.findall(r"^\w+: (\d,\d\d) dari 4", text, re.M):
        assert f"{index} dari 4" in opening
    assert "Percaloan" in text


@pytest.mark.kernel
def test_personal_data_reach_neither_page_nor_notebook_nor_json(tmp_path: Path, root: Path) -> None:
    period = tmp_path / "parameters" / "2026"
    (period / "survei").mkdir(parents=True)
    shutil.copy(root / "parameters" / "2026" / "instansi.yaml", period)
    secrets = (
        "Zubaidahwati",
        "Kertonegoro",
        "3275014509870003",
        "081377788899",
        "zubai@pribadi.example",
    )
    rows = [
        f"{n};Zubaidahwati Kertonegoro;3275014509870003;0813-7778-8899;zubai@pribadi.example;"
        f"Jl. Kenari Raya 17;Izin;4;{3 + n % 2};4;3;4;Saya Zubaidahwati Kertonegoro NIK "
        f"3275014509870003 hp 0813-7778-8899 / 081377788899 surel zubai@pribadi.example. Calo {n}!"
        for n in range(30)
    ]
    head = "no;Nama;NIK;No HP;Email;Alamat;layanan;P1;P2;P3;P4;P5;saran"
    table = "\n".join([head, *rows])
    (period / "survei" / "unit.ipak.csv").write_text(table, "utf-8")
    found = load_surveys(period, "unit")
    shown = [
        repr(found), str(found), render_surveys(found), page(report(found)),
        str(survey_section(found).html), json.dumps([str(p) for p in found.proposals]),
    ]  # fmt: skip
    parameters = {"parameters_folder": str(period), "unit": "unit"}
    html, executed = run_notebook(root / "notebooks" / "survei.ipynb", parameters, root, "Survei")
    shown += [html, executed if isinstance(executed, str) else executed.decode()]
    for text in shown:
        for secret in (*secrets, "0813-7778-8899", "Kenari"):
            assert secret.casefold() not in text.casefold()
    # The rest of the comments is there, so it was not simply left out.
    assert "Calo 7!" in html
    assert "disamarkan pada 30 teks" in words_of(html)
    assert not re.findall(r'(?:src|<link[^>]*href)="', html)
    document = lxml.html.fromstring(html)
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {link[1:] for link in document.xpath("//a/@href") if link.startswith("#")}
    assert targets <= set(ids)
