"""What a run hands on of the TPN's tables says of each unit what the tables say."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample import copy_sample
from zi_eval.case import load_case
from zi_eval.case.elsewhere import find_decided
from zi_eval.core.assessment import Stage
from zi_eval.core.problems import Problem, Severity
from zi_eval.national.holders import Aim, Holder, Holders, find_conflicts
from zi_eval.national.share import dump_national, parse_national
from zi_eval.national.values import Decision, NationalStage, NationalStages, Outcome
from zi_eval.period.reading import Period
from zi_eval.period.share import dump_share
from zi_eval.runs.batch import plan_units
from zi_eval.runs.identity import job_identity
from zi_eval.runs.shares import compute_shares

TODAY = date(2026, 7, 25)
UNITS = ("puskesmas-sukamaju", "dpmptsp")
DAYS = st.dates(TODAY - timedelta(900), TODAY + timedelta(300)) | st.none()
NAMES = st.sampled_from(UNITS)
DECISIONS = st.lists(
    st.builds(
        Decision, NAMES, st.sampled_from(NationalStage), st.sampled_from(Outcome), DAYS,
        st.text(max_size=5), st.text(max_size=5), st.integers(1, 99), st.sampled_from(("", "D3")),
    ),
    max_size=6,
)  # fmt: skip
HOLDERS = st.lists(
    st.builds(
        Holder, NAMES, st.sampled_from(("WBK", "WBBM")), DAYS, st.text(max_size=5), DAYS, DAYS,
        DAYS, st.text(max_size=5), st.text(max_size=5), st.integers(0, 99),
    ),
    max_size=5,
)  # fmt: skip
PROBLEMS = st.lists(
    st.builds(
        Problem,
        code=st.just("rusak"),
        message=st.text(max_size=9),
        severity=st.sampled_from(Severity),
        line=st.none() | st.integers(1, 9),
    ),
    max_size=2,
).map(tuple)


@given(DECISIONS, HOLDERS, PROBLEMS, NAMES, st.sampled_from(("WBK", "WBBM")))
def test_a_unit_is_told_the_same_as_by_the_tables(
    decisions: list[Decision],
    items: list[Holder],
    problems: tuple[Problem, ...],
    unit: str,
    target: str,
) -> None:
    stages = NationalStages(tuple(decisions), "2026", "tpn/keputusan.csv", problems).as_of(TODAY)
    holders = Holders(tuple(items), "tpn/pemegang.csv", ("2025",), problems, TODAY)
    content = dump_share(dump_national(stages, holders, unit))
    own, held = parse_national(json.loads(content))
    assert find_decided(own, unit) == find_decided(stages, unit)
    assert own.units.get(unit) == stages.units.get(unit)
    assert held.units.get(unit) == holders.units.get(unit)
    aim = Aim(unit, "Unit", target, states=True)
    for day in (TODAY - timedelta(55), TODAY):
        assert find_conflicts(held, [aim], day) == find_conflicts(holders, [aim], day)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = copy_sample(tmp_path / "zi", *UNITS) / "parameters" / "2026"
    (home / "tpn").mkdir()
    (home / "tpn" / "keputusan.csv").write_text(
        "unit;tahap;keputusan;tanggal\ndpmptsp;selmin;tidak lulus;18/07/2026\n", "utf-8"
    )
    write_holders(home, "puskesmas-sukamaju;WBK;15/12/2023;20/07/2026\n")
    return home


def write_holders(home: Path, rows: str) -> None:
    head = "unit;predikat;tanggal;dicabut\n"
    (home / "tpn" / "pemegang.csv").write_text(head + rows, "utf-8")


def test_a_unit_of_a_run_opens_no_table_of_the_agency(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1785000000")  # 25 July 2026
    compute_shares(Period(home)).write(tmp_path / "run")
    whole = {unit: load_case(home / f"{unit}.yaml") for unit in UNITS}
    said = {unit: (case.decided, case.held, case.national) for unit, case in whole.items()}
    assert said["dpmptsp"][0] is not None
    assert [p.code for p in said["puskesmas-sukamaju"][1][0]] == [
        "syarat-beda-pemegang", "wbk-tidak-dipegang",
    ]  # fmt: skip
    for path in (home / "tpn").iterdir():
        path.unlink()
    for unit in UNITS:
        case = load_case(home / f"{unit}.yaml", run=tmp_path / "run")
        assert (case.decided, case.held, case.national) == said[unit]


def test_a_report_is_made_anew_when_a_day_in_the_table_comes_and_not_every_day(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def identities(day: int, rows: str = "") -> dict[str, str]:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1785000000 + day * 86_400))
        write_holders(home, "puskesmas-sukamaju;WBK;15/12/2023;28/07/2026\n" + rows)
        root = home.parent.parent
        jobs = plan_units(root, Period(home), UNITS, Stage.TPI, root / "outputs" / "2026")
        return {job.unit: job_identity(job) for job in jobs}

    before = identities(0)
    assert identities(1) == before
    after = identities(3)  # revoked on that day
    assert after["puskesmas-sukamaju"] != before["puskesmas-sukamaju"]
    assert after["dpmptsp"] == before["dpmptsp"]
    other = identities(0, "dpmptsp;WBK;15/12/2025;\n")
    assert other["dpmptsp"] != before["dpmptsp"]
    assert other["puskesmas-sukamaju"] == before["puskesmas-sukamaju"]
