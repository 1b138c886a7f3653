"""The objection to a failed administrative selection, and the share of units with a predicate."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from tests.sample import copy_sample, run_command
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.proposal.checklist import check_agency
from zi_eval.proposal.load import load_proposal
from zi_eval.proposal.objection import write_objection
from zi_eval.proposal.values import Fit

HEAD = "unit;tahap;keputusan;tanggal;kondisi\n"
FAILED = "dpmptsp;seleksi administrasi;tidak lulus;18/07/2026;Tautan LKE meminta izin.\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = copy_sample(tmp_path, "dpmptsp") / "parameters" / "2026"
    (home / "tpn").mkdir()
    return home


def decide(home: Path, rows: str) -> None:
    (home / "tpn" / "keputusan.csv").write_text(HEAD + rows, encoding="utf-8")


def test_letter_states_the_decision_and_what_contradicts_it(home: Path, tmp_path: Path) -> None:
    decide(home, FAILED)
    made = write_objection(home, "dpmptsp", tmp_path)
    body = docx.Document(io.BytesIO(made.path.read_bytes())).element.body
    text = " ".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))
    for said in ("18/07/2026", "Tautan LKE meminta izin.", "Ambang: Nilai total", "lke-dpmptsp",
                 "[Isi: pokok sanggahan dan buktinya]"):  # fmt: skip
        assert said in text
    assert "{{" not in text
    assert "belum dicoba dibuka" not in text  # no argument
    assert made.against
    assert not any(check.why in text for check in made.against)
    with pytest.raises(WorkspaceError, match="sudah ada"):
        write_objection(home, "dpmptsp", tmp_path)


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "dpmptsp;seleksi administrasi;lulus;;\n",
        f"{FAILED}dpmptsp;sanggah;tidak lulus;25/07/2026;\n",
    ],
)
def test_only_a_failed_selection_is_objected_and_once(
    home: Path, tmp_path: Path, rows: str
) -> None:
    decide(home, rows)
    with pytest.raises(ZiEvalError, match="satu kali"):
        write_objection(home, "dpmptsp", tmp_path)


def test_the_command_says_what_speaks_against_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(home, FAILED)
    assert run_command("tpn", "objection", "dpmptsp", "--folder", home.parent.parent) == 0
    said = capsys.readouterr()
    assert "dpmptsp.sanggah.docx" in said.out
    assert "Evaluasi TPI belum dinyatakan final" in said.err


def test_more_than_thirty_percent_of_the_units_with_a_predicate_does_not_fit(home: Path) -> None:
    proposal = load_proposal(home)
    (item,) = proposal.agency.evaluations

    def holder(holds: bool) -> object:
        facts = {**item.assessment.facts, "memegang_wbk": holds}
        return replace(item, assessment=replace(item.assessment, facts=facts))

    def fit(*holding: bool) -> Fit:
        checks = check_agency(proposal.details, (), {}, [holder(h) for h in holding])  # type: ignore[misc]
        return next(check.fit for check in checks if check.title == "Pemegang predikat")

    assert fit(*[True] * 3, *[False] * 7) is Fit.FITS
    assert fit(*[True] * 4, *[False] * 6) is Fit.MISFITS
