from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.builders import AGENCY, make_assessment, write_period
from zi_eval.core.assessment import Answer, Assessment
from zi_eval.instruments import load_instrument
from zi_eval.portal.checklist import Checklist, UnitCheck, check_period
from zi_eval.portal.documents import DocumentStore

LINK = ("https://bukti.example/a.pdf",)


def check(folder: Path, *assessments: Assessment, agency: str = AGENCY) -> Checklist:
    return check_period(write_period(folder, *assessments, agency=agency))


def only(folder: Path, assessment: Assessment) -> UnitCheck:
    (unit,) = check(folder, assessment).units
    return unit


def codes(unit: UnitCheck | Checklist) -> set[str]:
    return {finding.code for finding in unit.findings}


def test_a_unit_that_is_ready_gives_no_finding(tmp_path: Path) -> None:
    found = check(tmp_path, make_assessment("satu"), make_assessment("dua", target="WBBM"))
    assert not found.is_refused
    assert found.findings == ()
    assert [(unit.unit, unit.is_published, unit.findings) for unit in found.units] == [
        ("dua", True, ()),
        ("satu", True, ()),
    ]


REFUSED = {
    "belum-final": make_assessment(final=None),
    "pertanyaan-terbuka": make_assessment(changes={"A.I.1.i.a": None, "A.II.1.i.a": (1.0, None)}),
    "ambang-tidak-tercapai": make_assessment(changes={"B.I.a": 3.59}),
    "ambang-belum-pasti": make_assessment(
        changes={key: None for key in load_instrument().questions if not key.endswith(".a")}
    ),
    "prasyarat-tidak-terpenuhi": make_assessment(facts={"lhkpn": 99.9}),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_would_be_refused_is_said_and_is_not_served(code: str, tmp_path: Path) -> None:
    found = check(tmp_path, REFUSED[code])
    (unit,) = found.units
    assert code in codes(unit)
    assert found.is_refused
    assert not unit.is_published
    assert DocumentStore(tmp_path / "parameters" / "2026").read().answers == {}


def test_an_unknown_prerequisite_of_the_unit_is_named_with_where_to_say_it(
    tmp_path: Path,
) -> None:
    period = write_period(tmp_path)
    path = period / "dinas-uji.yaml"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith("  lhkpn:")))
    (finding,) = check_period(period).units[0].findings
    assert (finding.code, finding.places) == ("prasyarat-belum-diisi", ("lhkpn",))
    assert "syarat.lhkpn" in finding.hint


def test_open_questions_are_all_named(tmp_path: Path) -> None:
    unit = only(tmp_path, REFUSED["pertanyaan-terbuka"])
    (finding,) = [f for f in unit.findings if f.code == "pertanyaan-terbuka"]
    assert finding.places == ("A.I.1.i.a", "A.II.1.i.a")
    assert finding.message == "2 pertanyaan belum dijawab."


def test_a_score_just_below_its_minimum_does_not_read_as_the_minimum(tmp_path: Path) -> None:
    unit = only(tmp_path, make_assessment(changes={"B.I.a": 3.5999}))
    assert "15,7496, minimal 15,75 untuk WBK" in " ".join(f.message for f in unit.findings)


MISSED = {
    "tanpa-jawaban-tpi": {"A.I.1.i.a": Answer(unit="Ya", evidence=LINK)},
    "tanpa-bukti": {"A.I.1.i.a": Answer(unit="Ya", tpi="Ya")},
    "bukti-bukan-tautan": {"A.I.1.i.a": Answer(unit="Ya", tpi="Ya", evidence=("Bukti/sk.pdf",))},
    "dikembalikan": {"A.I.1.i.a": Answer(unit="Ya", tpi="Ya", evidence=LINK, returned="SK?")},
    "masukan-melebihi": {
        "A.II.5.iii.a": Answer(unit=(1.0, 1.0, 1.0, 9.0), tpi=(1.0, 1.0, 1.0, 9.0), evidence=LINK)
    },
    "tanpa-catatan-tpi": {"A.I.1.i.b": Answer(unit="B", tpi="A", evidence=LINK)},
}


@pytest.mark.parametrize("code", MISSED)
def test_what_would_be_missed_is_said_and_holds_nothing_back(code: str, tmp_path: Path) -> None:
    found = check(tmp_path, make_assessment(notes=MISSED[code]))
    (unit,) = found.units
    assert codes(unit) == {code}
    (finding,) = unit.findings
    assert finding.places == tuple(MISSED[code])
    assert (finding.is_refused, found.is_refused, unit.is_published) == (False, False, True)


@pytest.mark.parametrize(
    "text",
    [
        "Bukti/a.pdf", "C:\\a.pdf", "ftp://a.example/b", "javascript:alert(1)", "http://",
        "https:///a", "www.a.example/b", "https://a.example/b c", "http://[::1", "lihat https://a.b",
    ],
)  # fmt: skip
def test_only_http_and_https_with_a_host_are_links(text: str, tmp_path: Path) -> None:
    notes = {"A.I.1.i.a": Answer(unit="Ya", tpi="Ya", evidence=(*LINK, text))}
    assert codes(only(tmp_path, make_assessment(notes=notes))) == {"bukti-bukan-tautan"}


def test_a_broken_unit_file_is_refused_with_its_lines_and_the_others_are_checked(
    tmp_path: Path,
) -> None:
    period = write_period(tmp_path, make_assessment("satu"), make_assessment("dua"))
    path = period / "satu.yaml"
    path.write_text(path.read_text().replace("unit: 4.0", "unit: 4.1", 1) + "\nasing: 1\n")
    found = check_period(period)
    two, one = found.units
    assert (two.unit, two.is_published, two.findings) == ("dua", True, ())
    assert (one.unit, one.is_published) == ("satu", False)
    assert {"jawaban-tidak-sah", "kunci-tidak-dikenal"} <= codes(one)
    assert all(f.message.startswith("baris ") for f in one.findings if f.is_refused)
    assert "di luar skala" in " ".join(f.message for f in one.findings)


@pytest.mark.parametrize(
    ("agency", "code"),
    [
        (AGENCY.replace("  spip: 4\n", ""), "prasyarat-belum-diisi"),
        (AGENCY.replace("spip: 4", "spip: 2"), "prasyarat-tidak-terpenuhi"),
        (AGENCY + "asing: 1\n", "kunci-tidak-dikenal"),
    ],
)
def test_what_the_agency_lacks_is_said_once_and_not_with_each_unit(
    agency: str, code: str, tmp_path: Path
) -> None:
    found = check(tmp_path, make_assessment("satu"), make_assessment("dua"), agency=agency)
    assert [finding.code for finding in found.findings] == [code]
    assert [unit.findings for unit in found.units] == [(), ()]
    assert [unit.is_published for unit in found.units] == [False, False]
    assert found.is_refused


def test_the_agency_is_asked_what_the_targets_of_its_units_need(tmp_path: Path) -> None:
    agency = AGENCY.replace("sakip_instansi: A", "sakip_instansi: B")
    wbk = check(tmp_path / "a", make_assessment("satu"), agency=agency)
    assert not wbk.is_refused
    wbbm = check(tmp_path / "b", make_assessment("satu", target="WBBM"), agency=agency)
    assert codes(wbbm) == {"prasyarat-tidak-terpenuhi"}


def test_a_missing_agency_and_an_empty_period_are_said(tmp_path: Path) -> None:
    period = write_period(tmp_path)
    (period / "instansi.yaml").unlink()
    found = check_period(period)
    assert found.is_refused
    assert {"tanpa-instansi", "prasyarat-belum-diisi"} <= codes(found)
    (period / "dinas-uji.yaml").unlink()
    assert "tanpa-unit" in codes(check_period(period))


def test_a_period_that_is_no_year_is_said(tmp_path: Path) -> None:
    period = write_period(tmp_path)
    found = check_period(period.rename(period.with_name("contoh")))
    assert codes(found) == {"periode-bukan-tahun"}
    assert found.is_refused


@pytest.mark.parametrize(
    ("assessment", "agency", "is_said"),
    [
        (make_assessment(is_affirmative=True), AGENCY, False),
        (make_assessment(is_affirmative=True, target="WBBM"), AGENCY, True),
        (make_assessment(is_affirmative=True), AGENCY.replace("kabupaten\n", "lembaga\n"), True),
    ],
)
def test_afirmasi_is_for_wbk_units_of_local_governments(
    assessment: Assessment, agency: str, is_said: bool, tmp_path: Path
) -> None:
    (unit,) = check(tmp_path, assessment, agency=agency).units
    assert ("afirmasi-tidak-berlaku" in codes(unit)) is is_said
    assert unit.is_published


def test_a_missing_or_shared_name_is_said(tmp_path: Path) -> None:
    found = check(
        tmp_path,
        make_assessment("satu", name="Dinas Kembar"),
        make_assessment("dua", name="dinas kembar"),
        make_assessment("tiga", name="tiga"),
    )
    assert {unit.unit: codes(unit) for unit in found.units} == {
        "satu": {"nama-kembar"},
        "dua": {"nama-kembar"},
        "tiga": {"nama-sama-dengan-id"},
    }
