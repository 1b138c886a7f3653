"""Which column of a table of responses holds what: by headings, and by all values below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from zi_eval.sheets.dates import parse_moment
from zi_eval.sheets.grid import Grid, RowProblems, cell_name, cell_reference
from zi_eval.sheets.numbers import decimal_number
from zi_eval.survey.definitions import available_surveys, load_survey
from zi_eval.survey.privacy import mask_text
from zi_eval.survey.profile import attribute_of
from zi_eval.survey.table.cells import LARGEST_SCALE, ResponseError, parse_answer
from zi_eval.survey.table.columns import FACTS, ColumnRole, Roles, find_roles
from zi_eval.survey.values import Survey

__all__ = ["TEMPLATE_HINT", "ResponseColumns", "place_columns"]

LONGEST_HEADING = 60
TYPICAL = 0.5
"""Part of a column's values from which it is what they are: times, or answers."""
TEMPLATE_HINT = "Buat contohnya dengan 'zi-eval survei template'."


@dataclass(frozen=True, slots=True)
class ResponseColumns:
    """The columns of a table of responses, counted from 0.

    Attributes
    ----------
    elements
        By the element's code.
    facts
        By name (:data:`~zi_eval.survey.table.columns.FACTS`); a comment may have several.
    identities
        Those that tell one respondent from another, with the kind of number.
    names
        Those of respondents' names.
    profile
        Those of respondents' sex, age, education and occupation, by attribute.
    ignored, personal
        Headings of columns that are not read, and of those dropped because they are personal.
    """

    elements: dict[str, int] = field(default_factory=dict)
    facts: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in FACTS})
    identities: list[tuple[int, str]] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    profile: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    personal: list[str] = field(default_factory=list)


def place_columns(
    grid: Grid, top: int, survey: Survey, roles: Roles, problems: RowProblems
) -> ResponseColumns:
    """Tell the columns apart by the headings of row ``top``, and by all values below them.

    What is unclear is added to ``problems``, among them each element without a column.
    """
    placer = _Placer(grid, top, survey, roles, problems)
    placer.place_all()
    return placer.columns


class _Placer:
    """Places columns one by one; ``columns`` and ``problems`` grow."""

    def __init__(
        self, grid: Grid, top: int, survey: Survey, roles: Roles, problems: RowProblems
    ) -> None:
        self.grid, self.top, self.survey, self.roles = grid, top, survey, roles
        self.problems, self.columns = problems, ResponseColumns()
        self.elements = self.columns.elements

    def place_all(self) -> None:
        top = self.top
        found: dict[int, tuple[str, ColumnRole]] = {}
        for column, value in enumerate(self.grid.rows[top]):
            text = " ".join(str(value).split()) if value is not None else ""
            if text:
                found[column] = (text, self._role(column, text))
            elif any(row[column] not in ("", None) for row in self.grid.rows[top + 1 :]):
                self.columns.ignored.append("(tanpa judul)")
                self.problems.warning(
                    "judul-kosong",
                    "kolom ini berisi tetapi tanpa judul.",
                    "Isinya tidak dibaca.",
                    at=(top, column),
                )
        for column, (text, role) in self._own_columns(found).items():
            self._place(column, text, role)
        self._confirm(found)
        self._warn_order(found)
        for element in self.survey.elements:
            if element.code not in self.elements:
                self.problems.error(
                    "kolom-tidak-ada",
                    f"kolom {element.code} ({element.name}) tidak ada.",
                    TEMPLATE_HINT,
                    at=(top, None),
                    key=element.code,
                )

    def _role(self, column: int, text: str) -> ColumnRole:
        """Return what a column holds by its heading, and by its values where that may mislead."""
        role, as_time = self.roles.find(text), self.roles.find(text, True)
        if role != as_time:
            moments = (parse_moment(value) is not None for value in self._values(column))
            if _is_typical(moments):
                return as_time
        if role.is_guess:
            answers = (self._is_answer(value, role.name) for value in self._values(column))
            return role if _is_typical(answers) else ColumnRole("unknown")
        return role

    def _values(self, column: int) -> list[object]:
        cells = (row[column] for row in self.grid.rows[self.top + 1 :])
        return [value for value in cells if value not in ("", None)]

    def _is_answer(self, value: object, code: str) -> bool:
        """Whether a value answers a question, maybe on another scale than this survey's."""
        number = decimal_number(value)
        if number is not None:
            return number in range(LARGEST_SCALE + 1)
        element = next(item for item in self.survey.elements if item.code == code)
        try:
            parse_answer(value, self.survey, element)
        except ResponseError:
            return False
        return True

    def _own_columns(
        self, found: Mapping[int, tuple[str, ColumnRole]]
    ) -> Mapping[int, tuple[str, ColumnRole]]:
        """Return the columns without the questions of another survey that stand in the same form.

        A heading that only resembles one of ours is theirs where it is more like a question that
        ours does not ask, or where another column answers ours better.
        """
        claims: dict[int, list[str]] = {}
        answered = Counter(role.name for _, role in found.values() if role.kind == "element")
        for column, (text, role) in found.items():
            if role.kind == "unknown":
                claims[column] = [key for _, key, _ in _claims(text)]
            elif role.kind == "element" and role.is_guess:
                claims[column] = [
                    key
                    for strength, key, words in _claims(text)
                    if strength > role.strength
                    and (
                        answered[role.name] > 1
                        or not any(self.roles.find(word).kind == "element" for word in words)
                    )
                ]
        # Surveys share questions: the one that claims most columns has them.
        counts = Counter(key for keys in claims.values() for key in keys)
        theirs = {
            column: max(keys, key=counts.__getitem__)
            for column, keys in claims.items()
            if keys and self.survey.key not in keys
        }
        for key in dict.fromkeys(theirs.values()):
            columns = [column for column, other in theirs.items() if other == key]
            self.columns.ignored.extend(mask_text(found[c][0])[:LONGEST_HEADING] for c in columns)
            self.problems.warning(
                "survei-lain",
                f"{len(columns)} kolom menanyakan {key.upper()}, tidak dibaca untuk "
                f"{self.survey.short}: {', '.join(cell_reference(self.top, c) for c in columns)}.",
                f"Agar {key.upper()} dihitung, salin berkas ini dengan nama <unit>.{key}.",
                at=(self.top, columns[0]),
            )
        exact = {
            role.name for _, role in found.values() if role.kind == "element" and not role.is_guess
        }
        return {
            column: (text, ColumnRole("unknown") if role.is_guess and role.name in exact else role)
            for column, (text, role) in found.items()
            if column not in theirs
        }

    def _confirm(self, found: Mapping[int, tuple[str, ColumnRole]]) -> None:
        """Say once which headings were taken by likeness."""
        guessed = {
            code: column for code, column in self.elements.items() if found[column][1].is_guess
        }
        if guessed:
            read = ", ".join(
                f"{cell_reference(self.top, c)} = {code}" for code, c in guessed.items()
            )
            self.problems.warning(
                "judul-mirip",
                f"judul kolom dibaca dari katanya: {read}.",
                "Pastikan benar, atau tulis kodenya di depan judul.",
                at=(self.top, min(guessed.values())),
            )

    def _warn_order(self, found: Mapping[int, tuple[str, ColumnRole]]) -> None:
        """Say which columns were told by their number alone, where forms number otherwise."""
        bare = {
            code: self.elements[code]
            for code in self.survey.reordered
            if code in self.elements and found[self.elements[code]][1].is_bare
        }
        if bare:
            names = {element.code: element.name for element in self.survey.elements}
            read = ", ".join(
                f"{cell_reference(self.top, column)} = {names[code]}"
                for code, column in bare.items()
            )
            self.problems.warning(
                "urutan-unsur",
                f"kolom bernomor dibaca menurut formulir yang beredar: {read}.",
                "Sebagian tabel memakai urutan sebaliknya; tulis nama unsurnya di judul kolom.",
                at=(self.top, min(bare.values())),
            )

    def _place(self, column: int, text: str, role: ColumnRole) -> None:
        shown = mask_text(text)[:LONGEST_HEADING]
        if role.kind == "element":
            if role.name in self.elements:
                first = cell_name(self.grid.sheet, self.top, self.elements[role.name])
                self.problems.error(
                    "judul-ganda",
                    f"{role.name} sudah ada di {first}.",
                    "Hapus atau ganti salah satunya.",
                    at=(self.top, column),
                    key=role.name,
                )
                return
            self.elements[role.name] = column
        elif role.kind == "personal":
            self.columns.personal.append(shown)
            if role.name == "nama":
                self.columns.names.append(column)
            elif role.is_respondent and role.name in ("nomor", "telepon", "surel"):
                self.columns.identities.append((column, role.name))
        elif role.kind in FACTS and (role.kind == "comment" or not self.columns.facts[role.kind]):
            self.columns.facts[role.kind].append(column)
        elif (name := attribute_of(text)) and name not in self.columns.profile:
            self.columns.profile[name] = column
        else:
            self.columns.ignored.append(shown)
            if role.kind == "unknown":
                self.problems.warning(
                    "judul-tidak-dikenal",
                    f"judul '{shown}' tidak dikenal.",
                    "Isinya tidak dibaca.",
                    at=(self.top, column),
                )


def _is_typical(found: Iterable[bool]) -> bool:
    """Whether at least half of some values, and one of them, are what was asked."""
    answers = list(found)
    return any(answers) and sum(answers) >= TYPICAL * len(answers)


@lru_cache(maxsize=4096)
def _claims(heading: str) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    """Return the usual surveys that ask what a heading asks.

    Of each: how many letters say so, its key, and what the headings of that question are.
    """
    found = []
    for survey, roles in _packaged():
        role = roles.find(heading)
        if role.kind == "element":
            asked = next(item for item in survey.elements if item.code == role.name)
            found.append((role.strength, survey.key, (asked.name, *asked.headings)))
    return tuple(found)


@lru_cache(maxsize=1)
def _packaged() -> tuple[tuple[Survey, Roles], ...]:
    surveys = [load_survey(key) for key in available_surveys()]
    return tuple((survey, find_roles(survey)) for survey in surveys)
