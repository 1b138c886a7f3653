"""What a form knows, without any widget: the saved answers, their score, and what to show of them.

Every method returns plain values for JSON and may be called from any thread: in current JupyterLab
messages arrive on another thread than cells, and a timer asks for the changes of others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from zi_eval.core.assessment import Agency, Answer, Stage
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Question
from zi_eval.errors import ZiEvalError
from zi_eval.forms.cards import (
    FIELD_WORDS,
    change_row,
    identity_values,
    question_state,
)
from zi_eval.forms.panel import score_panel
from zi_eval.forms.proposals import Proposed, read_proposed
from zi_eval.forms.sheet import IDENTITY, form_sheet, page_of
from zi_eval.improvement.form.way_finder import WayFinder
from zi_eval.journal.fields import FINAL, Change, ConflictError, FieldPlace, Person
from zi_eval.journal.store import AnswerStore
from zi_eval.journal.table import render_changes
from zi_eval.period.reading import Period
from zi_eval.screen.words import person_text, plain_text, short_time

__all__ = ["FormState"]

MOST_REPLIES = 200


@dataclass
class FormState:
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

    store: AnswerStore
    person: Person
    agency: Agency | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _shown: dict[str, Any] = field(default_factory=dict, repr=False)
    _replies: dict[tuple[Any, Any], dict[str, Any]] = field(default_factory=dict, repr=False)
    _made: dict[str, tuple[Any, dict[str, Any]]] = field(default_factory=dict, repr=False)
    _proposed: Proposed = field(default_factory=Proposed, repr=False)
    _told: Proposed = field(default_factory=Proposed, repr=False)
    _is_stale: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        self.ways = WayFinder(self.store, self.evaluation)
        self._pages = {
            q: page_of(self.store.instrument, q) for q in self.store.instrument.questions
        }
        self._handlers: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "open": self._open,
            "change": self._change,
            "agree": self._agree,
            "undo": self._undo,
            "history": self._history,
            "export": self._export,
            "finish": self._finish,
            "way": self.ways.ask,
            "ping": lambda _: {"type": "pong"},
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
        """Score and judge the answers as they are now; takes a few milliseconds."""
        with self._lock:
            store = self.store
            return evaluate(
                store.instrument, store.rules, store.assessment, self.agency, self.stage
            )

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one message of the screen; what is refused is said in one sentence."""
        handler = self._handlers.get(str(message.get("type")))
        head = {"view": message.get("view"), "number": message.get("number")}
        if handler is None:
            return {
                **head,
                "type": "said",
                "text": "Pesan layar tidak dikenal; muat ulang halaman.",
            }
        sender = (message.get("view"), message.get("number"))
        with self._lock:
            if sender in self._replies:  # sent again because the answer took too long
                return {**self._replies[sender], "patch": self._patch()}
            try:
                reply = {**head, **handler(message)}
                if sender[1] is not None:
                    self._replies[sender] = {k: v for k, v in reply.items() if k != "patch"}
                    while len(self._replies) > MOST_REPLIES:
                        del self._replies[next(iter(self._replies))]
                return reply
            except ZiEvalError as error:
                return {**head, "type": "said", "text": str(error), "patch": self._patch()}
            except (KeyError, TypeError, AttributeError):
                return {**head, "type": "said", "text": "Pesan layar rusak; muat ulang halaman."}

    def news(self) -> dict[str, Any] | None:
        """Return what others changed since the last call, None where nothing."""
        with self._lock:
            try:
                changes = self.store.refresh()
            except ZiEvalError as error:
                return {"type": "said", "text": str(error), "patch": {"news": str(error)}}
            is_known = self._proposed is self._told
            if not changes and is_known and self._notices() == self._shown.get("notices", []):
                return None
            patch = self._patch()
            others = [change for change in changes if change.person != self.person]
            if others:
                patch["news"] = self._news_text(others)
            return {"type": "news", "patch": patch} if patch else None

    def refresh_proposals(self) -> None:
        """Read what data propose, once for every time a screen opened; :meth:`news` tells it.

        It takes longer than an answer may, so it is no part of opening.
        """
        with self._lock:
            is_stale, self._is_stale = self._is_stale, False
        if not is_stale:
            return
        try:
            proposed = read_proposed(self.store.path)
        except Exception as error:  # whatever the data hold, the form goes on without them
            is_known = isinstance(error, (ZiEvalError, OSError))
            said = str(error) if is_known else f"{type(error).__name__}: {error}"
            proposed = Proposed(notices=(f"Usulan dari data tidak dapat dibaca. {said}",))
        with self._lock:
            self._proposed = proposed

    def _notices(self) -> list[str]:
        return [*self.store.notices, *self._proposed.notices]

    def _news_text(self, changes: Iterable[Change]) -> str:
        by_person: dict[str, set[str]] = {}
        for change in changes:
            by_person.setdefault(person_text(change), set()).add(change.place.key)
        parts = []
        for who, keys in by_person.items():
            shown = ", ".join(sorted(keys)) if len(keys) <= 3 else f"{len(keys)} isian"
            parts.append(f"{who} mengubah {shown}")
        return f"{'; '.join(parts)}."

    # --- what to show ---

    def _whole(self, evaluation: Evaluation) -> dict[str, Any]:
        """Return everything on the screen that can change."""
        warnings: dict[str, tuple[str, ...]] = {}
        for problem in evaluation.problems:
            warnings[problem.key] = (*warnings.get(problem.key, ()), problem.message)
        values = {
            question.id: self._question(evaluation, question, warnings.get(question.id, ()))
            for question in self.store.instrument.questions.values()
        }
        final = self.store.assessment.final
        return {
            "notices": self._notices(),
            "values": values,
            "identity": identity_values(evaluation, self._proposed.facts),
            "score": score_panel(evaluation),
            "progress": self._progress(values, evaluation),
            "final": f"Evaluasi TPI sudah final (ditetapkan {final.by}, {short_time(final.time)}). "
            "Isian hanya dapat dibaca."
            if final
            else "",
        }

    def _question(
        self, evaluation: Evaluation, question: Question, warnings: tuple[str, ...]
    ) -> dict[str, Any]:
        """Return the state of one question, made anew only where something it shows changed."""
        store, key = self.store, question.id
        answer = store.assessment.answers.get(key, Answer())
        scores = (evaluation.card.values[key], evaluation.unit_card.values[key])
        proposals = self._proposed.answers.get(key, ())
        signature = (answer, scores, len(store.history(key)), warnings, proposals)
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
                proposals=proposals,
            )
            made = self._made[key] = (signature, state)
        return made[1]

    def _patch(self) -> dict[str, Any]:
        """Return what differs from what the screen was last told, and remember it as told."""
        whole = self._whole(self.evaluation())
        patch = {key: value for key, value in whole.items() if value != self._shown.get(key)}
        if "values" in patch:
            told = self._shown.get("values", {})
            patch["values"] = {
                key: value for key, value in whole["values"].items() if value != told.get(key)
            }
        self._shown, self._told = whole, self._proposed
        return patch

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
        self._shown, self._told = self._whole(self.evaluation()), self._proposed
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

    def _conflict(self, error: ConflictError, mine: Any) -> dict[str, Any]:
        change = error.change
        return {
            "type": "conflict",
            "key": error.place.key,
            "field": error.place.field,
            "what": f"{error.place.key} ({FIELD_WORDS.get(error.place.field, error.place.field)})",
            "current": error.current,
            "current_text": plain_text(error.current),
            "mine_text": plain_text(mine or None),
            "who": change.person.name if change else "orang lain",
            "time": change.time.timestamp() if change else None,
            "patch": self._news_patch(),
        }

    def _news_patch(self) -> dict[str, Any]:
        self.store.refresh()
        return self._patch()

    def _agree(self, message: Mapping[str, Any]) -> dict[str, Any]:
        question = str(message["key"])
        self.store.refresh()
        shown = [self.store.get(FieldPlace(question, field)) for field in ("unit", "tpi")]
        if shown != message.get("seen"):
            raise ZiEvalError(f"{question}: jawabannya baru saja diubah orang lain; periksa dulu.")
        change = self.store.confirm(question)
        return {"type": "saved", "time": change.time.timestamp(), "patch": self._patch()}

    def _undo(self, _: Mapping[str, Any]) -> dict[str, Any]:
        undone = self.store.undo()
        if not undone:
            return {"type": "said", "text": "Tidak ada perubahan Anda yang dapat diurungkan."}
        change = undone[-1]
        what = FIELD_WORDS.get(change.place.field, change.place.field)
        text = f"Diurungkan: {change.place.key}, {what} kembali menjadi {plain_text(change.new)}."
        return {"type": "said", "text": text, "key": change.place.key, "patch": self._patch()}

    def _history(self, message: Mapping[str, Any]) -> dict[str, Any]:
        key = str(message["key"])
        rows = [change_row(change) for change in reversed(self.store.history(key))]
        return {"type": "history", "key": key, "changes": rows}

    def _finish(self, message: Mapping[str, Any]) -> dict[str, Any]:
        is_final = message.get("is_final") is True
        values = self._whole(self.evaluation())["values"]
        bare = [key for key, value in values.items() if value["needs_note"]]
        if is_final and bare:
            raise ZiEvalError(
                f"Belum dapat final: {len(bare)} jawaban TPI berbeda dari unit tanpa catatan "
                f"({', '.join(bare[:3])}). Lengkapi catatannya dulu."
            )
        self.store.change(FINAL, True if is_final else None, self.store.get(FINAL))
        text = "Evaluasi ditetapkan final." if is_final else "Evaluasi dibuka kembali."
        return {"type": "said", "text": text, "patch": self._patch()}

    def _export(self, message: Mapping[str, Any]) -> dict[str, Any]:
        try:
            since = date.fromisoformat(str(message.get("since")))
        except ValueError:
            raise ZiEvalError("Isi tanggal mulai, lalu unduh lagi.") from None
        changes = [c for c in self.store.history() if c.time.astimezone().date() >= since]
        unit = self.store.assessment.unit.id
        name = f"perubahan-{unit}-sejak-{since}.csv"
        return {"type": "file", "name": name, "text": render_changes(changes)}
