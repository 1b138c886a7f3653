"""Problems are collected at their places, errors apart from warnings."""

from __future__ import annotations

from zi_eval.core.problems import Location, Problem, ProblemList, Severity, has_errors
from zi_eval.sheets.grid import cell_problems, row_problems


def test_a_list_of_problems_says_where_each_is() -> None:
    found = ProblemList[int]("unit.yaml", Location)
    found.warning("satu", "yang pertama.", "Periksa.", at=3, key="A.I")
    found.error("dua", "yang kedua.")
    assert found == [
        Problem(
            code="satu", message="yang pertama.", hint="Periksa.", severity=Severity.WARNING,
            file="unit.yaml", line=3, key="A.I",
        ),
        Problem(code="dua", message="yang kedua.", file="unit.yaml"),
    ]  # fmt: skip


def test_only_errors_make_a_file_unusable() -> None:
    found = ProblemList[None]("unit.yaml")
    found.warning("satu", "yang pertama.")
    assert not has_errors(found)
    found.error("dua", "yang kedua.")
    assert has_errors(found)


def test_problems_found_before_come_first_and_keep_their_file() -> None:
    before = Problem(code="nol", message="sebelumnya.", file="lain.yaml")
    found = ProblemList[None]("unit.yaml", found=[before])
    found.error("satu", "sesudahnya.")
    assert [(p.code, p.file) for p in found] == [("nol", "lain.yaml"), ("satu", "unit.yaml")]


def test_a_place_of_a_kind_of_file_may_name_the_key_unless_it_is_given() -> None:
    found = ProblemList[str]("survei.yaml", lambda name: Location(7, key=name))
    found.error("satu", "pesan.", at="unsur")
    found.error("satu", "pesan.", at="unsur", key="U1")
    assert [(p.line, p.key) for p in found] == [(7, "unsur"), (7, "U1")]


def test_a_table_names_the_row_and_a_form_only_the_cell() -> None:
    table, form = row_problems("k.csv", "Kinerja"), cell_problems("lke.xlsx", "LKE ZI")
    table.error("satu", "pesan.", at=(4, 2))
    table.error("satu", "pesan.", at=(4, None))
    form.error("satu", "pesan.", at=(4, 27))
    assert [str(p).partition(": ")[0] for p in (*table, *form)] == [
        "k.csv:5 [Kinerja!C5]",
        "k.csv:5",
        "lke.xlsx [LKE ZI!AB5]",
    ]
