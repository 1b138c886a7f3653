"""The recap's section on kawasan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.pages.agency.kawasan import kawasan_rows, kawasan_section
from zi_eval.pages.agency.published import Published
from zi_eval.pages.agency.recap import Recap
from zi_eval.period.evaluations import load_agency_evaluation

FOLDER = Path(__file__).parents[3] / "parameters" / "2026"


@pytest.fixture(scope="module")
def agency() -> AgencyEvaluation:
    return load_agency_evaluation(FOLDER)


def test_a_kawasan_names_what_it_waits_for(agency: AgencyEvaluation) -> None:
    wbk, wbbm = kawasan_rows(Recap(agency))
    assert (wbk["predikat"], wbk["hasil"]) == ("WBK", "belum memenuhi")
    assert wbk["menunggu"] == "Dinas Kependudukan dan Pencatatan Sipil"
    assert wbbm["menunggu"].startswith("Dinas Penanaman Modal")
    assert wbbm["menunggu"].endswith(
        "Nilai integrasi proses kawasan: diminta 7,5, sekarang 7,1; "
        "Kawasan sudah berpredikat WBK: diminta ya, sekarang tidak"
    )


def test_only_units_whose_report_is_there_are_linked(agency: AgencyEvaluation) -> None:
    html = str(kawasan_section(Recap(agency, published=Published(frozenset({"dpmptsp"})))).html)
    assert html.count("<a href=") == 1
    assert '<a href="dpmptsp.html">' in html


def test_names_from_the_file_are_escaped(agency: AgencyEvaluation) -> None:
    (site,) = agency.agency.kawasan
    hostile = replace(agency.agency, kawasan=(replace(site, name="<script>x</script>"),))
    html = str(kawasan_section(Recap(replace(agency, agency=hostile))).html)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_an_agency_without_a_kawasan_has_no_section(agency: AgencyEvaluation) -> None:
    bare = replace(agency, agency=replace(agency.agency, kawasan=()))
    assert str(kawasan_section(Recap(bare)).html) == ""
    assert kawasan_rows(Recap(bare)) == []
