"""Every table with its columns: names, types, Indonesian headings, what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from zi_eval.core.assessment import Stage
from zi_eval.core.verdict import Status
from zi_eval.performance.projection import Light

__all__ = [
    "LEVELS",
    "LIGHTS",
    "SEVERITIES",
    "STAGES",
    "STATUSES",
    "TABLES",
    "WORDS",
    "Column",
]

LEVELS: Final = ("total", "component", "aspect", "area", "part", "subarea", "question")
"""The levels of a score: ``area`` is what the rules take together, ``part`` its share of an aspect.

Where an instrument names no such areas, its own nodes keep their kinds.
"""
STATUSES: Final = tuple(status.value for status in (Status.NOT_MET, Status.UNKNOWN, Status.MET))
STAGES: Final = tuple(stage.value for stage in Stage)
SEVERITIES: Final = ("warning", "error")
LIGHTS: Final = tuple(
    light.name.lower()
    for light in (Light.NOT_DUE, Light.MISSING, Light.RED, Light.AMBER, Light.GREEN)
)
WORDS: Final[Mapping[str, str]] = {
    "not_met": "belum tercapai", "unknown": "belum dapat disimpulkan", "met": "tercapai",
    "unit": "penilaian unit", "tpi": "evaluasi TPI", "tpn": "evaluasi TPN",
    "warning": "perhatian", "error": "salah",
    "total": "total", "component": "komponen", "aspect": "aspek", "area": "area",
    **{light.name.lower(): light.value for light in Light},
    "part": "bagian area", "subarea": "subarea", "question": "pertanyaan",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    dtype
        ``string``, ``Float64``, ``Int64``, ``boolean``, ``category`` (unordered), ``ordered`` (a
        category in its official order), ``date`` (a day) or ``time`` (with its zone).
    label
        Its heading in Indonesian.
    meaning
        What it says, with its unit of measure.
    """

    name: str
    dtype: str
    label: str
    meaning: str


UNIT: Final = Column("unit", "category", "Unit", "id of the unit: the name of its file")
STAGE: Final = Column("stage", "ordered", "Tahap", "whose answers count: unit < tpi < tpn")
QUESTION: Final = Column("question", "ordered", "Nomor", "official number, in official order")
TITLE: Final = Column("title", "string", "Keterangan", "official title or text")
PREDICATE: Final = Column("predicate", "ordered", "Predikat", "lowest first, e.g. WBK < WBBM")
STATUS: Final = Column("status", "ordered", "Hasil", "not_met < unknown < met")

TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    "units": (
        UNIT,
        Column("name", "string", "Nama unit", "as its file states it"),
        Column("kind", "string", "Jenis", "as its file states it"),
        STAGE,
        Column("target", "ordered", "Target", "predicate it builds for; NA where bands decide"),
        Column("status", "ordered", "Hasil", "of the target: not_met < unknown < met"),
        Column("score", "Float64", "Nilai", "points, as the official workbook gives them"),
        Column("floor", "Float64", "Nilai terendah", "points, open questions counted as 0"),
        Column("ceiling", "Float64", "Nilai tertinggi", "points, open questions at their best"),
        Column("rank", "Int64", "Peringkat", "1 for the highest score; equal scores share it"),
        Column("answered", "Int64", "Dijawab", "questions with a value"),
        Column("questions", "Int64", "Pertanyaan", "questions in all"),
        Column("failed_rules", "Int64", "Ambang belum tercapai", "of the target"),
        Column("failed_prerequisites", "Int64", "Prasyarat gagal", "known not to hold"),
        Column("unknown_prerequisites", "Int64", "Prasyarat belum diketahui", "not stated yet"),
        Column("problems", "Int64", "Catatan", "warnings of its file and answers"),
    ),
    "scores": (
        UNIT,
        STAGE,
        Column("level", "ordered", "Tingkat", "total < component < aspect < area < part < …"),
        Column("id", "ordered", "Nomor", "official number, or total, or the id of an area"),
        TITLE,
        Column("score", "Float64", "Nilai", "points; NA while nothing below is answered"),
        Column("weight", "Float64", "Bobot", "the highest score; NA of a question without one"),
        Column("percent", "Float64", "Persen bobot", "score of weight, 0 to 100"),
        Column("floor", "Float64", "Nilai terendah", "points, open questions counted as 0"),
        Column("ceiling", "Float64", "Nilai tertinggi", "points, open questions at their best"),
        Column("answered", "Int64", "Dijawab", "questions below with a value"),
        Column("questions", "Int64", "Pertanyaan", "questions below in all"),
    ),
    "answers": (
        UNIT,
        STAGE,
        QUESTION,
        TITLE,
        Column("answer", "string", "Jawaban", "option, number or counts; NA while open"),
        Column("value", "Float64", "Nilai", "0 to 1; NA while open"),
        Column("points", "Float64", "Poin", "what it gives once no question is open"),
        Column("weight", "Float64", "Poin penuh", "the most it can give"),
        Column("source", "ordered", "Dijawab oleh", "whose answer it is: unit < tpi < tpn"),
        Column("evidence", "Int64", "Bukti", "pieces of evidence"),
        Column("note", "string", "Catatan", "of whoever answers; untrusted text"),
    ),
    "rules": (
        UNIT,
        STAGE,
        PREDICATE,
        Column("rule", "category", "Ambang", "id of the rule"),
        TITLE,
        Column("need", "Float64", "Diminta", "points"),
        Column("got", "Float64", "Diperoleh", "points; NA while nothing is answered"),
        Column("margin", "Float64", "Selisih", "points above the minimum, negative below"),
        STATUS,
        Column("source", "string", "Sumber", "where the rule stands"),
    ),
    "prerequisites": (
        UNIT,
        PREDICATE,
        Column("prerequisite", "category", "Prasyarat", "id of the prerequisite"),
        Column("who", "category", "Milik", "of whom it is stated: unit or instansi"),
        TITLE,
        Column("need", "string", "Diminta", "grade, number or Ya"),
        Column("got", "string", "Dinyatakan", "NA while nobody stated it"),
        STATUS,
        Column("source", "string", "Sumber", "where the prerequisite stands"),
    ),
    "differences": (
        UNIT,
        QUESTION,
        TITLE,
        Column("unit_answer", "string", "Jawaban unit", "NA while open"),
        Column("tpi_answer", "string", "Jawaban TPI", "another than the unit's"),
        Column("unit_value", "Float64", "Nilai unit", "0 to 1"),
        Column("tpi_value", "Float64", "Nilai TPI", "0 to 1"),
        Column("points", "Float64", "Poin", "what the correction moves once no question is open"),
        Column("note", "string", "Catatan TPI", "untrusted text"),
    ),
    "differences_tpn": (
        UNIT,
        QUESTION,
        TITLE,
        Column("tpi_answer", "string", "Jawaban TPI", "the unit's where the TPI gave none"),
        Column("tpn_answer", "string", "Jawaban TPN", "another than that"),
        Column("tpi_value", "Float64", "Nilai TPI", "0 to 1"),
        Column("tpn_value", "Float64", "Nilai TPN", "0 to 1"),
        Column("points", "Float64", "Poin", "what the correction moves once no question is open"),
        Column("note", "string", "Catatan TPN", "untrusted text"),
    ),
    "problems": (
        UNIT,
        Column("severity", "ordered", "Tingkat", "warning < error; an error leaves the file out"),
        Column("code", "category", "Kode", "stable name of the kind of problem"),
        Column("message", "string", "Masalah", "one sentence, in Indonesian"),
        Column("hint", "string", "Saran", "what to do next"),
        Column("file", "string", "Berkas", "its path"),
        Column("line", "Int64", "Baris", "from 1"),
        Column("cell", "string", "Sel", "Sheet!A1"),
        Column("key", "string", "Butir", "question, node or key"),
    ),
    "changes": (
        UNIT,
        Column("number", "Int64", "Nomor", "counts the changes of a unit from 1"),
        Column("time", "time", "Waktu", "when, in UTC"),
        Column("person", "string", "Oleh", "who made it; untrusted text"),
        Column("role", "category", "Peran", "unit, anggota, ketua, pengendali teknis or berkas"),
        Column("key", "string", "Butir", "question, or syarat, identitas, evaluasi"),
        Column("field", "category", "Bagian", "unit, tpi, catatan, bukti, …"),
        Column("old", "string", "Lama", "NA where there was nothing"),
        Column("new", "string", "Baru", "NA where it was taken away"),
        Column("undoes", "Int64", "Membatalkan", "number of the step it takes back"),
    ),
    "indicators": (
        UNIT,
        Column("goal", "string", "Sasaran", "untrusted text"),
        Column("indicator", "string", "Indikator", "untrusted text"),
        Column("unit_of_measure", "string", "Satuan", "of target and result"),
        Column("is_key", "boolean", "IKU", "whether it is a main indicator"),
        Column("quarter", "Int64", "Triwulan", "the last reported, 1 to 4"),
        Column("target", "Float64", "Target setahun", "in its unit of measure"),
        Column("result", "Float64", "Realisasi", "until the quarter, in its unit of measure"),
        Column("achievement", "Float64", "Capaian", "percent of what was planned until then"),
        Column("light", "ordered", "Lampu", " < ".join(LIGHTS)),
        Column("reason", "string", "Alasan", "of the light"),
        Column("ceiling", "Float64", "Pagu", "rupiah"),
        Column("spent", "Float64", "Serapan", "rupiah"),
    ),
    "activities": (
        UNIT,
        Column("activity", "string", "Kegiatan", "untrusted text"),
        Column("questions", "string", "Pertanyaan", "ids of the LKE, with commas between"),
        Column("is_priority", "boolean", "Prioritas", "whether it is a priority target"),
        Column("owner", "string", "Penanggung jawab", "untrusted text"),
        Column("month", "Int64", "Bulan", "at whose end it is looked at, 1 to 12"),
        Column("standing", "category", "Keadaan", "late or not, in Indonesian"),
        Column("planned", "Float64", "Rencana", "until the month, in its unit of measure"),
        Column("reached", "Float64", "Realisasi", "until the month, in its unit of measure"),
        Column("whole", "Float64", "Target setahun", "in its unit of measure"),
        Column("unit_of_measure", "string", "Satuan", "untrusted text"),
        Column("late_since", "Int64", "Terlambat sejak", "month, NA where it is not late"),
        Column("is_unproven", "boolean", "Tanpa bukti", "realised, and no proof is named"),
        Column("without_effect", "string", "Tanpa dampak", "questions not raised though done"),
        Column("evidence", "string", "Bukti", "untrusted text"),
        Column("obstacle", "string", "Kendala", "untrusted text"),
        Column("follow_up", "string", "Tindak lanjut", "untrusted text"),
    ),
    "surveys": (
        UNIT,
        Column("survey", "category", "Survei", "ipak, ipkp, skm or a team's own"),
        Column("element", "string", "Unsur", "id of the element; index is the whole survey"),
        TITLE,
        Column("index", "Float64", "Indeks", "of 4"),
        Column("low", "Float64", "Batas bawah", "of its 95 % interval; NA with few respondents"),
        Column("high", "Float64", "Batas atas", "of its 95 % interval"),
        Column("respondents", "Int64", "Responden", "who answered it"),
    ),
    "recommendations": (
        UNIT,
        Column("number", "string", "Nomor rekomendasi", "with the origin it tells it from others"),
        Column("origin", "category", "Sumber", "LHE, TPI, TPN, APIP, BPK or lainnya"),
        Column("questions", "string", "Pertanyaan", "ids of the LKE, as written; untrusted"),
        Column("text", "string", "Rekomendasi", "untrusted text"),
        Column("owner", "string", "Penanggung jawab", "untrusted text"),
        Column("issued", "date", "Tanggal", "when it was given; NA where not stated"),
        Column("due", "date", "Batas waktu", "until when; NA where not stated"),
        Column("progress", "category", "Status", "as auditors follow up, in Indonesian"),
        Column("is_open", "boolean", "Belum selesai", "whether something is still to be done"),
        Column("is_proven", "boolean", "Terbukti", "settled, with proof, and verified by somebody"),
        Column("action", "string", "Tindak lanjut", "untrusted text"),
        Column("proof", "string", "Bukti", "links or files; untrusted text"),
        Column("verified_by", "string", "Diperiksa oleh", "untrusted text"),
        Column("period", "category", "Tabel periode", "whose table has this state"),
        Column("since", "category", "Sejak periode", "whose table had it first"),
    ),
    "holders": (
        UNIT,
        Column("predicate", "category", "Predikat", "WBK or WBBM"),
        Column("awarded", "date", "Ditetapkan", "NA where not stated"),
        Column("decree", "string", "Keputusan", "number of the decree; untrusted text"),
        Column("active", "boolean", "Masih dipegang", "whether it is held today"),
        Column("monitored", "date", "Dipantau", "when it was last monitored"),
        Column("due", "date", "Jatuh tempo", "of the next monitoring; by default a year later"),
        Column("revoked", "date", "Dicabut", "NA where it was not"),
        Column("reason", "string", "Sebab", "of the revocation; untrusted text"),
        Column("replication", "string", "Replikasi", "what others took over; untrusted text"),
    ),
    "decisions": (
        UNIT,
        Column("step", "category", "Tahap", "of the national evaluation, in Indonesian"),
        Column("outcome", "category", "Keputusan", "lulus, tidak lulus or menunggu"),
        Column("day", "date", "Tanggal", "of the decision; NA where not stated"),
        Column("condition", "string", "Kondisi", "what the TPN found; untrusted text"),
        Column("recommendation", "string", "Rekomendasi", "what it asks; untrusted text"),
    ),
    "alike": (
        UNIT,
        Column("other", "category", "Unit lain", "id of the other unit"),
        Column("same", "Int64", "Jawaban sama", "questions both answered, and alike"),
        Column("both", "Int64", "Dijawab keduanya", "questions both answered"),
        Column("percent", "Float64", "Persen sama", "same of both, 0 to 100"),
    ),
    "similarities": (
        Column("sign", "category", "Yang terlihat", "kind of what is the same"),
        UNIT,
        Column("other", "category", "Unit lain", "id of the other unit; NA of one unit alone"),
        Column("count", "Int64", "Sama", "places that are the same, agreed or at their best"),
        Column("of", "Int64", "Dari", "places compared"),
        Column("expected", "Float64", "Wajarnya", "of answers: the same by chance in this agency"),
        Column("strength", "Float64", "Kekuatan", "standard deviations above that"),
        Column("seconds", "Float64", "Detik", "between two answers of the TPI, where known"),
        Column("questions", "string", "Pertanyaan", "ids to look at, the most telling first"),
    ),
    "findings": (
        Column("workbook", "string", "Buku kerja", "name of the file"),
        Column("kind", "ordered", "Jenis", "note < template < damage"),
        Column("code", "category", "Kode", "stable name of the kind of finding"),
        Column("sheet", "string", "Lembar", "of the workbook"),
        Column("cell", "string", "Sel", "as A1"),
        Column("key", "string", "Butir", "question, input or node"),
        Column("message", "string", "Temuan", "one sentence, in Indonesian"),
        Column("points", "Float64", "Poin", "moves the total; NA where that becomes an error"),
        Column("is_fixable", "boolean", "Dapat diperbaiki", "without knowing an answer"),
    ),
    "moves": (
        QUESTION,
        TITLE,
        Column("now", "string", "Sekarang", "NA while open"),
        Column("then", "string", "Menjadi", "the answer to reach"),
        Column("steps", "Int64", "Langkah", "options of a choice, tenths of a number"),
        Column("effort", "Float64", "Upaya", "as upaya.yaml counts it"),
        Column("points", "Float64", "Poin", "what it adds to the total"),
    ),
    "comparison": (
        Column("level", "ordered", "Tingkat", "total < component < aspect < area < part < …"),
        Column("id", "ordered", "Nomor", "as in scores"),
        TITLE,
        Column("before", "Float64", "Semula", "points"),
        Column("after", "Float64", "Menjadi", "points"),
        Column("change", "Float64", "Selisih", "points"),
    ),
    "trend": (
        Column("period", "ordered", "Periode", "oldest first"),
        Column("level", "ordered", "Tingkat", "total < component < aspect < area < part < …"),
        Column("id", "ordered", "Nomor", "as in scores"),
        TITLE,
        Column("score", "Float64", "Nilai", "points"),
        Column("weight", "Float64", "Bobot", "the highest score"),
        Column("percent", "Float64", "Persen bobot", "score of weight, 0 to 100"),
    ),
}  # fmt: skip
"""Every table with its columns, in order."""
