"""Reading the parts that unit and agency files share: texts, allowed keys, facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zi_eval.core.assessment import Fact
from zi_eval.core.problems import Location, ProblemList, Severity
from zi_eval.core.rules import Prerequisite
from zi_eval.core.text import tidy_text
from zi_eval.yaml_files.source import Source

__all__ = ["KeyReader", "Section", "parse_fact"]

Path = tuple[str | int, ...]


class KeyReader:
    """Reads values from a :class:`~zi_eval.yaml_files.source.Source` and collects what is wrong.

    ``problems`` grows as the methods are called; each problem carries file and line.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: ProblemList[Path] = ProblemList(
            source.name, lambda path: Location(source.line(path)), source.problems
        )

    def report(
        self,
        path: Path,
        code: str,
        message: str,
        hint: str = "",
        key: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Add a problem at the line of ``path``."""
        add = self.problems.error if severity is Severity.ERROR else self.problems.warning
        add(code, message, hint, at=path, key=key)

    def mapping(self, path: Path, value: Any, allowed: Iterable[str], what: str) -> dict[str, Any]:
        """Return ``value`` as a mapping without its unknown keys, which are reported."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.report(path, "bukan-pemetaan", f"{what} harus berisi pasangan 'kunci: nilai'.")
            return {}
        names = tuple(allowed)
        known: dict[str, Any] = {}
        for key, item in value.items():
            if key in names:
                known[key] = item
                continue
            near = self.problems.nearest(key, names)
            hint = f"Mungkin maksudnya '{near}'." if near else f"Yang boleh: {', '.join(names)}."
            self.report((*path, key), "kunci-tidak-dikenal", f"kunci '{key}' tidak dikenal.", hint)
        return known

    def text(self, path: Path, value: Any, what: str, required: bool = False) -> str:
        """Return a text, tidied, as it was written, also where it looks like a number."""
        if value is None or value == "":
            if required:
                self.report(path, "wajib-diisi", f"{what} wajib diisi.")
            return ""
        if isinstance(value, (dict, list)):
            self.report(path, "bukan-teks", f"{what} harus berupa teks.")
            return ""
        return tidy_text(self.source.texts.get(path, str(value)))

    def line(self, path: Path, value: Any, what: str, required: bool = False) -> str:
        """Return a text as :meth:`text` does, on one line."""
        return self.text(path, value, what, required).replace("\n", " ")

    def choice(self, path: Path, value: Any, allowed: Iterable[str], what: str) -> str:
        """Return one of ``allowed``, matched without regard to case; "" where it is none."""
        text = self.text(path, value, what, required=True)
        names = {name.casefold(): name for name in allowed}
        if text and text.casefold() not in names:
            self.report(
                path,
                "kata-tidak-dikenal",
                f"{what} '{text}' tidak dikenal; yang boleh: {', '.join(names.values())}.",
            )
        return names.get(text.casefold(), "")

    def facts(
        self, path: Path, value: Any, prerequisites: Mapping[str, Prerequisite]
    ) -> dict[str, Fact]:
        """Return what is stated of each prerequisite; an empty one stays unknown."""
        found: dict[str, Fact] = {}
        known = self.mapping(path, value, prerequisites, "'syarat'")
        for key, raw in known.items():
            if raw is None:
                continue
            fact, wanted = parse_fact(prerequisites[key], raw)
            if fact is None:
                self.report(
                    (*path, key),
                    "syarat-tidak-sah",
                    f"nilai '{self.source.texts.get((*path, key), raw)}' tidak sah; "
                    f"yang boleh: {wanted}.",
                    key=key,
                )
            else:
                found[key] = fact
        return found


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an agency file that a topic parses itself, raw and with the lines of the file."""

    source: Source
    key: str

    @property
    def value(self) -> Any:
        """What stands under the key; None where nothing does."""
        top = self.source.value
        return top.get(self.key) if isinstance(top, dict) else None

    def reader(self) -> KeyReader:
        """Return a reader for the keys below; what is wrong with the file itself is not its own."""
        return KeyReader(replace(self.source, problems=()))


def parse_fact(item: Prerequisite, raw: Any) -> tuple[Fact | None, str]:
    """Return the fact (None where it is not valid) and what is allowed."""
    if item.kind == "yes":
        words = {"ya": True, "tidak": False}
        if isinstance(raw, bool):
            return raw, ""
        return words.get(str(raw).strip().casefold()), "Ya atau Tidak"
    if item.kind == "grade":
        return _parse_grade(item, raw)
    unit = f" ({item.unit_of_measure})" if item.unit_of_measure else ""
    allowed = f"angka 0 atau lebih{unit}"
    if isinstance(raw, str):
        try:
            raw = float(raw.rstrip("% ").replace(",", "."))
        except ValueError:
            return None, allowed
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not 0 <= raw < float("inf"):
        return None, allowed
    if item.unit_of_measure == "%" and raw > 100:
        return None, "angka 0 sampai 100 (%)"
    return float(raw), allowed


def _parse_grade(item: Prerequisite, raw: Any) -> tuple[Fact | None, str]:
    """Return a grade, or the score it is stated by where the rule set gives scores for it."""
    grades = {grade.casefold(): grade for grade in item.grades}
    grade = grades.get(str(raw).strip().casefold())
    allowed = ", ".join(item.grades)
    if grade is not None or not item.bands:
        return grade, allowed
    top = item.bands[-1].upto
    try:
        score = float(str(raw).strip().replace(",", ".")) if not isinstance(raw, bool) else -1.0
    except ValueError:
        score = -1.0
    return score if 0 <= score <= top else None, f"{allowed}, atau nilainya dari 0 sampai {top:g}"
