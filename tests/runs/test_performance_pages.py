"""A plan beside a unit: its pages are made, linked, remade and taken back with it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from zi_eval.cli import main
from zi_eval.runs.batch import UnitResult, run_units
from zi_eval.runs.identity import UnitJob, job_identity
from zi_eval.runs.ledger import State, open_ledger
from zi_eval.runs.pool import Call, Ended, Limits
from zi_eval.runs.status import ReportStanding, read_status

UNITS = ("bapenda", "dinas-perhubungan", "dpmptsp", "kecamatan-merdeka")
PLANNED = ("bapenda", "dinas-perhubungan", "dpmptsp")
ENDINGS = (".kinerja.html", ".kinerja.ipynb", ".lkjip.docx", ".lkjip.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A working folder of four units, three with a plan of which one has an error."""
    folder = tmp_path_factory.mktemp("zi")
    source, target = root / "parameters" / "2026", folder / "parameters" / "2026"
    (target / "kinerja").mkdir(parents=True)
    for name in ("instansi", *UNITS):
        shutil.copy(source / f"{name}.yaml", target)
    for name in PLANNED:
        shutil.copy(source / "kinerja" / f"{name}.csv", target / "kinerja")
    damage(target / "kinerja" / "bapenda.csv")
    return folder


@pytest.fixture(scope="module", autouse=True)
def steady() -> Iterator[None]:
    """Reports at one time, whoever edits the package meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1767250000")
        patch.setattr("zi_eval.runs.batch.environment_hash", lambda: "e")
        yield


def damage(table: Path) -> None:
    """Put a word where a target belongs."""
    head, first, *rest = table.read_text("utf-8-sig").splitlines()
    cells = first.split(";")
    cells[head.split(";").index("target_tw1")] = "banyak"
    table.write_text("\n".join([head, ";".join(cells), *rest]), "utf-8")


def change_owner(table: Path, owner: str) -> None:
    """Change what no other unit is compared with."""
    head, first, *rest = table.read_text("utf-8-sig").splitlines()
    cells = first.split(";")
    cells[head.split(";").index("penanggung_jawab")] = owner
    table.write_text("\n".join([head, ";".join(cells), *rest]), "utf-8")


def pages(folder: Path, unit: str) -> list[str]:
    outputs = folder / "outputs" / "2026"
    return [ending for ending in ENDINGS if (outputs / f"{unit}{ending}").is_file()]


def remade(out: str) -> list[str]:
    return re.findall(r"^\[\d/\d\] (\S+): selesai", out, re.MULTILINE)


def links(page: Path) -> set[str]:
    return set(re.findall(r'href="([^"#:]+)"', page.read_text("utf-8")))


@pytest.mark.kernel
def test_plans_and_their_pages_live_and_go_together(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs, tables = folder / "outputs" / "2026", folder / "parameters" / "2026" / "kinerja"
    outputs.mkdir(parents=True)
    (outputs / "bapenda.lkjip.docx").write_bytes(b"lama")
    (tables / "BAPENDA.csv").write_text("indikator;target;realisasi\n")
    again = ["run", "--folder", str(folder)]

    # Every unit has its report, the readable plans their pages, the broken one a reason.
    main(again)
    out, err = capsys.readouterr()
    assert sorted(remade(out)) == sorted(UNITS)
    for unit in UNITS:
        found = list(ENDINGS) if unit in ("dpmptsp", "dinas-perhubungan") else []
        assert pages(folder, unit) == found
        linked = {name for name in links(outputs / f"{unit}.html") if name.startswith(unit)}
        assert linked == {f"{unit}{e}" for e in found if not e.endswith(".ipynb")}
    back = links(outputs / "dpmptsp.kinerja.html")
    assert back == {"dpmptsp.html", "dpmptsp.lkjip.html", "dpmptsp.lkjip.docx"}
    assert "dpmptsp.kinerja.html" in links(outputs / "index.html")
    assert "Tanpa halaman kinerja: bapenda" in err
    assert "BAPENDA.csv: perhatian: tidak ada unit 'BAPENDA'" in err
    assert re.search(r"bapenda\.csv:2 \[bapenda!I2\]: salah: .*banyak", err)
    report = (outputs / "bapenda.html").read_text("utf-8")
    assert "banyak" in report
    assert "kinerja/bapenda.csv" in report
    assert "Usulan dari data" in (outputs / "dpmptsp.html").read_text("utf-8")
    for name in ("dpmptsp.kinerja.html", "dpmptsp.html", "dpmptsp.lkjip.html"):
        page = (outputs / name).read_text("utf-8")
        assert "widget" not in page
        assert str(folder) not in page
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    first = {path.name: path.read_bytes() for path in outputs.glob("d*.*")}

    # Nothing changed: nothing is made. A plan changed: its unit's pages only.
    main(again)
    out, err = capsys.readouterr()
    assert remade(out) == []
    assert "Tanpa halaman kinerja: bapenda" in err
    original = (tables / "dpmptsp.csv").read_bytes()
    change_owner(tables / "dpmptsp.csv", "Bidang Uji")
    assert standings(folder) == {"dpmptsp": ReportStanding.STALE}
    main(again)
    assert remade(capsys.readouterr().out) == ["dpmptsp"]
    assert "Bidang Uji" in (outputs / "dpmptsp.kinerja.html").read_text("utf-8")

    # A page gone is made again; a plan gone takes its pages with it.
    (outputs / "dinas-perhubungan.lkjip.docx").unlink()
    (tables / "dpmptsp.csv").unlink()
    main(again)
    assert sorted(remade(capsys.readouterr().out)) == ["dinas-perhubungan", "dpmptsp"]
    assert pages(folder, "dpmptsp") == []
    assert not {name for name in links(outputs / "dpmptsp.html") if "kinerja" in name}
    assert "dpmptsp.kinerja.html" not in links(outputs / "index.html")

    # A plan mended makes pages; the same inputs make the same bytes.
    (tables / "dpmptsp.csv").write_bytes(original)
    main(again)
    assert "dpmptsp" in remade(capsys.readouterr().out)
    for name in ("dpmptsp.html", *(f"dpmptsp{e}" for e in ENDINGS if not e.endswith(".ipynb"))):
        assert (outputs / name).read_bytes() == first[name], name


def standings(folder: Path) -> dict[str, ReportStanding]:
    """Return the units that are not simply done."""
    units = read_status(folder, "2026").units
    return {unit.unit: unit.standing for unit in units if unit.standing is not ReportStanding.DONE}


@pytest.mark.kernel
def test_a_teams_performance_notebook_that_fails_is_named_in_the_log(
    folder: Path, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder / "parameters", tmp_path / "parameters")
    (tmp_path / "notebooks").mkdir()
    book = nbformat.read(root / "notebooks" / "kinerja_unit.ipynb", as_version=4)
    book.cells.append(nbformat.v4.new_code_cell("raise RuntimeError('sengaja')", id="salah"))
    nbformat.write(book, tmp_path / "notebooks" / "kinerja_unit.ipynb")
    with pytest.raises(SystemExit) as stop:
        main(["run", "dpmptsp", "--folder", str(tmp_path)])
    assert stop.value.code == 1
    assert "RuntimeError: sengaja" in capsys.readouterr().err
    outputs = tmp_path / "outputs" / "2026"
    assert pages(tmp_path, "dpmptsp") == []
    assert not (outputs / "dpmptsp.html").exists()
    log = (outputs / "dpmptsp.gagal.html").read_text("utf-8")
    assert "notebooks/kinerja_unit.ipynb" in log
    executed = nbformat.read(outputs / "dpmptsp.gagal.ipynb", as_version=4)
    assert any(cell.id == "salah" for cell in executed.cells)


@pytest.fixture
def job(tmp_path: Path) -> UnitJob:
    for name in ("u.yaml", "n.ipynb", "k.ipynb"):
        (tmp_path / name).write_text("{}")
    unit, report, page = tmp_path / "u.yaml", tmp_path / "n.ipynb", tmp_path / "k.ipynb"
    return UnitJob(
        unit, report, (), "tpi", "e", tmp_path, tmp_path, performance_notebook=page, shares=("u",)
    )


def test_a_unit_that_dies_has_no_page_that_passes_for_whole(job: UnitJob, tmp_path: Path) -> None:
    seen: list[UnitResult] = []
    for name in ("u.html", "u.lkjip.docx", "u.kinerja.html"):
        (tmp_path / name).write_text("x")

    def execute(calls: Iterable[Call], limits: Limits) -> Generator[Ended, None, None]:
        (call,) = calls
        yield Ended(call.key, 1.0, stopped="died", exit_code=9)

    with open_ledger(tmp_path) as ledger:
        run_units([job], ledger, execute, seen.append)
    assert [result.state for result in seen] == [State.FAILED]
    assert "mati dua kali (kode 9)" in seen[0].error
    left = [name for name in os.listdir(tmp_path) if name.startswith("u.")]
    assert sorted(left) == ["u.gagal.html", "u.yaml"]


def test_what_a_plan_is_compared_with_changes_the_identity(job: UnitJob, tmp_path: Path) -> None:
    before = job_identity(job)
    assert job_identity(replace(job, shares_hash="1")) != before
    assert job_identity(replace(job, performance_notebook=None)) != before
    assert job_identity(replace(job, plan_trouble="x")) == before
    (tmp_path / "k.ipynb").write_text("{ }")
    assert job_identity(job) != before
