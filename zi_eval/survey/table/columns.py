"""What each column of a table of responses holds, by its heading: an element, a fact, or a person.

Headings come from people, from Google Forms (question texts, grids in brackets), Microsoft Forms
(``Start time``, ``Completion time``, ``Email``, ``Name``) and KoboToolbox (``group/U1``,
``_submission_time``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from zi_eval.core.text import fold
from zi_eval.survey.privacy import identity_kind
from zi_eval.survey.values import GROUPINGS, Survey

__all__ = ["FACTS", "TEXTS", "ColumnRole", "Roles", "find_roles"]

TEXTS = (*GROUPINGS, "comment")
"""What a column can hold that people wrote, beside elements."""
FACTS = (*TEXTS, "time", "start", "seconds")
"""What a column can hold beside elements."""
CLOSE = 0.85
"""Likeness from which a heading is taken for a question's text, with a warning."""
DISTINCT = 9
"""Letters from which a heading inside a longer one tells its element, e.g. ``percaloan``."""
SHORTEST, LONGEST = 12, 150
"""Letters of a heading that is compared with whole questions."""
BRACKETS = re.compile(r"\[([^\[\]]{1,120})\]\s*$")
NUMBERING = re.compile(r"^\s*(?:\d{1,2}|[a-zA-Z])\s*[.)]\s+")
OTHERS = re.compile(r"petugas|enumerator|surveyor|pencacah|pewawancara|pendata")
"""A column about these says nothing of the respondent, though it is as personal."""


@dataclass(frozen=True, slots=True)
class ColumnRole:
    """What a column holds.

    Attributes
    ----------
    kind
        ``element``, ``personal``, ``ignored``, ``unknown`` or one of :data:`FACTS`.
    name
        The element's code, or the kind of personal data.
    is_guess
        Whether it was taken by likeness only.
    strength
        Letters of what the heading shares with the element, all of them where it is no guess.
    is_respondent
        Whether personal data are those of the respondent.
    is_bare
        Whether an element was told by its code alone.
    """

    kind: str
    name: str = ""
    is_guess: bool = False
    strength: int = 0
    is_respondent: bool = True
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Roles:
    """How headings are told apart for one survey."""

    elements: dict[str, str]
    facts: dict[str, str]
    codes: tuple[tuple[str, str], ...]
    questions: tuple[tuple[str, str], ...]
    reordered: tuple[str, ...] = ()

    def find(self, heading: str, is_time: bool = False) -> ColumnRole:
        """Return what a column holds; ``is_time`` says that its first value is a date."""
        forms = _forms(heading)
        for form in forms:
            if is_time and self.facts.get(form) in ("time", "start"):
                return ColumnRole(self.facts[form])
            if form in self.elements:
                code = self.elements[form]
                is_bare = (form, code) in self.codes
                return ColumnRole("element", code, strength=len(form), is_bare=is_bare)
            if form in self.facts:
                kind = self.facts[form]
                return ColumnRole(kind)
        for form in forms:
            for prefix, code in self.codes:
                if form.startswith(f"{prefix} "):
                    told = self._reordered(form.removeprefix(prefix))
                    return ColumnRole("element", told or code, is_bare=not told)
        near, strength = ("", 0) if is_time else self._near(forms)
        if near:
            return ColumnRole("element", near, is_guess=True, strength=strength)
        for form in forms:
            for prefix, kind in self.facts.items():
                if kind in TEXTS and form.startswith(f"{prefix} "):
                    return ColumnRole(kind)
        kind = identity_kind(heading)
        if kind:
            return ColumnRole("personal", kind, is_respondent=not OTHERS.search(forms[0]))
        return ColumnRole("unknown")

    def _reordered(self, words: str) -> str:
        """Return the element whose number varies and that these words name, else nothing."""
        named = {
            code
            for text, code in self.elements.items()
            if code in self.reordered and f" {text} " in f" {words.strip()} "
        }
        return named.pop() if len(named) == 1 else ""

    def _near(self, forms: Sequence[str]) -> tuple[str, int]:
        """Return the one element a heading speaks of and how many letters say so, else nothing.

        It starts with one of the element's headings, or holds one that is long enough to mean
        nothing else, or is nearly the element's question.
        """
        for form in forms:
            starts = {t: c for t, c in self.elements.items() if form.startswith(f"{t} ")}
            if len(set(starts.values())) == 1:
                return _longest(starts)
        for form in forms:
            inside = {
                text: code
                for text, code in self.elements.items()
                if len(text) >= DISTINCT and f" {text} " in f" {form} "
            }
            if len(set(inside.values())) == 1:
                return _longest(inside)
        form = forms[0]
        if not SHORTEST <= len(form) <= LONGEST:
            return "", 0
        close = [code for question, code in self.questions if _is_close(form, question)]
        return (close[0], len(form)) if len(close) == 1 else ("", 0)


def _longest(found: Mapping[str, str]) -> tuple[str, int]:
    text = max(found, key=len)
    return found[text], len(text)


def _is_close(form: str, question: str) -> bool:
    """Whether two texts are nearly the same; what bounds their likeness is asked first."""
    if 2 * min(len(form), len(question)) / (len(form) + len(question)) < CLOSE:
        return False
    matcher = SequenceMatcher(None, form, question)
    return matcher.quick_ratio() >= CLOSE and matcher.ratio() >= CLOSE


def find_roles(survey: Survey) -> Roles:
    """Return how the headings of a survey's tables are told apart."""
    elements: dict[str, str] = {}
    for item in survey.elements:
        for text in (item.code, item.name, item.question, *item.headings):
            elements.setdefault(fold(text), item.code)
    facts = {fold(text): kind for kind, headings in survey.columns.items() for text in headings} | {
        fold(kind): kind for kind in ("komentar", "layanan", "saluran") if kind in survey.columns
    }
    return Roles(
        elements=elements,
        facts=facts,
        codes=tuple((fold(item.code), item.code) for item in survey.elements),
        questions=tuple((fold(item.question), item.code) for item in survey.elements),
        reordered=survey.reordered,
    )


def _forms(heading: str) -> Sequence[str]:
    """Return the ways to read a heading, the whole of it first."""
    text = " ".join(heading.split())[:300]
    forms = [text, NUMBERING.sub("", text)]
    found = BRACKETS.search(text)
    if found:
        forms += [found[1], NUMBERING.sub("", found[1])]
    if "/" in text:
        forms.append(text.rpartition("/")[2])
    return tuple(dict.fromkeys(folded for form in forms if (folded := fold(form)))) or ("",)
