from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import law
from tests.survey.samples import data, responses, survey
from zi_eval.instruments import load_instrument, load_rules
from zi_eval.survey.comments import group_comments
from zi_eval.survey.definitions import load_survey
from zi_eval.survey.quality import DoubtKind
from zi_eval.survey.result import RequiredIndex, SurveyResult
from zi_eval.survey.unit import index_marks
from zi_eval.survey.values import Conversion, Response, SamplingFrame, SurveyData

MIXED = ((4, 3, 4), (3, 2, 4), (4, 3, 3), (2, 3, 4), (4, 4, 4), (3, 3, 4), (4, 2, 4), (3, 3, 3))


def grouped(**sizes: int) -> SurveyResult:
    people = [
        Response(0, (4, 3, 4), service=name) for name, size in sizes.items() for _ in range(size)
    ]
    numbered = tuple(replace(item, row=row) for row, item in enumerate(people, start=2))
    return SurveyResult(SurveyData(survey(), "unit", numbered))


def test_the_published_example_of_skm_comes_out() -> None:
    # The usual worked table: means of nine elements times 1/9, times 25.
    means = (3.0, 2.5, 3.5, 3.0, 2.0, 4.0, 3.0, 3.5, 3.0)
    rows = [tuple(int(m) for m in means), tuple(int(m + 0.5) for m in means)]
    result = SurveyResult(data(survey(9), *rows))
    assert result.index == pytest.approx(sum(means) / 9)
    assert (result.hundred, result.band and result.band.letter) == (76.39, "C")


def test_every_answer_counts_and_doubtful_ones_are_told_beside_it() -> None:
    people = (*responses(*MIXED), Response(20, (4, 3, 4), seconds=1), Response(21, (1, 1, 1)))
    result = SurveyResult(SurveyData(survey(), "unit", people))
    found = {doubt.kind: doubt for doubt in result.doubts}
    assert result.respondents == 10
    assert found[DoubtKind.FAST].rows == (20,)
    assert found[DoubtKind.STRAIGHT].rows == (6, 9, 21)
    # Straight lines alone are no reason to leave anybody out.
    assert result.doubtful == 1
    without_fast = SurveyResult(SurveyData(survey(), "unit", (*people[:8], people[9])))
    assert result.clean_index == found[DoubtKind.FAST].index == without_fast.index
    assert result.index != result.clean_index


def test_rows_without_an_answer_are_no_respondents_and_are_told() -> None:
    result = SurveyResult(data(survey(), *MIXED, (None, None, None)))
    assert (result.respondents, result.empty_rows) == (8, (10,))


def test_missing_answers_stay_missing() -> None:
    result = SurveyResult(data(survey(), (4, None, 4), (2, 3, 4)))
    first, second, _ = result.elements
    assert (first.mean, second.mean, second.missing) == (3.0, 3.0, 1)
    assert second.counts == (0, 0, 1, 0)


def test_an_element_nobody_answered_leaves_the_survey_without_index() -> None:
    result = SurveyResult(data(survey(), *[(4, None, 3)] * 8), (RequiredIndex("WBK", 3.2),))
    assert (result.index, result.hundred, result.band, result.interval) == (None,) * 4
    assert result.chances == ()
    assert len(result.weakest) == 2


def test_marks_of_4_are_laid_on_the_own_scale() -> None:
    rows = [(6, 5, 6), (5, 5, 6), (6, 4, 6), (5, 6, 5), (6, 6, 6), (4, 5, 6), (5, 5, 5)]
    chances = {}
    for conversion in (Conversion.SHARE, Conversion.STRETCH):
        asked = survey(highest=6, conversion=conversion)
        result = SurveyResult(data(asked, *rows), (RequiredIndex("WBBM", 3.6),))
        chances[conversion] = result.chances[0]
        assert result.interval is not None
        assert result.index is not None
        assert result.interval.low <= result.index <= result.interval.high
        other = asked.other_conversion
        assert other is not None
        assert result.other_index == SurveyResult(data(other, *rows)).index
    assert not chances[Conversion.SHARE].is_reached
    assert chances[Conversion.STRETCH].is_reached
    share, stretch = (chances[c].chance for c in (Conversion.SHARE, Conversion.STRETCH))
    assert share is not None
    assert stretch is not None
    assert share < 0.5 < stretch


def test_few_respondents_have_an_index_and_no_interval() -> None:
    result = SurveyResult(data(survey(), *MIXED[:4]), (RequiredIndex("WBK", 3.2),))
    assert result.interval is None
    assert result.chances[0].chance is None
    assert SurveyResult(data(survey(), *MIXED[:5])).interval is not None


def test_the_weakest_stands_first() -> None:
    result = SurveyResult(data(survey(), *MIXED))
    assert [item.element.code for item in result.weakest] == ["U2", "U1", "U3"]


def test_small_groups_stand_together() -> None:
    result = grouped(a=20, b=9, c=3, d=4)
    assert [(g.names, g.respondents) for g in result.groups["layanan"]] == [
        (("a",), 20), (("b",), 9), (("d", "c"), 7),
    ]  # fmt: skip


def test_a_small_group_cannot_be_told_by_taking_the_others_from_the_whole() -> None:
    result = grouped(a=20, b=9, c=3)
    assert [(g.names, g.respondents) for g in result.groups["layanan"]] == [
        (("a",), 20),
        (("b", "c"), 12),
    ]
    assert grouped(a=20, c=3).groups == {}
    assert grouped(a=20).groups == {}
    assert grouped(a=2, b=2).groups == {}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 12), min_size=1))
@law(60)
def test_no_group_shown_is_smaller_than_the_survey_allows(sizes: dict[str, int]) -> None:
    groups = grouped(**sizes).groups.get("layanan", ())
    assert all(group.respondents >= 5 for group in groups)
    assert sum(group.respondents for group in groups) in (0, sum(sizes.values()))


def test_the_share_of_those_asked_is_told_where_it_is_known() -> None:
    frames = {"unit": SamplingFrame(population=40, invited=16)}
    result = SurveyResult(data(survey(frames=frames), *MIXED))
    assert result.response_rate == 0.5
    assert result.sample.minimum == 30
    assert result.sample.krejcie_morgan == 36
    assert SurveyResult(data(survey(), *MIXED)).response_rate is None


def test_comments_are_grouped_by_the_words_of_the_definition() -> None:
    texts = [
        "Antrean lama", "Menunggu dua jam", "Ruang tunggu panas", "Petugas ramah tapi lambat",
        "Sudah baik", "-", "", "Semoga jaya", "ANTREAN LAMA",
    ]  # fmt: skip
    people = [Response(row, (4,) * 9, comment=text) for row, text in enumerate(texts)]
    groups = group_comments(load_survey("skm"), people)
    said = {g.element.code if g.element else "": (g.comments, g.count) for g in groups}
    assert said["U3"] == (
        ("Antrean lama", "Menunggu dua jam", "Petugas ramah tapi lambat", "ANTREAN LAMA"), 4,
    )  # fmt: skip
    assert said["U8"] == (("Ruang tunggu panas",), 1)
    assert said["U7"] == (("Petugas ramah tapi lambat",), 1)
    assert said[""] == (("Semoga jaya",), 1)
    assert groups[-1].element is None


def test_a_comment_written_twice_is_shown_once_and_counted_twice() -> None:
    people = [Response(row, (4,) * 9, comment="Parkir sempit") for row in range(3)]
    (group,) = group_comments(load_survey("skm"), people)
    assert (group.comments, group.count) == (("Parkir sempit",), 3)


def test_the_marks_are_those_of_the_rules() -> None:
    instrument, rules = load_instrument("zi-2021"), load_rules("zi-2021")
    assert index_marks(instrument, rules, "B.I.a") == (RequiredIndex("WBK dan WBBM", 3.6),)
    assert index_marks(instrument, rules, "B.II.a") == (
        RequiredIndex("WBK", 3.2),
        RequiredIndex("WBBM", 3.6),
    )
    for question in ("B.I.b", "A.I.1.i.a", "tidak.ada"):
        assert index_marks(instrument, rules, question) == ()
