"""Chapter III of a performance report: what each sasaran reached, and what it cost.

Each indicator is told in the seven points of :data:`~zi_eval.performance.comparison.COMPARED`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from zi_eval.performance.comparison import Comparison
from zi_eval.performance.lkjip.words import Report, follow_up_parts, rupiah_text, share_text
from zi_eval.performance.page.figures import plot_path
from zi_eval.performance.page.words import measured_text, quarter_name
from zi_eval.performance.plan import Accrual, Direction, Indicator
from zi_eval.performance.projection import Light, Watch
from zi_eval.performance.score import Achievement, IndicatorScore, achievement
from zi_eval.report.documents.content import (
    Blank,
    Block,
    Bullets,
    Column,
    Figure,
    Heading,
    Inline,
    Line,
    Paragraph,
    Strong,
    Table,
    clean_text,
)
from zi_eval.report.words import NOTHING, format_count

__all__ = ["accountability_blocks"]

DIRECTIONS: Final = {
    Direction.UP: "Makin tinggi makin baik",
    Direction.DOWN: "Makin rendah makin baik",
    Direction.HOLD: "Dijaga pada targetnya",
}


def accountability_blocks(report: Report) -> tuple[Block, ...]:
    """Return the chapter."""
    blocks: list[Block] = [
        Heading(1, "BAB III AKUNTABILITAS KINERJA", on_new_page=True),
        Heading(2, "A. Cara Pengukuran"),
        *_method(report),
        Heading(2, "B. Capaian Kinerja"),
        *report.warning,
        _measured(report),
    ]
    for number, (goal, places) in enumerate(report.plan.goals.items(), 1):
        title: Line = f"Sasaran {number}: {goal}"
        if not goal:
            title = (f"Sasaran {number}: ", Blank("sasaran"))
        percent = report.score.goals[goal]
        said: Line = "Capaian sasaran ini belum dapat dihitung."
        if percent is not None:
            known = sum(report.score.indicators[p].current is not None for p in places)
            mean = f", rata-rata {known} indikator yang dapat dihitung" if known > 1 else ""
            said = f"Capaian sasaran ini {report.until} adalah {share_text(percent)}{mean}."
        blocks += [Heading(3, title), Paragraph(said)]
        for place in places:
            blocks += _indicator(report, place)
    return (*blocks, *_money(report))


def _method(report: Report) -> tuple[Block, ...]:
    """Return how achievements are computed: formulas, limits, means and efficiency."""
    rules = report.score.rules
    formulas: tuple[Line, ...] = (
        (Strong("Makin tinggi makin baik"), ": realisasi / target × 100 %."),
        (Strong("Makin rendah makin baik"), ": (2 × target − realisasi) / target × 100 %."),
        (
            Strong("Dijaga pada targetnya"),
            ": (1 − selisih realisasi dan target / target) × 100 %, selisih tanpa tanda.",
        ),
        (
            Strong("Efisiensi"),
            ": (capaian − serapan anggaran) / capaian × 100 %, dihitung setelah setahun penuh "
            "dan hanya bila target tercapai.",
        ),
    )
    least = f"paling rendah {format_count(rules.floor)} %"
    limit = f"Capaian satu indikator dihitung {least} dan tidak dibatasi ke atas."
    if rules.cap is not None:
        most = f"paling tinggi {format_count(rules.cap)} %"
        limit = f"Capaian satu indikator dihitung {least} dan {most}."
    means = (
        f"{limit} Capaian sasaran adalah rata-rata capaian indikatornya, dan capaian unit "
        "rata-rata capaian sasarannya; indikator yang belum dapat dihitung tidak ikut."
    )
    lead = "Capaian setiap indikator dihitung menurut arahnya:"
    return (Paragraph(lead, "closing"), Bullets(formulas), Paragraph(means))


def _verdict(report: Report, got: Achievement | None) -> str:
    if got is None:
        return "belum dapat dihitung"
    if report.is_whole_year:
        return "tercapai" if got.is_met else "tidak tercapai"
    return "sesuai rencana" if got.is_met else "di bawah rencana"


def _is_not_due(item: Indicator, watch: Watch) -> bool:
    """Whether it is planned to be measured later this year: no figure is missing yet."""
    return watch.light is Light.NOT_DUE and item.year_target is not None


def _measured(report: Report) -> Table:
    rows = []
    watches = report.data.standing.watches
    for number, (item, got, watch) in enumerate(
        zip(report.plan.indicators, report.score.indicators, watches, strict=True), 1
    ):
        now = got.current
        aim = item.year_target if report.is_whole_year else item.target_until(report.score.quarter)
        done = item.result_until(report.score.quarter) if report.score.quarter else None
        is_due = not _is_not_due(item, watch)
        cells: tuple[Line, ...] = (
            str(number),
            item.name,
            Blank("target") if aim is None and is_due else measured_text(item, aim),
            Blank("realisasi") if done is None and is_due else measured_text(item, done),
            share_text(now.percent if now else None),
            _verdict(report, now) if is_due else "belum waktunya",
        )
        rows.append(cells)
    columns = (
        Column("No", 0.6),
        Column("Indikator", 4),
        Column("Target" if report.is_whole_year else "Target s.d. triwulan", 1.7, True),
        Column("Realisasi", 1.7, True),
        Column("Capaian", 1.2, True),
        Column("Keterangan", 1.7),
    )
    return Table(f"Pengukuran kinerja {report.until}", columns, tuple(rows), head=1)


def _indicator(report: Report, place: int) -> list[Block]:
    item, got = report.plan.indicators[place], report.score.indicators[place]
    watch, found = report.data.standing.watches[place], report.data.comparisons[place]
    points: tuple[Line, ...] = (
        (Strong("Target dan realisasi. "), *_target(report, item, got, watch)),
        (Strong("Dengan tahun-tahun lalu. "), *_earlier(report, item, found)),
        (Strong("Dengan target akhir Renstra. "), *_renstra(report, item, found)),
        (Strong("Dengan standar nasional. "), *_national(report, item, found)),
        (Strong("Sebab dan tindak lanjut. "), *_cause(item, got)),
        (Strong("Efisiensi sumber daya. "), *_efficiency(report, item, got)),
        (Strong("Program yang menunjang. "), *_programme(item)),
    )
    blocks: list[Block] = [Heading(4, f"{place + 1}. {item.name}")]
    measured = f"Cara mengukur: {item.formula.rstrip('.')}. " if item.formula else ""
    blocks.append(Paragraph(f"{measured}{DIRECTIONS[item.direction]}.", "note"))
    drawn = replace(item, name=clean_text(item.name))
    figure = plot_path(drawn, report.score.quarter, watch.projection)
    if figure:
        unit = f" ({item.unit_of_measure})" if item.unit_of_measure else ""
        caption = (
            f"{item.name}{unit}, {report.plan.year}: realisasi (garis tebal), rencana (garis "
            "putus-putus), dan target setahun (garis mendatar)"
        )
        blocks.append(Figure(figure, caption))
    return [*blocks, _years(report, item, got, watch), Bullets(points, is_numbered=True)]


def _years(report: Report, item: Indicator, got: IndicatorScore, watch: Watch) -> Table:
    """Show every year the data know of, this one last, and what the year is expected to become."""
    year, quarter, rules = report.plan.year, report.score.quarter, report.score.rules
    known = sorted(y for y in {*item.earlier_results, *item.earlier_targets} if y < year)
    rows: list[tuple[Line, ...]] = []
    for past in known:
        aim, done = item.earlier_targets.get(past), item.earlier_results.get(past)
        reached = achievement(aim, done, item.direction, rules)
        rows.append((str(past), measured_text(item, aim), measured_text(item, done),
                     share_text(reached.percent if reached else None)))  # fmt: skip
    now = got.current
    if quarter:
        aim = item.year_target if report.is_whole_year else item.target_until(quarter)
        until = "" if report.is_whole_year else f" s.d. {quarter_name(quarter)}"
        shown = measured_text(item, item.result_until(quarter))
        rows.append((f"{year}{until}", measured_text(item, aim), shown,
                     share_text(now.percent if now else None)))  # fmt: skip
    if not report.is_whole_year:
        outlook, reached_share = "belum ada", NOTHING
        if watch.projection is not None:
            outlook = f"{measured_text(item, watch.projection.expected, True)} (perkiraan)"
            if watch.projected is not None:
                reached_share = f"{share_text(watch.projected.percent)} (perkiraan)"
        rows.append((f"{year} setahun", measured_text(item, item.year_target), outlook,
                     reached_share))  # fmt: skip
    columns = (Column("Tahun", 1.4), Column("Target", 1.6, True), Column("Realisasi", 2, True),
               Column("Capaian", 1.6, True))  # fmt: skip
    return Table(f"{item.name} menurut tahun", columns, tuple(rows))


def _target(
    report: Report, item: Indicator, got: IndicatorScore, watch: Watch
) -> tuple[Inline, ...]:
    now = got.current
    aim = measured_text(item, item.year_target)
    if item.year_target is None:
        return (Blank("target setahun, lalu hitung capaiannya"),)
    if _is_not_due(item, watch):
        first = quarter_name(item.measured[0])
        return (f"Target {report.plan.year} {aim}; pengukurannya direncanakan mulai {first}.",)
    if now is None:
        return (f"Target {report.plan.year} {aim}. ", Blank(f"realisasi {report.until}"))
    beyond = ""
    if now.percent != now.raw:
        beyond = f" (menurut rumus {share_text(now.raw)}, dihitung {share_text(now.percent)})"
    reached = f"capaian {share_text(now.percent)}{beyond}, {_verdict(report, now)}."
    done = measured_text(item, now.result)
    if report.is_whole_year:
        return (f"Dari target {aim} terealisasi {done}; {reached}",)
    said = (
        f"{report.when} terealisasi {done} dari target "
        f"{measured_text(item, now.target)} untuk saat itu dan {aim} untuk setahun; {reached}"
    )
    if watch.projection is not None:
        ahead = watch.projection
        said += (
            " Perkiraan akhir tahun, bukan realisasi: "
            f"{measured_text(item, ahead.expected, True)}, "
            f"antara {measured_text(item, ahead.low, True)} dan "
            f"{measured_text(item, ahead.high, True)} ({ahead.method})."
        )
    return (said,)


def _earlier(report: Report, item: Indicator, found: Comparison) -> tuple[Inline, ...]:
    if found.last_year is None:
        return (Blank(f"realisasi {report.plan.year - 1}, atau mengapa belum ada"),)
    past = "; ".join(f"{year}: {measured_text(item, value)}" for year, value in found.trend)
    return (f"Realisasi {past}. {_beside(report, item, found.beats_last_year, 'tahun lalu')}",)


def _beside(report: Report, item: Indicator, is_better: bool | None, whom: str) -> str:
    if not report.is_whole_year:
        kind = "Angka kumulatif" if item.accrual is Accrual.SUM else "Realisasi"
        return f"{kind} baru dapat dibandingkan setelah setahun penuh."
    if is_better is None:
        return f"Belum dapat dibandingkan dengan {whom}."
    how = "lebih baik" if is_better else "tidak lebih baik"
    return f"Realisasi tahun ini {how} daripada {whom}."


def _renstra(report: Report, item: Indicator, found: Comparison) -> tuple[Inline, ...]:
    if item.renstra_target is None:
        return (Blank("target akhir Renstra"),)
    said = f"Target akhir Renstra {measured_text(item, item.renstra_target)}. "
    if found.of_renstra is None:
        return (said + _beside(report, item, None, "target akhir Renstra"),)
    if item.direction is Direction.UP or found.result is None:
        share = share_text(found.of_renstra)
        return (f"{said}Realisasi {report.until} mencapai {share} dari target itu.",)
    return (f"{said}{_apart(report, item, found.result, item.renstra_target)}",)


def _apart(report: Report, item: Indicator, result: float, target: float) -> str:
    """Say how far a result is from a target that is no maximum to be filled."""
    done, gap = measured_text(item, result), measured_text(item, abs(result - target))
    said = f"Realisasi {report.until}: {done}, "
    if result == target:
        return f"{said}tepat pada target itu."
    side = "di atas" if result > target else "di bawah"
    word = "makin rendah makin baik" if item.direction is Direction.DOWN else "dijaga pada target"
    return f"{said}{gap} {side} target itu ({word})."


def _national(report: Report, item: Indicator, found: Comparison) -> tuple[Inline, ...]:
    peers = ""
    if found.peers is not None:
        peers = f" Nilai tengah capaian unit sejenis {share_text(found.peers)}."
    if item.national is None:
        place = Blank("standar nasional, atau nyatakan bahwa tidak ada")
        return (place, peers) if peers else (place,)
    beside = _beside(report, item, found.beats_national, "standar nasional")
    return (f"Standar nasional {measured_text(item, item.national)}. {beside}{peers}",)


def _cause(item: Indicator, got: IndicatorScore) -> tuple[Inline, ...]:
    now = got.current
    kind = "keberhasilan atau kegagalan"
    if now is not None:
        kind = "keberhasilan" if now.is_met else "belum tercapainya target"
    cause = (f"Sebab: {item.cause}. ",) if item.cause else (Blank(f"sebab {kind}"), " ")
    if not item.follow_up and now is not None and now.is_met:
        return cause
    return (*cause, *follow_up_parts(item))


def _efficiency(report: Report, item: Indicator, got: IndicatorScore) -> tuple[Inline, ...]:
    if item.ceiling is None or item.spent is None or got.absorption is None:
        return (Blank("pagu dan realisasi anggaran"),)
    said = (
        f"Terserap {rupiah_text(item.spent)} dari pagu {rupiah_text(item.ceiling)} "
        f"({share_text(got.absorption)})."
    )
    if not report.is_whole_year:
        return (f"{said} Efisiensi dihitung setelah setahun penuh.",)
    if got.efficiency is None or got.current is None:
        return (f"{said} Efisiensi belum dapat dihitung.",)
    if not got.current.is_met:
        return (f"{said} Efisiensi tidak dinyatakan, karena target tidak tercapai.",)
    return (f"{said} Efisiensi {share_text(got.efficiency)}.",)


def _programme(item: Indicator) -> tuple[Inline, ...]:
    if not item.action:
        return (Blank("program atau kegiatan yang menunjang"),)
    return (f"{item.action}.",)


def _money(report: Report) -> tuple[Block, ...]:
    rows: list[tuple[Line, ...]] = []
    for number, programme in enumerate(report.programmes, 1):
        served = "\n".join(
            f"{report.plan.indicators[place].name}: {_reached(report, place)}"
            for place in programme.places
        )
        rows.append(
            (
                str(number),
                programme.name or Blank("program atau kegiatan"),
                served,
                Blank("pagu") if programme.ceiling is None else format_count(programme.ceiling),
                Blank("realisasi") if programme.spent is None else format_count(programme.spent),
                share_text(programme.absorption),
            )
        )
    budget = report.budget
    if budget is not None:
        rows.append(
            (NOTHING, "Jumlah yang menyebut pagu dan realisasi", NOTHING,
             format_count(budget.ceiling), format_count(budget.spent),
             share_text(budget.absorption))
        )  # fmt: skip
    columns = (
        Column("No", 0.6),
        Column("Program atau kegiatan", 2.4),
        Column("Indikator yang ditunjang: capaian", 3.2),
        Column("Pagu (Rp)", 1.8, True),
        Column("Realisasi (Rp)", 1.8, True),
        Column("Serapan", 1.1, True),
    )
    said = Blank("pagu dan realisasi anggaran") if budget is None else budget.sentence
    return (
        Heading(2, "C. Realisasi Anggaran"),
        Paragraph(said),
        Table(f"Program, pagu, dan realisasi {report.until}", columns, tuple(rows), 1,
              int(budget is not None)),
    )  # fmt: skip


def _reached(report: Report, place: int) -> str:
    got = report.score.indicators[place].current
    return share_text(got.percent) if got else "belum dapat dihitung"
