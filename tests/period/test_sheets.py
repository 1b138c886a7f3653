"""Which sheet of a workbook of performance or of a survey is read, as the agency file says."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from tests.sample import copy_sample
from zi_eval.checking import check_files
from zi_eval.performance.form.store import PerformanceStore
from zi_eval.performance.load import read_plans
from zi_eval.survey.load import read_surveys


def as_workbook(table: Path, *names: str) -> Path:
    """Put a table into a workbook under the first name; other sheets lack its last row."""
    with table.open(encoding="utf-8-sig", newline="") as stream:
        text = stream.read()
    rows = list(csv.reader(text.splitlines(), delimiter=";" if ";" in text.split("\n")[0] else ","))
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in names:
        sheet = book.create_sheet(name)
        for row in rows if name == names[0] else rows[:-1]:
            sheet.append(row)
    table.unlink()
    path = table.with_suffix(".xlsx")
    book.save(path)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return copy_sample(tmp_path) / "parameters" / "2026"


def say(home: Path, text: str) -> None:
    file = home / "instansi.yaml"
    file.write_text(f"{file.read_text('utf-8')}\nlembar: {text}\n", "utf-8")


def test_the_sheet_that_the_agency_file_names_is_read_and_filled_in(home: Path) -> None:
    (table,) = (home / "kinerja").glob("dpmptsp.*")
    as_workbook(table, "PK 2024", "PK 2025")
    refused = read_plans(home)
    assert "'lembar' di instansi.yaml" in str(refused.problems["dpmptsp"][0])
    say(home, "{kinerja/dpmptsp.xlsx: PK 2025}")
    shorter = read_plans(home).standings["dpmptsp"].plan
    store = PerformanceStore.open(home, "dpmptsp")
    assert store.plan.indicators == shorter.indicators
    (home / "instansi.yaml").write_text(
        (home / "instansi.yaml").read_text("utf-8").replace("PK 2025}", "PK 2024}"), "utf-8"
    )
    whole = read_plans(home).standings["dpmptsp"].plan
    assert len(whole.indicators) == len(shorter.indicators) + 1


def test_the_sheet_of_a_survey_is_named_alike(home: Path) -> None:
    as_workbook(home / "survei" / "dpmptsp.ipak.csv", "Jawaban", "Salinan")
    say(home, "{survei/dpmptsp.ipak.xlsx: Salinan}")
    (copied,) = (r for r in read_surveys(home, "dpmptsp").results if r.data.survey.id == "ipak")
    text = (home / "instansi.yaml").read_text("utf-8")
    (home / "instansi.yaml").write_text(text.replace("Salinan}", "Jawaban}"), "utf-8")
    (whole,) = (r for r in read_surveys(home, "dpmptsp").results if r.data.survey.id == "ipak")
    assert len(whole.data.responses) == len(copied.data.responses) + 1


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(home: Path) -> None:
    as_workbook(home / "survei" / "dpmptsp.ipak.csv", "Jawaban", "Salinan")
    say(home, "{survei/dpmptsp.ipak.xlsx: Jawabn}")
    (problem, *_) = read_surveys(home, "dpmptsp").problems
    assert "tidak memuat lembar 'Jawabn'" in problem.message
    assert "Jawaban, Salinan" in problem.message


def test_the_part_of_sheets_is_checked(home: Path) -> None:
    say(home, "PK 2026")
    codes = [problem.code for problem in check_files([home / "instansi.yaml"])]
    assert "bentuk-salah" in codes
