"""The workbook commands: export, fill in place, audit, mend."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.lke.samples import load_book
from tests.sample import copy_sample
from tests.sample import run_command as run


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    return copy_sample(tmp_path, "dpmptsp") / "parameters" / "2026" / "dpmptsp.yaml"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook that most tests begin with, to be copied."""
    folder = tmp_path_factory.mktemp("exported")
    unit = copy_sample(folder, "dpmptsp") / "parameters" / "2026" / "dpmptsp.yaml"
    assert run("export", unit, "-o", folder / "lke.xlsx") == 0
    return folder / "lke.xlsx"


def damage(path: Path, cell: str, value: object) -> None:
    book = load_book(path)
    book["LKE ZI"][cell].value = value
    book.save(path)


def test_an_export_is_written_once_and_is_clean(
    unit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "lke.xlsx"
    assert run("export", unit, "-o", target) == 0
    before = target.read_bytes()
    assert run("export", unit, "-o", target) == 1
    assert "sudah ada" in capsys.readouterr().err
    assert run("export", unit, "-o", target, "--force") == 0
    assert target.read_bytes() == before
    assert run("audit", target) == 0
    assert "tidak ada temuan" in capsys.readouterr().out


def test_a_workbook_is_filled_in_a_copy_and_never_over_itself(
    unit: Path, exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = shutil.copy(exported, tmp_path / "theirs.xlsx")
    damage(theirs, "K8", None)
    before = theirs.read_bytes()
    assert run("export", unit, "--into", theirs) == 0
    assert "LKE ZI!K8" in capsys.readouterr().out
    assert theirs.read_bytes() == before
    copy = load_book(tmp_path / "theirs.terisi.xlsx")
    assert copy["LKE ZI"]["K8"].value == "Ya"
    assert run("export", unit, "--into", theirs, "-o", theirs) == 1
    assert theirs.read_bytes() == before
    assert run("export", unit, "--into", theirs, "-o", tmp_path / "x.xlsm") == 1
    assert run("export", unit) == 2


def test_the_audit_says_cell_content_and_points(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shutil.copy(exported, tmp_path / "lke.xlsx")
    damage(path, "L7", 0.25)
    capsys.readouterr()
    assert run("audit", path, "--json") == 1
    (audit,) = json.loads(capsys.readouterr().out)
    (finding,) = audit["temuan"]
    assert (finding["kode"], finding["sel"]) == ("rumus-diganti-angka", "L7")
    assert finding["poin"] == pytest.approx(finding["selisih_sel"])
    assert run("audit", path) == 1
    assert "LKE ZI!L7 A.I.1.i [rumus-diganti-angka]" in capsys.readouterr().out


def test_a_folder_is_one_table_worst_first_with_the_unreadable_as_a_row(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "kiriman"
    folder.mkdir()
    shutil.copy(exported, folder / "bersih.xlsx")
    shutil.copy(folder / "bersih.xlsx", folder / "rusak.xlsx")
    damage(folder / "rusak.xlsx", "L208", 99)
    (folder / "bukan.xlsx").write_text("<script>alert(1)</script>", encoding="utf-8")
    (folder / "~$bersih.xlsx").write_bytes(b"lock")
    page = tmp_path / "audit.html"
    capsys.readouterr()
    assert run("audit", folder, "--html", page) == 1
    lines = capsys.readouterr().out.splitlines()
    order = [next(n for n in ("bukan", "rusak", "bersih") if n in line) for line in lines[1:4]]
    assert order == ["bukan", "rusak", "bersih"]
    html = page.read_text(encoding="utf-8")
    assert "2 dari 3 buku kerja" in html
    assert "LKE ZI!L208" in html
    assert "<script" not in html


def test_texts_of_a_workbook_are_escaped_in_the_page(exported: Path, tmp_path: Path) -> None:
    path = shutil.copy(exported, tmp_path / "lke.xlsx")
    page = tmp_path / "audit.html"
    damage(path, "K8", "<img src=x onerror=alert(1)>")
    assert run("audit", path, "--html", page) == 1
    html = page.read_text(encoding="utf-8")
    assert "&lt;img src=x" in html
    assert "<img" not in html


def test_fix_writes_a_mended_copy_and_lists_what_it_did(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shutil.copy(exported, tmp_path / "lke.xlsx")
    fixed = tmp_path / "fixed.xlsx"
    damage(path, "H7", 2)
    before = path.read_bytes()
    capsys.readouterr()
    assert run("audit", path, "--fix", "-o", fixed) == 0
    out = capsys.readouterr().out
    assert "LKE ZI!H7 A.I.1.i: 2 → 0,5" in out
    assert "1 sel diperbaiki" in out
    assert path.read_bytes() == before
    assert run("audit", fixed) == 0
    assert run("audit", path, "--fix") == 2
    assert run("audit", path, "--fix", "-o", path) == 1


def test_an_empty_folder_and_a_missing_file_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("audit", tmp_path) == 1
    assert run("audit", tmp_path / "tidak-ada.xlsx") == 1
    err = capsys.readouterr().err
    assert "Tidak ada buku kerja" in err
    assert "tidak ditemukan" in err.casefold()


def test_an_import_takes_a_zip_and_tells_of_every_file(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with zipfile.ZipFile(tmp_path / "semua.zip", "w") as archive:
        archive.write(exported, "LKE Satu.xlsx")
        archive.writestr("LKE Dua.xlsx", b"%PDF-1.7")
    capsys.readouterr()

    assert run("import", tmp_path / "semua.zip", "-o", tmp_path / "hasil") == 1

    told = capsys.readouterr()
    assert "satu.yaml: 113 dari 113 pertanyaan terjawab" in told.out
    assert "1 unit diambil dari semua.zip, 1 tidak" in told.out
    assert "LKE Dua.xlsx: tidak diambil." in told.err
    assert [path.name for path in (tmp_path / "hasil").iterdir()] == ["satu.yaml"]


def test_an_import_is_told_which_sheet_and_which_columns(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "hasil.yaml"
    asked = ("import", exported, "--unit", "hasil", "-o", target)

    assert run(*asked, "--sheet", "Rekap") == 1
    assert "yang ada:" in capsys.readouterr().err
    assert run(*asked, "--columns", "nilai=K") == 2
    assert "tpi=N,catatan_tpi=Q" in capsys.readouterr().err
    assert not target.exists()
    assert run(*asked, "--sheet", "lke zi", "--columns", "jawaban=K") == 0
    assert "keterangan." in capsys.readouterr().out
