"""What stands beside a unit's answers: read from the folder, or as a run hands it on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zi_eval.core.problems import Severity
from zi_eval.pages.unit.load import load_unit_data, read_peer_texts, unit_tables
from zi_eval.performance.load import load_performance

UNITS = ("dpmptsp", "dinas-dukcapil", "dinas-perhubungan")


@pytest.fixture
def period(tmp_path: Path, root: Path) -> Path:
    source, target = root / "parameters" / "2026", tmp_path / "parameters" / "2026"
    (target / "kinerja").mkdir(parents=True)
    for name in ("instansi", *UNITS, "kecamatan-merdeka"):
        shutil.copy(source / f"{name}.yaml", target)
    for name in UNITS:
        shutil.copy(source / "kinerja" / f"{name}.csv", target / "kinerja")
    return target


def damage(table: Path) -> None:
    """Put a word where a target belongs: an error with a cell."""
    head, first, *rest = table.read_text("utf-8-sig").splitlines()
    place = head.split(";").index("target_tw1")
    cells = first.split(";")
    cells[place] = "banyak"
    table.write_text("\n".join([head, ";".join(cells), *rest]), "utf-8")


def test_what_a_run_hands_on_gives_the_same_as_the_folder(period: Path) -> None:
    texts = read_peer_texts(period)
    assert set(texts.peers) == set(UNITS)
    assert texts.trouble == {}
    for unit in UNITS:
        handed = load_performance(period, unit, peers=texts.peers[unit])
        assert handed == load_performance(period, unit)


def test_a_unit_with_peers_reads_no_table_of_another(period: Path) -> None:
    text = read_peer_texts(period).peers["dpmptsp"]
    whole = load_unit_data(period / "dpmptsp.yaml")
    for other in ("dinas-dukcapil", "dinas-perhubungan"):
        (period / "kinerja" / f"{other}.csv").unlink()
    handed = load_unit_data(period / "dpmptsp.yaml", text)
    assert handed.performance == whole.performance
    assert handed.proposals == whole.proposals
    assert (whole.has_pages, handed.has_pages) == (False, True)


def test_a_broken_table_stops_nobody_and_is_told_with_its_cell(period: Path) -> None:
    damage(period / "kinerja" / "dinas-dukcapil.csv")
    texts = read_peer_texts(period)
    assert set(texts.peers) == {"dpmptsp", "dinas-perhubungan"}
    assert "dinas-dukcapil.csv" in texts.trouble["dinas-dukcapil"]
    assert "[" in texts.trouble["dinas-dukcapil"]
    assert load_unit_data(period / "dpmptsp.yaml").problems == ()
    own = load_unit_data(period / "dinas-dukcapil.yaml")
    assert own.performance is None
    assert own.proposals == ()
    assert all(problem.severity is Severity.WARNING for problem in own.problems)
    assert any(problem.cell and "banyak" in problem.message for problem in own.problems)


def test_proposals_name_their_table_and_follow_the_instrument(period: Path) -> None:
    proposals = load_unit_data(period / "dpmptsp.yaml").proposals
    assert {proposal.source for proposal in proposals} == {"kinerja/dpmptsp.csv"}
    questions = [proposal.question for proposal in proposals]
    assert {"B.I.b", "A.II.4.i.a", "A.I.4.i.c"} <= set(questions)
    assert questions == sorted(questions)
    assert all(proposal.reasons for proposal in proposals)


def test_nothing_is_proposed_for_questions_of_another_instrument(
    tmp_path: Path, root: Path
) -> None:
    period = tmp_path / "2026-akip"
    shutil.copytree(root / "parameters" / "2026-akip", period)
    (period / "kinerja").mkdir()
    unit = next(path for path in sorted(period.glob("*.yaml")) if path.stem != "instansi")
    table = root / "parameters" / "2026" / "kinerja" / "dpmptsp.csv"
    shutil.copy(table, period / "kinerja" / f"{unit.stem}.csv")
    data = load_unit_data(unit)
    assert data.performance is not None
    assert data.proposals == ()


def test_a_folder_without_a_year_leaves_the_answers_alone(period: Path) -> None:
    other = period.rename(period.with_name("coba"))
    agency = other / "instansi.yaml"
    lines = agency.read_text("utf-8").splitlines()
    agency.write_text("\n".join(x for x in lines if not x.startswith("tahun:")), "utf-8")
    texts = read_peer_texts(other)
    assert texts.peers == {}
    assert set(texts.trouble) == set(UNITS)
    assert "tidak memuat tahun" in texts.trouble["dpmptsp"]
    assert "tidak memuat tahun" in load_unit_data(other / "dpmptsp.yaml").problems[0].message


def test_a_unit_without_data_has_none(period: Path) -> None:
    data = load_unit_data(period / "kecamatan-merdeka.yaml")
    assert (data.performance, data.surveys, data.proposals, data.problems) == (None, None, (), ())


def test_every_file_a_unit_depends_on_is_named_also_one_that_cannot_be_read(period: Path) -> None:
    (period / "kinerja" / "dpmptsp.pdf").write_bytes(b"%PDF")
    (period / "kinerja" / "~$dpmptsp.csv").write_bytes(b"x")
    (period / "survei").mkdir()
    for name in ("dpmptsp.ipak.csv", "ipak.yaml"):
        (period / "survei" / name).write_text("x")
    names = {unit: [file.name for file in files] for unit, files in unit_tables(period).items()}
    assert names["dpmptsp"] == ["dpmptsp.csv", "dpmptsp.pdf", "dpmptsp.ipak.csv", "ipak.yaml"]
    assert names["dinas-dukcapil"] == ["dinas-dukcapil.csv"]
    assert "kecamatan-merdeka" not in names
