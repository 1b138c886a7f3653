from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lke.builder import build
from zi_eval.cli.commands import cli, main
from zi_eval.core.assessment import Answer
from zi_eval.core.instrument import Instrument
from zi_eval.instruments import load_workbook_layouts

UNIT = """\
id: dinas-uji
nama: Dinas Uji
instrumen: zi-2021
target: WBK
jawaban:
  A.I.1.i.a: Ya
  A.I.1.i.b: B
  B.I.b: A
"""


@pytest.fixture
def unit_file(tmp_path: Path) -> Path:
    path = tmp_path / "parameters" / "2026" / "dinas-uji.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(UNIT)
    return path


def exit_code(*arguments: str) -> int:
    try:
        main(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from zi_eval.cli import main; main(['--help']);"
        "heavy = {'numpy', 'pandas', 'pydantic', 'papermill', 'yaml', 'matplotlib', 'nbconvert'};"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_a_score_imports_only_what_it_computes_with(unit_file: Path, root: Path) -> None:
    full = root / "parameters" / "2026" / "dpmptsp.yaml"
    code = (
        "import sys; from zi_eval.cli.commands import cli;"
        "score = lambda file: cli.main(['score', file], standalone_mode=False);"
        f"score({str(unit_file)!r}); bare = {{'numpy'}} & set(sys.modules);"
        f"score({str(full)!r});"
        "heavy = {'scipy', 'pandas', 'jinja2', 'matplotlib', 'numpy.ma', 'zi_eval.report.tables'};"
        "sys.exit(', '.join(bare | heavy & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout.count("Nilai total")) == (0, 6), done.stderr


@pytest.mark.parametrize("name", [None, *cli.commands])
def test_help_is_indonesian_and_has_examples(
    name: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(*([name] if name else []), "--help") == 0
    text = capsys.readouterr().out
    assert "Pemakaian:" in text
    assert "Contoh:" in text
    assert not re.search(r"Usage|Options|Commands|Show this message", text)


def test_score_prints_json_with_the_ids_of_the_instrument(
    unit_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("score", str(unit_file), "--stage", "unit", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["unit"], data["instrument"], data["stage"]) == ("dinas-uji", "zi-2021", "unit")
    assert data["complete"] is False
    assert data["nodes"]["A.I.1.i"] == {
        "score": 0.375,
        "floor": 0.375,
        "weight": 0.5,
        "answered": 2,
        "questions": 2,
    }
    assert data["nodes"]["A.I.1.i.b"]["score"] == 0.5
    assert data["nodes"]["B.I.b"]["score"] == 5.0
    assert data["nodes"]["B.I.a"]["score"] is None
    assert data["total"] == data["floor"] == 5.375
    wbk = data["verdicts"]["WBK"]
    assert wbk["status"] == "unknown"
    assert {"id": "total", "need": 75, "got": 5.375, "met": False}.items() <= wbk["rules"][
        0
    ].items()
    assert len(wbk["missing"]["questions"]) == 110
    assert {p["status"] for p in wbk["prerequisites"]} == {"unknown"}


def test_score_explains_a_figure(unit_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("score", str(unit_file), "--trace", "A.I.1.i") == 0
    text = capsys.readouterr().out
    assert "0,375" in text
    assert "A.I.1.i.b" in text
    assert exit_code("score", str(unit_file), "--trace", "A.I.9") == 1


def test_score_of_a_broken_file_names_its_problems_and_exits_1(
    unit_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unit_file.write_text(UNIT.replace("A.I.1.i.b: B", "A.I.1.i.b: F"))
    assert exit_code("score", str(unit_file), "--json") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{unit_file}:7: salah: A.I.1.i.b" in err


def test_check_reports_all_files_and_exits_nonzero(
    unit_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("check", "--folder", str(tmp_path)) == 0
    (unit_file.parent / "lain.yaml").write_text("id: lain\nnamaa: x\n")
    (unit_file.parent / "instansi.yaml").write_text("nama: X\njenis: desa\naturan: tidak-ada\n")
    assert exit_code("check", "--folder", str(tmp_path)) == 1
    out = capsys.readouterr().out
    assert "lain.yaml:2: salah: kunci 'namaa'" in out
    assert "instansi.yaml:2: salah: jenis 'desa'" in out
    assert "instansi.yaml:3" in out
    assert exit_code("check", str(unit_file.with_name("hilang.yaml"))) == 1


def test_wrong_command_lines_get_an_indonesian_sentence_and_exit_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code("scor") == 2
    assert exit_code("score", "--jsn", "x") == 2
    assert exit_code("import", "x", "--unit") == 2
    err = capsys.readouterr().err
    assert err.count("Salah:") == 3
    assert "--json" in err


def test_import_refuses_what_is_no_workbook_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "LKE.xlsx"
    wrong.write_bytes(b"bukan xlsx")
    code = exit_code("import", str(wrong), "--unit", "dinas-uji", "--folder", str(tmp_path))
    assert code == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["LKE.xlsx"]


def test_import_never_overwrites_without_force(unit_file: Path, tmp_path: Path) -> None:
    before = unit_file.read_bytes()
    assert exit_code("import", "LKE.xlsx", "--unit", "dinas-uji", "--folder", str(tmp_path)) == 1
    assert unit_file.read_bytes() == before


def test_init_writes_a_folder_that_checks_clean_and_overwrites_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "zi"
    assert exit_code("init", str(folder)) == 0
    assert (folder / "notebooks" / "laporan_unit.ipynb").is_file()
    assert (folder / "parameters" / "2026" / "instansi.yaml").is_file()
    assert exit_code("check", "--folder", str(folder)) == 0
    contoh = folder / "parameters" / "contoh"
    assert {path.suffix for path in (contoh / "kinerja").iterdir()} == {".csv", ".xlsx"}
    assert exit_code("kinerja", "check", "--folder", str(folder), "--period", "contoh") == 0
    capsys.readouterr()
    assert exit_code("init", str(folder)) == 1
    assert "sudah ada" in capsys.readouterr().err


def test_instruments_lists_questions_with_their_options(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code("instruments", "--questions") == 0
    out = capsys.readouterr().out
    assert "113 pertanyaan" in out
    assert "A.II.6.ii.a" in out


def test_run_without_units_or_period_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("run", "--folder", str(tmp_path)) == 1
    assert "zi-eval init" in capsys.readouterr().err
    (tmp_path / "parameters" / "2026").mkdir(parents=True)
    assert exit_code("run", "--folder", str(tmp_path)) == 1
    assert "zi-eval import" in capsys.readouterr().err


def test_lab_passes_its_options_on_to_jupyterlab(tmp_path: Path) -> None:
    (tmp_path / "parameters").mkdir()
    assert exit_code("lab", "--folder", str(tmp_path), "--", "--version") == 0
    assert exit_code("lab", "--folder", str(tmp_path / "hilang")) == 1


@pytest.mark.parametrize("layout", [0, 1], ids=["lke-2021", "jawaban-2024"])
def test_an_imported_workbook_scores_as_its_answers_do(
    layout: int, tmp_path: Path, instrument: Instrument, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {
        "A.I.1.i.a": Answer("Ya", "Tidak" if layout else None, "=1+1", "", ("Bukti/sk.pdf",)),
        "A.II.5.iii.a": Answer((1, 3, 0, 4)),
        "B.I.a": Answer(3.62),
    }
    made = build(
        instrument, load_workbook_layouts("zi-2021")[layout], answers, has_tpi=bool(layout)
    )
    workbook = tmp_path / "LKE.xlsx"
    made.book.save(workbook)
    arguments = ["import", str(workbook), "--unit", "dinas-uji", "--folder", str(tmp_path)]
    assert exit_code(*arguments) == 0
    assert "3 dari 113 pertanyaan terjawab" in capsys.readouterr().out
    unit = tmp_path / "parameters" / "2026" / "dinas-uji.yaml"
    assert exit_code("check", str(unit)) == 0
    capsys.readouterr()
    assert exit_code("score", str(unit), "--json") == 0
    nodes = json.loads(capsys.readouterr().out)["nodes"]
    assert nodes["A.I.1.i"]["score"] == (0.0 if layout else 0.5)
    assert nodes["A.II.5.iii"]["score"] == 2.0
    assert nodes["B.I.a"]["score"] == pytest.approx(3.62 / 4 * 17.5)
