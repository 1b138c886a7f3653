"""What a form knows, without any widget: the saved answers, their score, and what to show of them.

Every method returns plain values for JSON and may be called from any thread: in current JupyterLab
messages arrive on another thread than cells, and a timer asks for the changes of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from zi_eval.core.assessment import Agency, Answer, Stage
from zi_eval.core.criteria import propose_grade
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Question
from zi_eval.core.text import day_text
from zi_eval.doubts.load import find_doubts
from zi_eval.doubts.verdict import DoubtedVerdict, judge_with_doubts, lower
from zi_eval.errors import ZiEvalError
from zi_eval.evidence.kept import keep_file
from zi_eval.forms.cards import FIELD_WORDS, identity_values, question_state
from zi_eval.forms.day import day_work
from zi_eval.forms.evidence import ArrivingFiles, evidence_folder
from zi_eval.forms.panel import doubt_rows, score_panel
from zi_eval.forms.proposals import Proposed, read_proposed
from zi_eval.forms.sheet import IDENTITY, form_sheet, page_of
from zi_eval.improvement.form.way_finder import WayFinder
from zi_eval.journal.fields import (
    FINAL,
    Change,
    ConflictError,
    FieldPlace,
    Person,
    check_right,
    now,
)
from zi_eval.journal.store import AnswerStore
from zi_eval.journal.table import render_changes
from zi_eval.period.reading import Period
from zi_eval.screen.state import Handler, LiveState
from zi_eval.screen.words import short_time

__all__ = ["FormState"]

MOST_CHANGES: Final = 300
"""How many changes a screen lists; a file to save holds them all."""


class FormState(LiveState):
    """One unit's answers in the hands of one person.

    Parameters
    ----------
    store
        The open file of the unit.
    person
        Who works on it, as the store knows them.
    agency
        The agency above the unit, whose facts its prerequisites need.
    """

    PARTS = "values"
    LABELS = FIELD_WORDS

    def __init__(self, store: AnswerStore, person: Person, agency: Agency | None = None) -> None:
        self.store, self.person, self.agency = store, person, agency
        self.ways = WayFinder(store, self.evaluation)
        super().__init__(store)
        self._arriving = ArrivingFiles()
        self._made: dict[str, tuple[Any, dict[str, Any]]] = {}
        self._proposed = self._told = Proposed()
        self._is_stale = False
        self._pages = {q: page_of(store.instrument, q) for q in store.instrument.questions}

    def _more_handlers(self) -> Mapping[str, Handler]:
        return {
            "agree": self._agree,
            "attach": self._attach,
            "changes": self._changes,
            "explain": self._explain,
            "export": self._export,
            "finish": self._finish,
            "way": self.ways.ask,
        }

    @classmethod
    def open(cls, path: Path, person: Person) -> FormState:
        """Open a unit's file, with the agency's file beside it where there is one."""
        return cls(AnswerStore.open(path, person), person, Period.read(path.parent).agency.agency)

    def close(self) -> None:
        """Write what is still to be written and let go of the file."""
        with self._lock:
            self.store.close()

    @property
    def stage(self) -> Stage:
        """Whose answers the score counts: the unit's own, or the TPI's laid over them."""
        return Stage.TPI if self.person.role.is_tpi else Stage.UNIT

    def evaluation(self) -> Evaluation:
        """Score and judge the answers as they are now, with what speaks against the verdicts."""
        return lower(*self._judged())

    def _judged(self) -> tuple[Evaluation, Mapping[str, DoubtedVerdict]]:
        """Return the scores and the doubted verdicts; takes a few milliseconds.

        What speaks against the verdict is what the answers say, and what the data say that were
        read since a screen opened (:meth:`refresh_proposals`).
        """
        with self._lock:
            store, case = self.store, self._proposed.case
            scored = evaluate(
                store.instrument, store.rules, store.assessment, self.agency, self.stage
            )
        doubts = find_doubts(scored) if case is None else case.doubts_on(scored, case.chance)
        return scored, judge_with_doubts(scored, doubts)

    def refresh_proposals(self) -> None:
        """Read what data propose, once for every time a screen opened; :meth:`news` tells it.

        It takes longer than an answer may, so it is no part of opening.
        """
        with self._lock:
            is_stale, self._is_stale = self._is_stale, False
        if not is_stale:
            return
        try:
            proposed = read_proposed(self.store.path, self.stage)
        except Exception as error:  # whatever the data hold, the form goes on without them
            is_known = isinstance(error, (ZiEvalError, OSError))
            said = str(error) if is_known else f"{type(error).__name__}: {error}"
            proposed = Proposed(notices=(f"Usulan dari data tidak dapat dibaca. {said}",))
        with self._lock:
            self._proposed = proposed

    def _notices(self) -> list[str]:
        return [*super()._notices(), *self._proposed.notices]

    def _is_outdated(self) -> bool:
        return self._proposed is not self._told or super()._is_outdated()

    def _of_others(self, changes: Iterable[Change]) -> list[Change]:
        return [change for change in changes if change.person != self.person]

    # --- what to show ---

    def _whole(self) -> dict[str, Any]:
        scored, verdicts = self._judged()
        evaluation = lower(scored, verdicts)
        warnings: dict[str, tuple[str, ...]] = {}
        for problem in evaluation.problems:
            warnings[problem.key] = (*warnings.get(problem.key, ()), problem.message)
        values = {
            question.id: self._question(evaluation, question, warnings.get(question.id, ()))
            for question in self.store.instrument.questions.values()
        }
        final = self.store.assessment.final
        why = f" Alasannya: {final.reason}" if final and final.reason else ""
        return {
            "notices": [*self._notices(), *_left_by_import(evaluation)],
            "values": values,
            "identity": identity_values(evaluation, self._proposed.facts),
            "score": {
                **score_panel(evaluation),
                "doubt_list": doubt_rows(verdicts[evaluation.target.predicate]),
            },
            "progress": self._progress(values, evaluation),
            "final": f"Evaluasi TPI sudah final (ditetapkan {final.by}, {short_time(final.time)}). "
            f"Isian hanya dapat dibaca.{why}"
            if final
            else "",
            "unfinished": _unfinished(values, evaluation),
        }

    def _question(
        self, evaluation: Evaluation, question: Question, warnings: tuple[str, ...]
    ) -> dict[str, Any]:
        """Return the state of one question, made anew only where something it shows changed."""
        store, key = self.store, question.id
        answer = store.assessment.answers.get(key, Answer())
        scores = (evaluation.card.values[key], evaluation.unit_card.values[key])
        proposals = self._proposed.answers.get(key, ())
        own = propose_grade(key, store.assessment, store.instrument, self.stage)
        proposals = proposals if own is None else (own, *proposals)
        criteria = store.instrument.criteria_of(key)
        said_of = tuple(store.assessment.criteria.get(criterion) for criterion in criteria)
        signature = (answer, scores, len(store.history(key)), warnings, proposals, said_of)
        made = self._made.get(key)
        if made is None or made[0] != signature:
            state = question_state(
                evaluation,
                question,
                self.person.role,
                store.decisions(key),
                is_again=bool(answer.returned) and store.is_answered_again(key),
                returned_by=self._returned_by(key) if answer.returned else None,
                warnings=warnings,
                folder=evidence_folder(store.path),
                proposals=proposals,
            )
            made = self._made[key] = (signature, state)
        return made[1]

    def _patch(self) -> dict[str, Any]:
        self._told = self._proposed
        return super()._patch()

    def _returned_by(self, question: str) -> Change | None:
        place = FieldPlace(question, "kembali")
        changes = (c for c in reversed(self.store.history(question)) if c.place == place)
        return next(changes, None)

    def _progress(
        self, values: Mapping[str, Mapping[str, Any]], evaluation: Evaluation
    ) -> dict[str, Any]:
        undone = "unchecked" if self.person.role.is_tpi else "open"
        counts: dict[str, list[int]] = {}
        for question, page in self._pages.items():
            for key in (page, "semua"):
                done_total = counts.setdefault(key, [0, 0])
                done_total[0] += undone not in values[question]["flags"]
                done_total[1] += 1
        facts = evaluation.rules.prerequisites_of("unit")
        counts[IDENTITY] = [len(facts.keys() & evaluation.assessment.facts.keys()), len(facts)]
        return {
            key: {"done": done, "total": total, "text": f"{done}/{total}" if total else ""}
            for key, (done, total) in counts.items()
        }

    # --- what the screen asks ---

    def _open(self, _: Mapping[str, Any]) -> dict[str, Any]:
        self._shown, self._told = self._whole(), self._proposed
        self._is_stale = True
        self.ways.renew()
        store = self.store
        form = form_sheet(store.instrument, store.rules, store.assessment, self.person.role)
        return {"type": "whole", "form": form, **self._shown}

    def _change(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Make one step of one or several changes: ``{key, field, value, seen}`` each."""
        wanted = [
            (FieldPlace(str(part["key"]), str(part["field"])), part.get("value"), part.get("seen"))
            for part in message["parts"]
        ]
        if any(place == FINAL for place, *_ in wanted):
            raise ZiEvalError("Status final diubah dengan tombolnya.")
        try:
            change = self.store.change_many([self._with_reason(*part) for part in wanted])[0]
        except ConflictError as error:
            mine = next((value for place, value, _ in wanted if place == error.place), None)
            return self._conflict(error, mine)
        except ZiEvalError as error:
            current = [self.store.get(place) for place, *_ in wanted]
            return {"type": "refused", "text": str(error), "current": current}
        return {"type": "saved", "time": change.time.timestamp(), "patch": self._patch()}

    def _with_reason(self, place: FieldPlace, value: Any, seen: Any) -> tuple[FieldPlace, Any, Any]:
        """Empty an answer "tidak berlaku" by its reason, which holds it."""
        reason = FieldPlace(place.key, "tidak_berlaku")
        if place.field == "unit" and value is None and self.store.get(reason):
            return reason, None, self.store.get(reason)
        return place, value, seen

    def _take_back(self, message: Mapping[str, Any]) -> Sequence[Change]:
        return self.store.undo()

    def _changes_of(self, key: str) -> Sequence[Change]:
        return self.store.history(key)

    def _agree(self, message: Mapping[str, Any]) -> dict[str, Any]:
        question = str(message["key"])
        self.store.refresh()
        shown = [self.store.get(FieldPlace(question, field)) for field in ("unit", "tpi")]
        if shown != message.get("seen"):
            raise ZiEvalError(f"{question}: jawabannya baru saja diubah orang lain; periksa dulu.")
        change = self.store.confirm(question)
        return {"type": "saved", "time": change.time.timestamp(), "patch": self._patch()}

    def _attach(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Take a part of a file; once it is whole, keep it and say where.

        The screen then adds it to the evidence there, as what is typed, so that it never
        contradicts what somebody is typing meanwhile.
        """
        question = str(message["key"])
        place = FieldPlace(question, "bukti")
        if question not in self.store.instrument.entries:
            raise ZiEvalError(f"Pertanyaan {question[:40]} tidak ada.")
        check_right(place, self.person, self.store.assessment.final is not None)
        content = self._arriving.take(message)
        if content is None:
            return {"type": "arriving", "key": question, "file": message["file"]}
        folder = evidence_folder(self.store.path)
        path = keep_file(folder, question, str(message["name"]), content)
        return {"type": "kept", "key": question, "file": message["file"], "path": path}

    def _explain(self, message: Mapping[str, Any]) -> dict[str, Any]:
        doubt, text = str(message["doubt"]), str(message.get("text") or "")
        scored, verdicts = self._judged()
        rows = doubt_rows(verdicts[scored.target.predicate])
        if all(row["id"] != doubt for row in rows):
            raise ZiEvalError("Keraguan itu sudah tidak ada: nilainya berubah. Periksa lagi.")
        self.store.explain(doubt, text)
        said = "Penjelasan disimpan atas nama Anda." if text.strip() else "Penjelasan dicabut."
        return {"type": "said", "text": said, "patch": self._patch()}

    def _finish(self, message: Mapping[str, Any]) -> dict[str, Any]:
        is_final = message.get("is_final") is True
        values = self._whole()["values"]
        bare = [key for key, value in values.items() if value["needs_note"]]
        if is_final and bare:
            raise ZiEvalError(
                f"Belum dapat final: {len(bare)} jawaban TPI berbeda dari unit tanpa catatan "
                f"({', '.join(bare[:3])}). Lengkapi catatannya dulu."
            )
        value: bool | str | None = None
        if is_final:
            self._require_named()
            reason = str(message.get("reason") or "").strip()
            unfinished = _unfinished(values, self.evaluation())
            if unfinished and self.agency is not None and self.agency.is_strict:
                raise ZiEvalError(f"Belum dapat final: {unfinished}. Selesaikan dulu.")
            if unfinished and not reason:
                raise ZiEvalError(f"Belum dapat final: {unfinished}. Tulis alasannya dulu.")
            value = reason if unfinished else True
        self.store.change(FINAL, value, self.store.get(FINAL))
        text = "Evaluasi ditetapkan final." if is_final else "Evaluasi dibuka kembali."
        return {"type": "said", "text": text, "patch": self._patch()}

    def _require_named(self) -> None:
        """Refuse whoever the agency does not name for the role, where it names anybody."""
        role = self.person.role.value
        named = self.agency.team.get(role, ()) if self.agency else ()
        if named and self.person.name.casefold() not in {name.casefold() for name in named}:
            raise ZiEvalError(
                f"'{self.person.name}' tidak terdaftar sebagai {role} di instansi.yaml "
                f"({', '.join(named)})."
            )

    def _since(self, message: Mapping[str, Any]) -> tuple[date, list[Change]]:
        try:
            since = date.fromisoformat(str(message.get("since")))
        except ValueError:
            raise ZiEvalError("Isi tanggal mulai, lalu coba lagi.") from None
        return since, [c for c in self.store.history() if c.time.astimezone().date() >= since]

    def _changes(self, message: Mapping[str, Any]) -> dict[str, Any]:
        since, changes = self._since(message)
        if message.get("mine") is True:
            changes = [change for change in changes if change.person == self.person]
        shown = changes[: -MOST_CHANGES - 1 : -1]
        # The browser writes the day in the language of its own, so it is said in words too.
        said = f"{len(changes)} perubahan sejak {day_text(since)}."
        if len(shown) < len(changes):
            said += f" Tampil {len(shown)} yang terakhir; CSV memuat semuanya."
        rows = [{**self._row(change), "where": change.place.key} for change in shown]
        work = day_work(self.store.history(), self.person, now().date(), self.store.get)
        return {"type": "changes", "said": said, "changes": rows, "work": work}

    def _export(self, message: Mapping[str, Any]) -> dict[str, Any]:
        since, changes = self._since(message)
        unit = self.store.assessment.unit.id
        name = f"perubahan-{unit}-sejak-{since}.csv"
        return {"type": "file", "name": name, "text": render_changes(changes)}


def _unfinished(values: Mapping[str, Mapping[str, Any]], evaluation: Evaluation) -> str:
    """Count what a final evaluation would leave open; empty where nothing is."""
    answers = evaluation.assessment.answers
    counts = {
        "pertanyaan belum diperiksa": sum("unchecked" in v["flags"] for v in values.values()),
        "tanpa jawaban TPI": sum(key not in answers or answers[key].tpi is None for key in values),
        "dikembalikan ke unit": sum("returned" in value["flags"] for value in values.values()),
        "keraguan atas putusan": len(evaluation.target.doubts),
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def _left_by_import(evaluation: Evaluation) -> list[str]:
    """Return what an import left that stands at no question; the others stand at theirs."""
    questions = evaluation.instrument.questions
    return [
        problem.message
        for problem in evaluation.problems
        if problem.code == "perlu-dicek" and problem.key not in questions
    ]
