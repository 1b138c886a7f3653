"""Finding the way that screens ask for, on a thread that no answer waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from zi_eval.core.evaluation import Evaluation
from zi_eval.errors import ZiEvalError
from zi_eval.improvement.effort import UnitEffort
from zi_eval.improvement.form.what_if import WhatIf, read_what_if, show_way
from zi_eval.improvement.load import load_unit_effort
from zi_eval.journal.store import AnswerStore
from zi_eval.period.reading import OVERLAY_FILE

__all__ = ["WayFinder"]


class WayFinder:
    """Keeps each screen's last question for the way until it is answered.

    Parameters
    ----------
    store
        Whose answers they are; it is only read.
    evaluate
        Returns the evaluation of the answers as they are now.
    """

    def __init__(self, store: AnswerStore, evaluate: Callable[[], Evaluation]) -> None:
        self._store = store
        self._evaluate = evaluate
        self._lock = threading.Lock()
        self._asked: dict[Any, tuple[Any, WhatIf]] = {}
        self._effort: UnitEffort | None = None
        self._notice = ""

    @property
    def is_asked(self) -> bool:
        """Whether a screen waits for the way."""
        return bool(self._asked)

    def renew(self) -> None:
        """Read the efforts again before the next way: a screen was opened."""
        self._effort = None

    def ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Note that a screen asks for the way, with all it tries; its last question counts."""
        what_if = read_what_if(self._store.instrument, message)
        with self._lock:
            self._asked[message.get("view")] = (message.get("ask"), what_if)
        return {"type": "asked"}

    def find(self) -> dict[str, Any] | None:
        """Answer one question; it takes longer than an answer of the form may.

        None where nothing is asked, or where a newer question or another answer overtook it: then
        it still stands and is to be found again.
        """
        with self._lock:
            if not self._asked:
                return None
            view, asked = next(iter(self._asked.items()))
        try:
            evaluation = self._evaluate()
            way = show_way(evaluation, self._load_effort(), asked[1])
            is_newest = evaluation.assessment == self._store.assessment
        except Exception as error:  # the form goes on, whatever a team's files hold
            is_known = isinstance(error, (ZiEvalError, OSError))
            said = str(error) if is_known else f"{type(error).__name__}: {error}"
            way, is_newest = {"trouble": f"Jalannya tidak dapat dihitung. {said}"}, True
        with self._lock:
            if not is_newest or self._asked.get(view) is not asked:
                return None
            del self._asked[view]
        return {"type": "way", "view": view, "ask": asked[0], "notice": self._notice, **way}

    def _load_effort(self) -> UnitEffort:
        if self._effort is None:
            path = self._store.path
            self._effort, problems = load_unit_effort(
                path.parent, path.stem, self._store.instrument
            )
            self._notice = f"{OVERLAY_FILE} tidak dipakai: {problems[0]}" if problems else ""
        return self._effort
