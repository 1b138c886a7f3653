"""The wording command, and everything that shows a period's own wording."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.lke.samples import load_book
from tests.lke.test_wording import CHOICE, add_option, workbook
from tests.sample import copy_sample
from tests.sample import run_command as run
from zi_eval.case import load_case
from zi_eval.core.assessment import Stage
from zi_eval.instruments import load_instrument
from zi_eval.pages.unit.sections import unit_report
from zi_eval.period.evaluations import load_agency_evaluation, load_evaluation
from zi_eval.period.reading import Period
from zi_eval.report.made import Made
from zi_eval.runs.batch import plan_recap, plan_units
from zi_eval.runs.identity import job_identity

OWN = load_instrument("zi-2021").questions[CHOICE].text
SENTENCE = "Dengan ini dinyatakan bahwa "
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_sample(tmp_path, "dpmptsp", notebooks=True) / "parameters" / "2026"


@pytest.fixture
def lke(tmp_path: Path) -> Path:
    return workbook().save(tmp_path)


def take(folder: Path, lke: Path, *options: str) -> int:
    return run("wording", lke, "--folder", folder.parent.parent, *options)


def test_the_wording_is_written_once_and_the_period_shows_it(
    folder: Path, lke: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(folder, lke) == 0
    assert "113 pertanyaan" in capsys.readouterr().out
    made = (folder / "kalimat.yaml").read_bytes()
    assert take(folder, lke) == 1
    assert "sudah ada" in capsys.readouterr().err
    assert take(folder, lke, "--force") == 0
    assert (folder / "kalimat.yaml").read_bytes() == made
    assert run("check", folder / "kalimat.yaml") == 0
    capsys.readouterr()
    assert run("score", folder / "dpmptsp.yaml", "--trace", CHOICE) == 0
    assert SENTENCE in capsys.readouterr().out


def test_the_file_carries_the_day_of_the_run(
    folder: Path, lke: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767600000")
    assert take(folder, lke) == 0
    assert 'date: "2026-01-05"' in (folder / "kalimat.yaml").read_text(encoding="utf-8")


def test_another_workbook_is_refused_with_its_differences_and_nothing_is_written(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = workbook()
    add_option(made)
    made.sheet.cell(made.rows["B.I.a"], 10).value = "A/B/C"
    assert take(folder, made.save(tmp_path, "lain.xlsx")) == 1
    said = capsys.readouterr().err
    assert f"{CHOICE}: di buku kerja ada 4 pilihan" in said
    assert "B.I.a: tipe jawabannya 'A/B/C'" in said
    assert not (folder / "kalimat.yaml").exists()


def test_the_file_is_no_unit_and_no_unit_can_have_its_name(
    folder: Path, lke: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(folder, lke) == 0
    assert list(Period.read(folder).unit_files) == ["dpmptsp"]
    made = (folder / "kalimat.yaml").read_bytes()
    root = folder.parent.parent
    assert run("import", lke, "--unit", "kalimat", "--folder", root, "--force") == 2
    assert "bukan nama berkas zi-eval sendiri" in capsys.readouterr().err
    assert (folder / "kalimat.yaml").read_bytes() == made


def test_scores_and_verdicts_are_those_without_it(folder: Path, lke: Path) -> None:
    before = load_evaluation(folder / "dpmptsp.yaml")
    assert take(folder, lke) == 0
    after = load_evaluation(folder / "dpmptsp.yaml")
    assert after.instrument.questions[CHOICE].text != before.instrument.questions[CHOICE].text
    assert after.card == before.card
    assert after.verdicts == before.verdicts
    assert (after.instrument.hash, after.rules.hash) == (before.instrument.hash, before.rules.hash)


def test_the_recap_of_an_empty_period_has_it_too(folder: Path, lke: Path) -> None:
    assert take(folder, lke) == 0
    (folder / "dpmptsp.yaml").unlink()
    assert load_agency_evaluation(folder).instrument.questions[CHOICE].text.startswith(SENTENCE)


def test_a_file_that_does_not_fit_stops_the_period_and_is_named_by_check(
    folder: Path, lke: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(folder, lke) == 0
    path = folder / "kalimat.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("A.I.1.i.b:", "A.I.1.i.bb:"), encoding="utf-8")
    assert run("score", folder / "dpmptsp.yaml") == 1
    assert "A.I.1.i.bb" in capsys.readouterr().err
    assert run("check", "--folder", folder.parent.parent) == 1
    said = capsys.readouterr()
    line = text.splitlines().index("  A.I.1.i.b:") + 1
    assert f"kalimat.yaml:{line}: salah: A.I.1.i.bb" in said.out
    assert said.out.count("A.I.1.i.bb") == 1
    assert "3 berkas diperiksa: 2 salah" in said.err


@pytest.mark.parametrize("what", ["change", "remove"])
def test_the_identity_of_a_report_and_of_the_recap_counts_it(
    folder: Path, lke: Path, what: str
) -> None:
    assert take(folder, lke) == 0
    root = folder.parent.parent

    def identities() -> tuple[str, str]:
        period = Period.read(folder)
        (job,) = plan_units(root, period, ["dpmptsp"], Stage.TPI, root / "outputs")
        recap = plan_recap(root, period, Stage.TPI, root / "outputs")
        return job_identity(job), job_identity(recap)

    before = identities()
    assert identities() == before
    path = folder / "kalimat.yaml"
    if what == "remove":
        path.unlink()
    else:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(SENTENCE, "Kini ", 1), encoding="utf-8")
    after = identities()
    assert after[0] != before[0]
    assert after[1] != before[1]


def test_a_report_shows_it_escaped_and_says_where_it_comes_from(folder: Path, lke: Path) -> None:
    os.replace(lke, lke.with_name("<b>LKE.xlsx"))
    assert take(folder, lke.with_name("<b>LKE.xlsx")) == 0
    path = folder / "kalimat.yaml"
    text = path.read_text(encoding="utf-8")
    changed = text.replace(f'text: "{SENTENCE}', f'text: "{SCRIPT} {SENTENCE}')
    changed = changed.replace('"A": "Apabila', f'"A": "{SCRIPT} Apabila')
    path.write_text(changed, encoding="utf-8")
    report = unit_report(load_case(folder / "dpmptsp.yaml"), Made.now())
    answers = report.answers().html
    shown = "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert answers.count(f"<strong>{shown} {SENTENCE}") == 113
    assert f"{shown} Apabila" in answers
    every = (report.opening(), report.results(), report.improvements(), report.differences())
    assert all(SCRIPT not in str(section.html) for section in (*every, report.answers()))
    origin = report.origin().html
    assert "dari berkas tim sendiri" in origin
    assert "&lt;b&gt;LKE.xlsx (" in origin
    assert Period.read(folder).load_instrument("zi-2021").wording_hash in origin


def test_without_the_file_the_origin_says_nothing_of_it(folder: Path) -> None:
    report = unit_report(load_case(folder / "dpmptsp.yaml"), Made.now())
    assert "berkas tim sendiri" not in report.origin().html
    assert OWN in report.answers().html


def test_a_workbook_is_exported_with_it(folder: Path, lke: Path, tmp_path: Path) -> None:
    assert take(folder, lke) == 0
    target = tmp_path / "hasil.xlsx"
    assert run("export", folder / "dpmptsp.yaml", "-o", target) == 0
    sheet = load_book(target)["LKE ZI"]
    texts = {cell.value for row in sheet.iter_rows(min_row=4) for cell in row}
    assert sum(str(text).startswith(SENTENCE) for text in texts) >= 100
    assert OWN not in texts
    assert run("audit", target) == 0
