"""A unit's YAML: ``parameters/<period>/<unit>.yaml`` to an assessment, with every problem in it."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from zi_eval.core.assessment import (
    NOT_APPLICABLE,
    Answer,
    Assessment,
    Explanation,
    Final,
    Remark,
    Stage,
    Unit,
    Value,
)
from zi_eval.core.criteria import propose_by_criteria
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.problems import Problem, Severity, has_errors
from zi_eval.core.rules import RuleSet
from zi_eval.period.answers import AnswerError, parse_value
from zi_eval.period.keys import KeyReader
from zi_eval.yaml_files.source import Source, read_yaml

__all__ = [
    "ANSWER_KEYS",
    "RESERVED",
    "UNIT_ID",
    "UNIT_KEYS",
    "UnitReading",
    "parse_unit",
    "read_unit",
]

UNIT_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
UNIT_KEYS = (
    "id", "nama", "jenis", "kepala", "afirmasi", "instrumen", "target", "evaluasi_final",
    "penjelasan", "perlu_dicek", "syarat", "jawaban",
)  # fmt: skip
"""The keys of a unit file, in the order in which it is written."""
REMARK_KEYS = ("sel", "butir", "sebab")
"""The keys of what an import left to be looked at."""
EXPLANATION_KEYS = ("alasan", "oleh", "peran", "waktu")
"""The keys of why a doubt does not stand."""
EXPLAINING_ROLES = ("unit", "anggota", "ketua", "pengendali teknis")
ANSWER_KEYS = (
    "tidak_berlaku", "unit", "tpi", "tpn", "catatan", "catatan_tpi", "catatan_tpn", "kembali",
    "bukti",
)  # fmt: skip
"""The keys of an answer, in the order in which it is written."""
RESERVED = {"con", "prn", "aux", "nul", "index", "instansi", "kalimat", "rekap"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)
}
"""Names Windows keeps for devices, and names of our own files."""


@dataclass(frozen=True, slots=True)
class UnitReading:
    """What a unit file holds.

    Attributes
    ----------
    assessment
        None where the file has errors: nothing is scored from half a file.
    problems
        All problems of the file, errors and warnings.
    hash
        SHA-256 of the file, in hexadecimal.
    lines
        Line of the target (``target``), of each prerequisite (``syarat.<id>``) and of each answer
        (``jawaban.<question>``).
    """

    assessment: Assessment | None
    problems: tuple[Problem, ...]
    hash: str
    lines: Mapping[str, int] = field(default_factory=dict)


class _UnitReader(KeyReader):
    """Reads one unit file; the methods report what is wrong as they go."""

    def __init__(self, source: Source, instrument: Instrument) -> None:
        super().__init__(source)
        self.instrument = instrument

    def value(self, path: tuple[str | int, ...], question: Question, raw: Any) -> Value | None:
        try:
            return parse_value(question, raw)
        except AnswerError as error:
            hint = "Pakai kata Ya atau Tidak." if isinstance(raw, bool) else ""
            self.report(path, "jawaban-tidak-sah", str(error), hint, key=question.id)
            return None

    def evidence(self, path: tuple[str | int, ...], raw: Any) -> tuple[str, ...]:
        items = raw if isinstance(raw, list) else [] if raw is None else [raw]
        places = [(*path, n) if isinstance(raw, list) else path for n in range(len(items))]
        texts = [self.line(at, item, "'bukti'") for at, item in zip(places, items, strict=True)]
        return tuple(sys.intern(text) for text in texts if text)  # many units name the same

    def answer(self, question: Question, raw: Any) -> Answer:
        path: tuple[str | int, ...] = ("jawaban", question.id)
        if not isinstance(raw, dict):
            value = self.value(path, question, raw)
            if value is NOT_APPLICABLE:
                self._report_missing_reason(path, question)
            return Answer(unit=value)
        known = self.mapping(path, raw, ANSWER_KEYS, "jawaban")
        unit = self.value((*path, "unit"), question, known.get("unit"))
        reason = self.text((*path, "tidak_berlaku"), known.get("tidak_berlaku"), "'tidak_berlaku'")
        if "tidak_berlaku" in known and not reason:
            self._report_missing_reason((*path, "tidak_berlaku"), question)
        elif unit is NOT_APPLICABLE and not reason:
            self._report_missing_reason((*path, "unit"), question)
        if reason and not question.not_applicable:
            self.report(
                (*path, "tidak_berlaku"),
                "tidak-berlaku-dilarang",
                "pertanyaan ini tidak dapat dinyatakan tidak berlaku.",
                "Jawab sesuai skalanya, atau kosongkan.",
                key=question.id,
            )
        elif reason and unit not in (None, NOT_APPLICABLE):
            self.report(
                path,
                "jawaban-ganda",
                "ada jawaban 'unit' dan sekaligus 'tidak_berlaku'.",
                "Pilih salah satu.",
                key=question.id,
            )
        elif reason:
            unit = NOT_APPLICABLE
        answer = Answer(
            unit=unit,
            tpi=self.value((*path, "tpi"), question, known.get("tpi")),
            note=sys.intern(self.text((*path, "catatan"), known.get("catatan"), "'catatan'")),
            tpi_note=self.text((*path, "catatan_tpi"), known.get("catatan_tpi"), "'catatan_tpi'"),
            evidence=self.evidence((*path, "bukti"), known.get("bukti")),
            reason=reason,
            returned=self.text((*path, "kembali"), known.get("kembali"), "'kembali'"),
            tpn=self.value((*path, "tpn"), question, known.get("tpn")),
            tpn_note=self.text((*path, "catatan_tpn"), known.get("catatan_tpn"), "'catatan_tpn'"),
        )
        if answer.tpi is not None and answer.tpi != answer.unit and not answer.tpi_note:
            self.report(
                (*path, "tpi"),
                "tanpa-catatan-tpi",
                "jawaban TPI berbeda dari jawaban unit, tetapi tanpa catatan.",
                "Tulis alasannya di 'catatan_tpi'.",
                key=question.id,
                severity=Severity.WARNING,
            )
        return answer

    def _report_missing_reason(self, path: tuple[str | int, ...], question: Question) -> None:
        self.report(
            path,
            "tanpa-alasan",
            "'tidak berlaku' membutuhkan alasan.",
            f"Tulis 'tidak_berlaku: {question.not_applicable or 'alasannya'}'.",
            key=question.id,
        )

    def answers(self, raw: Any) -> dict[str, Answer]:
        if not isinstance(raw, (dict, type(None))):
            self.report(("jawaban",), "bukan-pemetaan", "'jawaban' harus berisi 'id: jawaban'.")
        found = {}
        for identifier, item in (raw if isinstance(raw, dict) else {}).items():
            question = self.instrument.entries.get(identifier)
            if question is None:
                self._report_unknown(identifier)
            else:
                found[identifier] = self.answer(question, item)
        return {q: found[q] for q in self.instrument.entries if q in found}

    def _report_unknown(self, identifier: str) -> None:
        near = self.problems.nearest(identifier, self.instrument.entries)
        if identifier in self.instrument.nodes:
            hint = "Itu kelompok pertanyaan; jawab pertanyaan di dalamnya."
        elif near:
            hint = f"Mungkin maksudnya '{near}'."
        else:
            hint = "Lihat nomor pertanyaan dengan 'zi-eval instruments --questions'."
        self.report(
            ("jawaban", identifier),
            "butir-tidak-dikenal",
            f"pertanyaan '{identifier}' tidak ada dalam {self.instrument.id}.",
            hint,
        )

    def report_proposals(self, assessment: Assessment) -> None:
        """Say where an answer is open, or another than what its criteria propose; it stays so."""
        for proposal in propose_by_criteria(assessment, self.instrument, Stage.TPI):
            key = proposal.question
            given = assessment.answers.get(key, Answer()).value(Stage.TPI)
            is_new = given is None and proposal.answer is not None
            if not is_new and not proposal.differs(given):
                continue
            wanted = proposal.answer or " atau ".join(proposal.candidates)
            self.report(
                ("jawaban", key),
                "usulan-kriteria",
                f"{proposal.reasons[0]} Usulannya {wanted}; "
                f"{'belum dijawab' if given is None else f'jawabannya {given}'}.",
                "Usulan tidak diisikan sendiri: tetapkan nilainya, lalu tulis alasan bila berbeda.",
                key=key,
                severity=Severity.WARNING,
            )

    def final(self, raw: Any) -> Final | None:
        if raw is None:
            return None
        path: tuple[str | int, ...] = ("evaluasi_final",)
        known = self.mapping(path, raw, ("oleh", "waktu", "alasan"), "'evaluasi_final'")
        if not isinstance(raw, dict):
            return None
        by = self.line((*path, "oleh"), known.get("oleh"), "'oleh'", required=True)
        time = self.time((*path, "waktu"), known.get("waktu"))
        reason = self.text((*path, "alasan"), known.get("alasan"), "'alasan'")
        return Final(by, time, reason) if by and time is not None else None

    def time(self, path: tuple[str | int, ...], raw: Any) -> datetime | None:
        text = self.text(path, raw, "'waktu'", required=True)
        try:
            time = datetime.fromisoformat(text) if text else None
        except ValueError:
            time = None
        if text and (time is None or time.tzinfo is None):
            self.report(
                path,
                "waktu-tidak-sah",
                f"waktu '{text}' tidak sah.",
                "Tulis tanggal, jam, dan zona waktunya, mis. 2026-05-20T14:30:00+07:00.",
            )
        return time

    def explanations(self, raw: Any) -> tuple[Explanation, ...]:
        """Return why doubts do not stand, by the doubt's id."""
        if not isinstance(raw, (dict, type(None))):
            self.report(("penjelasan",), "bukan-pemetaan", "'penjelasan' harus berisi id keraguan.")
        found = []
        for doubt, item in (raw if isinstance(raw, dict) else {}).items():
            path: tuple[str | int, ...] = ("penjelasan", doubt)
            known = self.mapping(path, item, EXPLANATION_KEYS, "isi 'penjelasan'")
            text = self.text((*path, "alasan"), known.get("alasan"), "'alasan'", required=True)
            name = self.line((*path, "oleh"), known.get("oleh"), "'oleh'", required=True)
            role = self.choice((*path, "peran"), known.get("peran"), EXPLAINING_ROLES, "peran")
            time = self.time((*path, "waktu"), known.get("waktu"))
            if text and name and role and time is not None:
                found.append(Explanation(str(doubt), text, name, role, time))
        return tuple(found)

    def remarks(self, raw: Any) -> tuple[Remark, ...]:
        """Return what an import left; each is a warning until its entry is deleted."""
        if not isinstance(raw, (list, type(None))):
            message = "'perlu_dicek' harus berupa daftar; tiap butirnya diawali '-'."
            self.report(("perlu_dicek",), "bukan-daftar", message)
        ids = {"", *self.instrument.nodes, *self.instrument.entries}
        found = []
        for number, item in enumerate(raw if isinstance(raw, list) else ()):
            path: tuple[str | int, ...] = ("perlu_dicek", number)
            known = self.mapping(path, item, REMARK_KEYS, "isi 'perlu_dicek'")
            if not isinstance(item, dict):
                if item is None:
                    self.report(path, "wajib-diisi", "isi 'perlu_dicek' kosong.", "Hapus barisnya.")
                continue
            remark = Remark(
                self.text((*path, "sel"), known.get("sel"), "'sel'", required=True),
                self.text((*path, "sebab"), known.get("sebab"), "'sebab'", required=True),
                self.text((*path, "butir"), known.get("butir"), "'butir'"),
            )
            found.append(remark)
            if remark.question not in ids:
                message = f"pertanyaan '{remark.question}' tidak ada dalam {self.instrument.id}."
                self.report((*path, "butir"), "butir-tidak-dikenal", message)
            elif remark.cell and remark.reason:
                self.report(
                    path,
                    "perlu-dicek",
                    f"dari impor, sel {remark.cell}: {remark.reason}",
                    "Setelah diperiksa, hapus butir ini dari 'perlu_dicek'.",
                    key=remark.question,
                    severity=Severity.WARNING,
                )
        return tuple(found)

    def target(self, top: dict[str, Any], rules: RuleSet) -> str:
        if not rules.bands:
            return self.choice(("target",), top.get("target"), rules.predicates, "target")
        if "target" in top:
            self.report(
                ("target",),
                "target-tidak-dipakai",
                f"{self.instrument.id} tidak memakai 'target': predikatnya mengikuti nilai.",
                "Hapus baris ini.",
            )
        return ""

    def unit(self, top: dict[str, Any]) -> Unit:
        identifier = self.text(("id",), top.get("id"), "'id'", required=True)
        stem = Path(self.source.name).stem
        if identifier and (not UNIT_ID.fullmatch(identifier) or identifier in RESERVED):
            self.report(
                ("id",),
                "id-tidak-sah",
                f"id '{identifier}' tidak sah; pakai huruf kecil, angka, dan tanda hubung "
                "(paling banyak 64), bukan nama yang dipakai sistem.",
            )
        elif identifier and identifier != stem:
            self.report(
                ("id",),
                "id-beda-nama-berkas",
                f"id '{identifier}' tidak sama dengan nama berkas '{stem}'.",
                "Samakan keduanya.",
            )
        flag = top.get("afirmasi", False)
        if not isinstance(flag, bool):
            self.report(("afirmasi",), "bukan-ya-tidak", "'afirmasi' harus true atau false.")
        return Unit(
            id=identifier,
            name=self.line(("nama",), top.get("nama"), "'nama'", required=True),
            kind=self.line(("jenis",), top.get("jenis"), "'jenis'"),
            head=self.line(("kepala",), top.get("kepala"), "'kepala'"),
            is_affirmative=flag is True,
        )


def parse_unit(source: Source, instrument: Instrument, rules: RuleSet, period: str) -> UnitReading:
    """Turn a parsed unit file into an assessment."""
    reader = _UnitReader(source, instrument)
    top = reader.mapping((), source.value, UNIT_KEYS, "berkas unit")
    if not has_errors(source.problems) or top:
        unit = reader.unit(top)
        reader.choice(("instrumen",), top.get("instrumen"), (instrument.id,), "instrumen")
        target = reader.target(top, rules)
        facts = reader.facts(("syarat",), top.get("syarat"), rules.prerequisites_of("unit"))
        said_of = reader.answers(top.get("jawaban"))
        criteria = {key: answer for key, answer in said_of.items() if key in instrument.criteria}
        answers = {key: answer for key, answer in said_of.items() if key in instrument.questions}
        final = reader.final(top.get("evaluasi_final"))
        remarks = reader.remarks(top.get("perlu_dicek"))
        said = reader.explanations(top.get("penjelasan"))
        assessment = Assessment(
            unit, instrument.id, target, period, facts, answers, final, remarks, said, criteria
        )
        reader.report_proposals(assessment)
    problems = tuple(reader.problems)
    lines = {
        sys.intern(".".join(map(str, path))): line  # alike in all units
        for path, line in source.lines.items()
        if path == ("target",) or (len(path) == 2 and path[0] in ("syarat", "jawaban"))
    }
    return UnitReading(None if has_errors(problems) else assessment, problems, source.sha256, lines)


def read_unit(path: Path, instrument: Instrument, rules: RuleSet) -> UnitReading:
    """Read a unit file; the period is the name of its folder.

    Nothing is raised for what is in the file: every problem is in the result, with its line.
    """
    return parse_unit(
        read_yaml(path, is_followed=False), instrument, rules, path.resolve().parent.name
    )
