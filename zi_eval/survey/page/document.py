"""The report of a unit's own surveys as a document: method, sample, results, weakest elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from zi_eval.report.documents.content import (
    Blank,
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Line,
    Paragraph,
    Strong,
    Table,
)
from zi_eval.report.made import Made
from zi_eval.report.words import NOTHING, format_margin, format_number, format_percent
from zi_eval.survey.actions import find_actions, when_text
from zi_eval.survey.page.words import (
    chance_text,
    doubt_title,
    group_name,
    index_text,
    interval_text,
)
from zi_eval.survey.profile import ATTRIBUTES, SMALLEST
from zi_eval.survey.result import SurveyResult
from zi_eval.survey.unit import UnitSurveys
from zi_eval.workplan.plan import Activity

__all__ = ["EarlierIndices", "survey_document"]

EarlierIndices = Mapping[str, Mapping[str, float]]
"""Indices of earlier periods, by survey and by period, the oldest first."""
NOTHING_EARLIER: EarlierIndices = {}

MOST_ACTIONS = 3
"""Activities named of one element."""
WEAKEST = 3
"""Elements for which a plan of action is asked."""


def survey_document(
    surveys: UnitSurveys,
    period: str,
    made: Made,
    earlier: EarlierIndices = NOTHING_EARLIER,
    activities: Sequence[Activity] = (),
) -> Document:
    """Return the report of a unit's own surveys, with places for what the data do not hold.

    Parameters
    ----------
    activities
        Those of the unit's work plan, from which the plan for the weakest elements is taken.

    Nobody can be told from it: shares and means only, no answer and no comment of one person.
    """
    title = f"Laporan Survei {surveys.name} {period}".strip()
    blocks: list[Block] = [
        Paragraph("LAPORAN SURVEI MANDIRI", "title"),
        Paragraph(f"{surveys.name}\nperiode {period}", "center"),
    ]
    if surveys.remark:
        blocks.append(Paragraph(surveys.remark, "note"))
    for number, result in enumerate(surveys.results, 1):
        before = earlier.get(result.survey.key, {})
        blocks += _survey(result, number, period, before, activities)
    if not surveys.results:
        blocks.append(Paragraph(Blank("hasil survei; tabel jawabannya belum ada")))
    blocks += [
        Heading(1, f"{len(surveys.results) + 1}. PENUTUP"),
        Paragraph(
            (
                "Hasil ini disampaikan kepada pimpinan unit dan diumumkan kepada masyarakat "
                "melalui ",
                Blank("media pengumuman"),
                ".",
            )
        ),
        Paragraph(
            (
                Blank("kota"), ", ", Blank("tanggal"), "\n", Blank("jabatan penanda tangan"),
                ",\n\n\n\n", Blank("nama penanda tangan"), "\nNIP ", Blank("NIP"),
            ),
            "sign",
        ),
    ]  # fmt: skip
    return Document(title, surveys.agency or surveys.name, "", made.time, tuple(blocks))


def _survey(
    result: SurveyResult,
    number: int,
    period: str,
    before: Mapping[str, float],
    activities: Sequence[Activity],
) -> Iterator[Block]:
    survey, frame, sample = result.survey, result.data.frame, result.sample
    yield Heading(1, f"{number}. {survey.title.upper()}", on_new_page=number > 1)
    yield Heading(2, "A. Metode")
    times = sorted(item.time for item in result.data.given if item.time is not None)
    span: Line = (
        f"{times[0]:%d/%m/%Y} sampai {times[-1]:%d/%m/%Y}" if times else Blank("waktu survei")
    )
    yield Table(
        "",
        (Column("", 1.6), Column("", 4)),
        (
            ("Pelaksana", frame.surveyor or Blank("pelaksana survei")),
            ("Waktu", span),
            ("Dasar", survey.source),
            ("Skala jawaban", f"{survey.lowest} sampai {survey.highest}"),
            ("Perhitungan", f"indeks 4: {survey.conversion_text}; bobot unsur sama"),
            (
                "Populasi",
                str(sample.population) if sample.population is not None
                else Blank("jumlah penerima layanan pada masa survei"),
            ),
            ("Responden", f"{result.respondents}; diminta sedikitnya {sample.minimum}"),
            (
                "Tingkat jawaban",
                format_percent(result.response_rate) if result.response_rate is not None
                else NOTHING,
            ),
            ("Cara memilih responden", Blank("cara memilih responden")),
        ),
    )  # fmt: skip
    yield Heading(2, "B. Profil responden")
    yield from _profile(result)
    yield Heading(2, "C. Hasil")
    yield _headline(result)
    yield _elements(result)
    yield from _quality(result)
    if before and result.index is not None:
        indices = (*before.items(), (period, result.index))
        yield Table(
            f"{survey.short} menurut periode",
            (Column("Periode", 2), Column("Indeks", 1, True), Column("Perubahan", 1, True)),
            tuple(
                (
                    name,
                    format_number(index),
                    NOTHING if place == 0 else format_margin(index - indices[place - 1][1]),
                )
                for place, (name, index) in enumerate(indices)
            ),
        )
    yield Heading(2, "D. Unsur terendah dan rencana tindak lanjut")
    planned = find_actions(result, activities, WEAKEST)
    rows = tuple(
        (item.element.name, format_number(item.index), *cells)
        for item in result.weakest[:WEAKEST]
        for cells in _actions(planned.get(item.element.code, ()))
    )
    yield Table(
        f"Rencana tindak lanjut {survey.short}",
        (
            Column("Unsur", 2), Column("Indeks", 0.8, True), Column("Tindak lanjut", 2.4),
            Column("Penanggung jawab", 1.6), Column("Waktu", 1),
        ),
        rows,
    )  # fmt: skip


def _actions(planned: Sequence[Activity]) -> Iterator[tuple[Line, ...]]:
    """Yield what is done, by whom and when; a row to fill in where the work plan has nothing."""
    if not planned:
        yield Blank("kegiatan"), Blank("penanggung jawab"), Blank("waktu")
    for item in planned[:MOST_ACTIONS]:
        owner: Line = item.owner or Blank("penanggung jawab")
        yield item.name, owner, when_text(item) or Blank("waktu")


def _profile(result: SurveyResult) -> Iterator[Block]:
    """Yield the respondents by service and channel as shares; small groups stand together."""
    for word, groups in result.groups.items():
        yield Table(
            f"Responden {result.survey.short} menurut {word}",
            (Column(word.capitalize(), 4), Column("Bagian", 1, True)),
            tuple(
                (group_name(group), format_percent(group.respondents / result.respondents))
                for group in groups
            ),
        )
    parts = {part.attribute: part for part in result.data.profile if not part.is_hidden}
    for part in parts.values():
        rows: list[tuple[Line, ...]] = [
            (cell.group, format_percent(cell.share))
            for cell in part.cells
            if cell.share is not None
        ]
        if len(rows) < len(part.cells):  # not how many they are: it would help to compute them
            rest = 1 - sum(cell.share for cell in part.cells if cell.share is not None)
            rows.append(("Kelompok kecil bersama", format_percent(rest)))
        yield Table(
            f"Responden {result.survey.short} menurut {part.title.casefold()}",
            (Column(part.title, 4), Column("Bagian", 1, True)),
            tuple(rows),
        )
    if any(cell.share is None for part in parts.values() for cell in part.cells):
        said = f"Kelompok di bawah {SMALLEST} orang tidak disebut sendiri."
        yield Paragraph(said, "note")
    missing = [title for name, title in ATTRIBUTES.items() if name not in parts]
    if missing:
        named = ", ".join(missing[:1] + [title.casefold() for title in missing[1:]])
        yield Paragraph((f"{named}: ", Blank("profil responden"), "."))


def _headline(result: SurveyResult) -> Paragraph:
    survey = result.survey
    if result.index is None:
        return Paragraph("Indeks belum dapat dihitung: ada unsur tanpa jawaban.")
    said = f" dari 4 ({interval_text(result.interval)})" if result.interval else " dari 4"
    band = f", mutu {result.band.letter} ({result.band.word})" if result.band is not None else ""
    hundred = f", atau {format_number(result.hundred)} dari 100{band}"
    marks = "".join(
        f" {item.mark.name} ({format_number(item.mark.need)}): {chance_text(item)}."
        for item in result.chances
    )
    head = f"Indeks {survey.short} "
    return Paragraph((head, Strong(index_text(result)), f"{said}{hundred}.{marks}"))


def _elements(result: SurveyResult) -> Table:
    rows = tuple(
        (
            item.element.code,
            item.element.name,
            format_number(item.mean),
            format_number(item.index),
            interval_text(item.interval) or NOTHING,
        )
        for item in result.elements
    )
    columns = (
        Column("Kode", 0.7), Column("Unsur", 3), Column("Rata-rata", 1, True),
        Column("Indeks", 0.9, True), Column("Selang 95 %", 1.4),
    )  # fmt: skip
    return Table(f"Hasil {result.survey.short} menurut unsur", columns, rows, head=1)


def _quality(result: SurveyResult) -> Iterator[Block]:
    lines: list[Line] = [
        f"{doubt_title(item.kind)}: {len(item.rows)} jawaban" for item in result.doubts
    ]
    if lines:
        yield Paragraph("Jawaban yang perlu diperiksa; semuanya ikut dihitung:", "closing")
        yield Bullets(tuple(lines))
