"""What a run computes once of a period and hands on, and what each unit depends on."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

from zi_eval.case import load_case
from zi_eval.core.assessment import Stage
from zi_eval.performance.load import load_performance
from zi_eval.period.reading import Period
from zi_eval.period.share import COMMON, share_file
from zi_eval.runs.batch import plan_units
from zi_eval.runs.identity import UnitJob, job_identity
from zi_eval.runs.shares import Shares, compute_shares, is_handed_on, unit_tables

from ..case.test_unit import UNITS, damage, period  # noqa: F401


def jobs(folder: Path) -> dict[str, UnitJob]:
    root = folder.parent.parent
    planned = plan_units(root, Period(folder), UNITS, Stage.TPI, root / "outputs" / "2026")
    return {job.unit: job for job in planned}


def test_what_a_run_hands_on_gives_the_same_as_the_folder(period: Path, tmp_path: Path) -> None:  # noqa: F811
    shares = compute_shares(Period(period))
    shares.write(tmp_path / "run")
    assert set(shares.units) == set(UNITS)
    assert shares.trouble == {}
    for unit in UNITS:
        handed = load_performance(period, unit, run=tmp_path / "run")
        whole = load_performance(period, unit)
        assert handed == whole
        assert handed.comparisons == whole.comparisons
        assert handed.deviations == whole.deviations


def test_a_unit_of_a_run_reads_no_table_of_another(period: Path, tmp_path: Path) -> None:  # noqa: F811
    compute_shares(Period(period)).write(tmp_path / "run")
    whole = load_case(period / "dpmptsp.yaml")
    assert whole.performance is not None
    comparisons = whole.performance.comparisons
    for other in ("dinas-dukcapil", "dinas-perhubungan"):
        (period / "kinerja" / f"{other}.csv").unlink()
    handed = load_case(period / "dpmptsp.yaml", run=tmp_path / "run")
    assert handed.performance == whole.performance
    assert handed.performance is not None
    assert handed.performance.comparisons == comparisons
    assert handed.proposals == whole.proposals
    assert (whole.has_pages, handed.has_pages) == (False, True)


def test_a_plan_that_cannot_be_read_is_named_and_its_unit_is_handed_nothing(period: Path) -> None:  # noqa: F811
    damage(period / "kinerja" / "dinas-dukcapil.csv")
    shares = compute_shares(Period(period))
    assert set(shares.units) == {"dpmptsp", "dinas-perhubungan"}
    assert "dinas-dukcapil.csv" in shares.trouble["dinas-dukcapil"]
    assert "[" in shares.trouble["dinas-dukcapil"]


def test_without_a_year_no_plan_is_compared_and_each_says_why(period: Path) -> None:  # noqa: F811
    other = period.rename(period.with_name("coba"))
    agency = other / "instansi.yaml"
    lines = agency.read_text("utf-8").splitlines()
    agency.write_text("\n".join(x for x in lines if not x.startswith("tahun:")), "utf-8")
    shares = compute_shares(Period(other))
    assert shares.units == {}
    assert set(shares.trouble) == set(UNITS)
    assert "tidak memuat tahun" in shares.trouble["dpmptsp"]


def test_a_changed_figure_of_a_peer_changes_the_job_of_those_it_is_compared_with(
    period: Path,  # noqa: F811
) -> None:
    before = jobs(period)
    identities = {unit: job_identity(job) for unit, job in before.items()}
    table = period / "kinerja" / "dinas-dukcapil.csv"
    text = table.read_text("utf-8-sig")
    assert ";98,9;;98,2;" in text
    table.write_text(text.replace(";98,9;;98,2;", ";50;;98,2;", 1), "utf-8")
    after = jobs(period)
    changed = {u for u in UNITS if job_identity(after[u]) != identities[u]}
    compared = {u for u in UNITS if after[u].shares_hash != before[u].shares_hash}
    assert changed == compared | {"dinas-dukcapil"}
    assert compared - {"dinas-dukcapil"}


def test_a_changed_file_of_another_unit_a_year_ago_changes_every_job(
    period: Path,  # noqa: F811
    root: Path,
) -> None:
    last = period.with_name("2025")
    last.mkdir()
    for name in ("instansi", "smpn-1-contoh"):
        shutil.copy(root / "parameters" / "2025" / f"{name}.yaml", last)
    before = jobs(period)
    assert before["dpmptsp"].shares == ("dpmptsp", COMMON)
    other = last / "smpn-1-contoh.yaml"
    other.write_text(other.read_text("utf-8") + "# sama\n", "utf-8")
    identities = {unit: job_identity(job) for unit, job in jobs(period).items()}
    assert identities["dpmptsp"] == job_identity(before["dpmptsp"])
    text = other.read_text("utf-8")
    assert "unit: A, tpi: A" in text
    other.write_text(text.replace("unit: A, tpi: A", "unit: A, tpi: B", 1), "utf-8")
    after = jobs(period)
    assert all(job_identity(after[u]) != identities[u] for u in UNITS)


def test_each_unit_is_handed_its_own_share_and_what_all_share(period: Path, tmp_path: Path) -> None:  # noqa: F811
    shares = compute_shares(Period(period))
    run = tmp_path / "run"
    shares.write(run)
    assert sorted(path.stem for path in run.iterdir()) == sorted(UNITS)
    replace(shares, units={"dpmptsp": b"{}"}, common=b'{"units":[]}').write(run)
    assert sorted(path.stem for path in run.iterdir()) == [COMMON, "dpmptsp"]
    assert json.loads(share_file(run, COMMON).read_bytes()) == {"units": []}


def test_a_share_that_changed_since_the_plan_is_noticed(period: Path) -> None:  # noqa: F811
    job = jobs(period)["dpmptsp"]
    assert job.run is not None
    assert not is_handed_on(job)
    compute_shares(Period(period)).write(job.run)
    assert is_handed_on(job)
    share_file(job.run, "dpmptsp").write_text("{}")
    assert not is_handed_on(job)
    assert is_handed_on(replace(job, shares=(), shares_hash=Shares().hash_of("dpmptsp")))


def test_every_file_a_unit_depends_on_is_named_also_one_that_cannot_be_read(period: Path) -> None:  # noqa: F811
    (period / "kinerja" / "dpmptsp.pdf").write_bytes(b"%PDF")
    (period / "kinerja" / "~$dpmptsp.csv").write_bytes(b"x")
    (period / "survei").mkdir()
    for name in ("dpmptsp.ipak.csv", "ipak.yaml"):
        (period / "survei" / name).write_text("x")
    names = {unit: [file.name for file in files] for unit, files in unit_tables(period).items()}
    assert names["dpmptsp"] == ["dpmptsp.csv", "dpmptsp.pdf", "dpmptsp.ipak.csv", "ipak.yaml"]
    assert names["dinas-dukcapil"] == ["dinas-dukcapil.csv"]
    assert "kecamatan-merdeka" not in names
