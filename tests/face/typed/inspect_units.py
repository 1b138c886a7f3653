"""A script of an inspectorate, as mypy sees it from outside; it is checked, and run, by a test."""

from __future__ import annotations

import pandas as pd

import zi_eval as zi


def lowest_area(period: zi.PeriodView) -> str:
    areas: pd.DataFrame = period.scores(level="area", stage="tpi")
    means = areas.groupby("title")["percent"].mean()
    return str(means.idxmin())


def tried(unit: zi.UnitView, index: float) -> pd.DataFrame:
    other: zi.UnitView = unit.what_if({"B.I.a": index})
    return other.compare(unit)


def main() -> None:
    period = zi.open_period("2026")
    unit = period["dpmptsp"]
    score: float | None = unit.score
    met: bool = unit.verdict("WBK").is_met
    missing: tuple[str, ...] = unit.verdict("WBBM").missing
    effort: float | None = unit.improvement("WBBM").effort
    share: float | None = unit.chance("WBK").share
    lines: list[str] = unit.trace("A.I.1").lines()
    print(lowest_area(period), score, met, len(missing), effort, share, len(lines))
    print(len(tried(unit, 3.65)), len(period), len(zi.audit().audits))


main()
