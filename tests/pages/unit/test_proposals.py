"""What data propose, in a unit's report: beside the answer, never instead of it."""

from __future__ import annotations

import re
from itertools import pairwise

import lxml.html

from tests.pages.builders import MADE, answers_at, build_evaluation, build_notebook, build_report
from tests.performance.samples import indicator, standing
from zi_eval.case import Case
from zi_eval.core.assessment import Answer
from zi_eval.core.proposals import Proposal
from zi_eval.pages.unit.proposals import proposals_section
from zi_eval.pages.unit.sections import unit_report
from zi_eval.performance.unit import UnitPerformance
from zi_eval.report.exporter import export_html

EVIL = '<script>alert("x")</script>'
ALIKE = Proposal("A.I.1.i.a", "Ya", (), False, ("Ada SK tim.",), "kinerja/u.csv")
UNLIKE = Proposal("B.I.b", "D", (), True, ("Satu target meleset.", EVIL), "kinerja/u.csv")
OPEN = Proposal("A.I.4.ii.d", None, ("C", "D"), False, ("Sebagian terukur.",), "kinerja/u.csv")
EVIDENCE = Proposal("A.I.4.i.c", None, (), False, ("Dilaporkan sampai TW III.",), EVIL)
ANSWERS = {
    "A.I.1.i.a": Answer(unit="Ya"),
    "B.I.b": Answer(unit="A", tpi="C"),
    "A.I.4.ii.d": Answer(unit="A"),
}


def section(*proposals: Proposal) -> lxml.html.HtmlElement:
    html = str(proposals_section(build_evaluation(ANSWERS), proposals).html)
    assert "<script" not in html
    return lxml.html.fromstring(html)


def items(root: lxml.html.HtmlElement) -> list[str]:
    shown = root.xpath('./ul[@class="items"]/li')
    return [" ".join(item.text_content().split()) for item in shown]


def test_an_answer_unlike_the_data_is_marked_and_comes_first() -> None:
    first, second, third = items(section(ALIKE, OPEN, UNLIKE))
    assert "A.I.4.ii.d" in first
    assert "≠ berbeda" in first
    assert "Usulan: C atau D; data belum menentukan yang mana" in first
    assert "B.I.b" in second
    assert "≠ berbeda" in second
    assert "Usulan: D." in second
    assert "(sementara)" in second
    assert "Jawaban: C." in second  # the TPI's, which counts at the stage reported
    assert "berbeda" not in third
    assert "Usulan: Ya." in third
    assert "Jawaban: Ya." in third


def test_how_many_differ_is_said_first() -> None:
    assert "2 jawaban berbeda" in section(ALIKE, OPEN, UNLIKE).xpath("./p")[0].text
    assert "sejalan" in section(ALIKE).xpath("./p")[0].text
    assert "bahan bukti" in section(EVIDENCE).xpath("./p")[0].text


def test_reasons_are_folded_and_name_their_source() -> None:
    (fold,) = section(UNLIKE).xpath(".//details")
    assert "open" not in fold.attrib
    assert "Satu target meleset." in fold.text_content()
    assert EVIL in fold.text_content()
    assert "Sumber: kinerja/u.csv" in fold.text_content()


def test_evidence_that_decides_nothing_is_folded_apart_from_the_proposals() -> None:
    root = section(ALIKE, EVIDENCE)
    assert len(items(root)) == 1
    fold = root.xpath('./details[summary[contains(., "Bahan bukti")]]')[0]
    assert "Dilaporkan sampai TW III." in fold.text_content()
    assert "Jawaban: belum dijawab" in fold.text_content()


def test_nothing_proposed_gives_no_section() -> None:
    assert str(proposals_section(build_evaluation(ANSWERS), ()).html) == ""
    report = build_report(build_evaluation(ANSWERS))
    for part in (report.proposals, report.performance, report.surveys):
        assert str(part().html) == ""


def test_a_whole_report_with_data_stays_one_sound_page() -> None:
    item = indicator(name=EVIL, targets=(20.0, 40.0, 60.0, 80.0), results=(9.0, 18.0, None, None))
    parts = {"performance": UnitPerformance(standing(item)), "has_pages": True}
    evaluation = build_evaluation(answers_at(0.7))
    report = unit_report(Case.known(evaluation, proposals=(UNLIKE, EVIDENCE), **parts), MADE)
    book = build_notebook(report)
    extra = "".join(str(part().html) for part in (report.performance, report.proposals))
    html = export_html(book, report.title)
    assert "<script" not in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    links = re.findall(r'href="([^"#][^"]*)"', extra)
    assert links == ["unit.kinerja.html", "unit.lkjip.html", "unit.lkjip.docx"]
