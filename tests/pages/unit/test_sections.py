"""The report of a unit: safe, complete, light, the same every time."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tests.pages.builders import (
    EVIDENCE,
    MADE,
    answers_at,
    build_evaluation,
    build_notebook,
    build_report,
)
from zi_eval.case import Case
from zi_eval.core.assessment import Answer, Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem, Severity
from zi_eval.core.verdict import Status
from zi_eval.doubts.values import Doubt, Reading, Statement
from zi_eval.improvement.options import steps_up
from zi_eval.improvement.page.advice import first_steps, gains, strengths, weakest
from zi_eval.pages.unit.sections import unit_report
from zi_eval.report.exporter import export_html
from zi_eval.report.tables import difference_rows, evidence_links, missing_evidence

VOID = {"meta", "br", "img", "input", "hr", "path", "use", "rect", "line"}
EVIL = '<script>alert(1)</script></style><img src=x onerror="alert(1)">'


class Page(HTMLParser):
    """Reads a page: its tags with attributes, its headings, and whether its tags match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def _page(evaluation: Evaluation) -> str:
    report = build_report(evaluation)
    return export_html(build_notebook(report), report.title)


def _everything_evil() -> Evaluation:
    answers = answers_at(
        0.6, note=EVIL, tpi_note=EVIL, evidence=("javascript:alert(1)", EVIL, *EVIDENCE)
    )
    answers["A.I.1.i.a"] = replace(answers["A.I.1.i.a"], tpi="Tidak")
    problem = Problem(
        code="x", message=EVIL, hint=EVIL, file=EVIL, key=EVIL, severity=Severity.WARNING
    )
    return build_evaluation(answers, name=EVIL, remark=EVIL, problems=(problem,))


def _fates() -> dict[str, Evaluation]:
    high = answers_at(1.0)
    partial = {key: value for number, (key, value) in enumerate(high.items()) if number % 3}
    return {
        "met": build_evaluation(high),
        "not met": build_evaluation(answers_at(0.5, evidence=())),
        "incomplete": build_evaluation(partial, facts={}),
        "nothing": build_evaluation({}, facts={}),
        "unit stage": build_evaluation(high, stage=Stage.UNIT, target="WBBM"),
        "evil": _everything_evil(),
    }


@pytest.fixture(scope="module", params=list(_fates()))
def page(request: pytest.FixtureRequest) -> str:
    return _page(_fates()[request.param])


def test_fates_are_what_they_say() -> None:
    fates = _fates()
    assert fates["met"].target.status is Status.MET
    assert fates["not met"].target.status is Status.NOT_MET
    assert fates["nothing"].target.status is Status.UNKNOWN


def test_tags_match(page: str) -> None:
    assert Page(page).open == []


def test_typed_text_never_becomes_markup(page: str) -> None:
    names = {tag for tag, _ in Page(page).tags}
    assert names.isdisjoint({"script", "img", "iframe", "object", "embed", "link", "form"})
    assert page.count("</style>") == 1
    for _, attributes in Page(page).tags:
        assert not any(name.startswith("on") for name in attributes)


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    for tag, attributes in Page(page).tags:
        for name in ("src", "href", "xlink:href", "action", "data", "srcset", "poster"):
            address = attributes.get(name)
            if address is None or address.startswith("#"):
                continue
            assert tag == "a"
            assert address.startswith("https://contoh.example/")
            assert attributes["rel"] == "noopener noreferrer"
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_headings_are_in_order(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Page(page).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    steps = pairwise(levels)
    assert all(after <= before + 1 for before, after in steps)


def test_ids_are_unique_and_every_reference_has_its_target(page: str) -> None:
    tags = Page(page).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in tags:
        for reference in (attributes.get("aria-labelledby") or "").split():
            assert reference in ids
        link = attributes.get("href") or ""
        if link.startswith("#"):
            assert link[1:] in ids


def test_every_figure_has_a_text_alternative_with_its_numbers(page: str) -> None:
    figures = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    beside_numbers = [figure for figure in figures if 'aria-hidden="true"' in figure]
    assert len(beside_numbers) == 9  # six areas, three results, each with its numbers in the row
    assert len(figures) == 10
    for figure in set(figures).difference(beside_numbers):
        assert 'role="img"' in figure
        assert re.search(r"<title id=[^>]+>[^<]+</title>", figure)
        assert re.search(r"<desc id=[^>]+>[^<]*ambang[^<]*\d[^<]*</desc>", figure)


def test_the_contents_of_the_annex_are_the_sections_that_follow_it(page: str) -> None:
    head, _, annex = page.partition('<section class="section annex"')
    contents = re.findall(r'<li><a href="#([\w-]+)"', annex.partition("</nav>")[0])
    follow = re.findall(r'<section class="section" aria-labelledby="([\w-]+)"', annex)
    assert contents == follow
    assert head.count("<h2") >= 2


def test_what_is_printed_apart_is_chosen_without_a_script(page: str) -> None:
    for choice in ("cetak-lampiran", "cetak-perhitungan"):
        assert page.count(f'href="#{choice}"') == 1
        assert page.count(f'id="{choice}"') == 1


def test_thresholds_that_are_met_are_folded_into_one_line() -> None:
    met = build_report(build_evaluation(answers_at(1.0))).rules().html
    assert "12 dari 12 ambang tercapai" in met
    assert "Ambang yang belum tercapai" not in met
    some = build_evaluation(answers_at(0.7))
    html = build_report(some).rules().html
    failed = len(some.target.failed_rules)
    assert 0 < failed < 12
    assert f"{12 - failed} dari 12 ambang tercapai" in html
    shown = html.partition("<details>")[0]
    assert shown.count('class="badge not_met"') == failed


def _doubted() -> tuple[Evaluation, Doubt]:
    """Return a unit with one answer in its strongest part that a doubt contradicts."""
    evaluation = build_evaluation(answers_at(1.0) | {"A.I.1.i.a": Answer("Ya", "Tidak")})
    doubt = Doubt(
        code="hitungan-beda",
        what="Dua isian berbeda.",
        statements=(Statement("jawaban.A.I.1.i.a", "Tidak"), Statement("syarat.x", "1")),
        rule="Satu hitungan",
        source="uji",
        remedy="Samakan.",
        readings=(Reading("bila A.I.2.i.a kurang", values={"A.I.2.i.a": 0.5}),),
    )
    return evaluation, doubt


def test_what_a_doubt_contradicts_is_neither_strength_nor_gain() -> None:
    evaluation, doubt = _doubted()
    assert doubt.contradicted == {"A.I.1.i.a", "A.I.2.i.a"}
    assert not replace(doubt, code="tanpa-bukti").contradicted
    plain = {part.id for part in strengths(evaluation)}
    assert plain - {part.id for part in strengths(evaluation, doubt.contradicted)} == {"A.I.2.i"}
    report = unit_report(Case.known(evaluation, doubts=(doubt,)), MADE)
    html = report.improvements().html
    assert "Tidak ditawarkan" in html
    assert ">A.I.2.i<" not in html
    assert "agar menjadi" not in html.lower()
    undoubted = unit_report(Case.known(evaluation, doubts=()), MADE).improvements().html
    assert "agar menjadi" in undoubted.lower()
    assert "A.I.1.i.a" not in report.opening().html


def test_weakest_are_the_parts_that_lose_most_points() -> None:
    evaluation = build_evaluation(answers_at(1.0) | {"B.II.a": Answer(2.0, 2.0)})
    (worst,) = weakest(evaluation, 5)
    assert (worst.id, round(worst.lost, 2)) == ("B.II.a", 8.75)
    losses = [part.lost for part in weakest(build_evaluation(answers_at(0.4)), 5)]
    assert len(losses) == 5
    assert losses == sorted(losses, reverse=True)


def test_same_evaluation_gives_the_same_bytes() -> None:
    evaluation = build_evaluation(answers_at(0.7))
    assert _page(evaluation) == _page(evaluation)


def test_a_full_unit_with_long_notes_stays_under_400_kb() -> None:
    note = "Catatan panjang tentang pelaksanaan dan buktinya. " * 12
    answers = {
        key: replace(answer, tpi=answer.unit if number % 4 else None)
        for number, (key, answer) in enumerate(
            answers_at(0.6, note=note, tpi_note=note, evidence=EVIDENCE * 3).items()
        )
    }
    assert len(_page(build_evaluation(answers)).encode()) < 400_000


def test_a_miss_that_rounding_would_hide_is_shown() -> None:
    answers = answers_at(1.0)
    answers["B.I.a"] = replace(answers["B.I.a"], unit=3.5999, tpi=3.5999)
    page = build_report(build_evaluation(answers)).rules().html
    assert "15,7496" in page
    answers["B.I.a"] = replace(answers["B.I.a"], unit=3.6, tpi=3.6)
    assert build_evaluation(answers).target.status is Status.MET


@pytest.mark.parametrize(
    ("typed", "href"),
    [
        ("https://contoh.example/a?b=1&c=2", "https://contoh.example/a?b=1&c=2"),
        ("HTTP://contoh.example", "HTTP://contoh.example"),
        (" https://contoh.example ", "https://contoh.example"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/hosts", ""),
        ("https:contoh", ""),
        ("https://", ""),
        ("http://[salah", ""),
        ("https://contoh.example lihat halaman 2", "https://contoh.example"),
        ("1. SK Tim: https://contoh.example/sk.", "https://contoh.example/sk"),
        ("Map ZI/area 1/SK tim.pdf", ""),
    ],
)
def test_only_web_addresses_become_links(typed: str, href: str) -> None:
    (link,) = evidence_links([typed])
    assert link.href == href
    assert link.text == typed.strip()


def test_two_addresses_in_one_line_are_two_links() -> None:
    links = evidence_links(["SK: https://contoh.example/1, foto: https://contoh.example/2 (2026)"])
    assert [(link.text, link.href) for link in links] == [
        ("SK: https://contoh.example/1", "https://contoh.example/1"),
        ("foto: https://contoh.example/2 (2026)", "https://contoh.example/2"),
    ]


def test_empty_evidence_is_no_evidence() -> None:
    answers = answers_at(1.0)
    answers["A.I.1.i.a"] = replace(answers["A.I.1.i.a"], evidence=("  ", ""))
    ((place, questions),) = missing_evidence(build_evaluation(answers))
    assert (place, [question.id for question in questions]) == (
        "Manajemen Perubahan",
        ["A.I.1.i.a"],
    )


def test_differences_are_the_questions_the_tpi_answers_otherwise() -> None:
    answers = answers_at(1.0)
    answers["A.I.1.i.b"] = replace(answers["A.I.1.i.b"], tpi="C")
    answers["A.I.1.i.a"] = replace(answers["A.I.1.i.a"], tpi="Ya")
    answers["A.I.1.ii.a"] = Answer(tpi="Ya")
    rows = difference_rows(build_evaluation(answers))
    assert [row.question.id for row in rows] == ["A.I.1.i.b", "A.I.1.ii.a"]
    assert difference_rows(build_evaluation(answers, stage=Stage.UNIT)) == ()


def test_a_gain_is_what_the_total_rises_when_the_answer_takes_that_step() -> None:
    answers = answers_at(0.6)
    before = build_evaluation(answers)
    checked = 0
    for gain in gains(before, steps_up(before)):
        if gain.then.endswith("%"):
            continue
        better = {**answers, gain.id: replace(answers[gain.id], unit=gain.then, tpi=gain.then)}
        after = build_evaluation(better)
        assert after.card.total.score is not None
        assert before.card.total.score is not None
        rise = after.card.total.score - before.card.total.score
        assert rise == pytest.approx(gain.points)
        checked += 1
        if checked == 25:
            break
    assert checked == 25


def test_first_steps_start_with_the_open_questions() -> None:
    assert "belum satu pun" in first_steps(build_evaluation({}), ())[0]
    answers = answers_at(1.0)
    del answers["A.I.3.i.a"]
    assert first_steps(build_evaluation(answers), ())[0].startswith("Lengkapi 1 pertanyaan")
