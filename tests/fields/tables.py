"""Tables of performance and of surveys with the troubles real ones have, a few in each."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import openpyxl

from tests.fields import Drawn, Written
from zi_eval.core.text import MONTHS
from zi_eval.performance.table.reader import read_plan
from zi_eval.survey.definitions import load_survey
from zi_eval.survey.table.reader import read_responses
from zi_eval.survey.values import Survey

YEAR = 2026
Cell = str | float | int | None
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y")
DAMAGED = ("#REF!", "#N/A", "#DIV/0!")
STATISTICS = ("Rata-rata", "Jumlah", "Modus", "Maksimum")


class Table:
    """Rows under construction: headings, data, and what stands around them."""

    def __init__(self, chance: random.Random, heads: list[str], rows: list[list[Cell]]) -> None:
        self.chance, self.heads, self.rows = chance, heads, rows
        self.above: list[list[Cell]] = []
        self.below: list[list[Cell]] = []
        self.kinds: list[str] = []
        self.sheets: tuple[str, ...] = ()

    def save(self, folder: Path, stem: str) -> Path:
        """Write the table as text in any encoding, or as a workbook."""
        rows = [*self.above, list(self.heads), *self.rows, *self.below]
        if self.sheets or self.chance.random() < 0.4:
            return self._save_workbook(folder / f"{stem}.xlsx", rows)
        separator, encoding = self.chance.choice(";\t"), self.chance.choice(ENCODINGS)
        self.kinds.append(f"csv {encoding}")
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=separator, lineterminator="\r\n").writerows(
            ["" if cell is None else str(cell) for cell in row] for row in rows
        )
        path = folder / f"{stem}.csv"
        path.write_bytes(stream.getvalue().encode(encoding))
        return path

    def _save_workbook(self, path: Path, rows: list[list[Cell]]) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name in self.sheets or ("Sheet1",):
            sheet = book.create_sheet(name)
            # Of another year every figure is another.
            last = rows if name == self.sheets[-1:] or not self.sheets else None
            for row in last or (rows if str(YEAR) in name else [list(self.heads), *self.rows[:1]]):
                sheet.append(row)
        self.kinds.append("xlsx")
        book.save(path)
        return path


def numbering(table: Table) -> None:
    table.rows.insert(0, [f"({n})" for n in range(1, len(table.heads) + 1)])


def title(table: Table) -> None:
    table.above += [["Dinas Contoh"], [f"Tahun {YEAR}"], []]


def signature(table: Table) -> None:
    table.below += [[], ["Contoh, 2 Januari 2026"], ["Kepala Dinas,"], [], ["Sri Contoh"]]


def repeated(table: Table) -> None:
    table.rows.insert(table.chance.randrange(1, len(table.rows) + 1), list(table.heads))


def two_years(table: Table) -> None:
    names = ["Data 2025", f"Data {YEAR}"]
    table.chance.shuffle(names)
    table.sheets = tuple(names)


def gap(table: Table) -> None:
    table.rows.insert(table.chance.randrange(1, len(table.rows) + 1), [None] * len(table.heads))


AROUND: tuple[Callable[[Table], None], ...] = (
    numbering, title, signature, repeated, two_years, gap,
)  # fmt: skip


def surround(table: Table) -> None:
    """Put two of the usual things around or between the rows."""
    for step in table.chance.sample(AROUND, 2):
        step(table)
        table.kinds.append(step.__name__.replace("_", " "))


def write_day(chance: random.Random, day: date) -> str:
    """Write a day as one person or another would."""
    usual = [day.strftime(form) for form in FORMATS]
    return chance.choice([*usual, f"{day.day} {MONTHS[day.month - 1]} {day.year}"])


def write_number(chance: random.Random, value: float) -> str:
    """Write a figure with the comma, and some figures with their unit."""
    text = f"{value:g}".replace(".", ",")
    return chance.choice([text, text, f"{text} %"])


@cache
def ipak() -> Survey:
    return load_survey("ipak")


def draw_survey(chance: random.Random, folder: Path) -> Written:
    """Answers of thirty people under codes or questions, with times and rows of statistics."""
    survey = ipak()
    codes = [e.code for e in survey.elements]
    heads = [*(codes if chance.random() < 0.5 else [e.question for e in survey.elements]), "Waktu"]
    start = datetime(YEAR, 3, 2, 8)
    wanted: dict[str, object] = {}
    rows: list[list[Cell]] = []
    people = [tuple(chance.choice((2, 3, 4)) for _ in codes) for _ in range(30)]
    for number, answers in enumerate(people):
        moment = start + timedelta(minutes=37 * number)
        when = f"{write_day(chance, moment.date())} {moment:%H:%M}"
        rows.append([*answers, when])
        wanted[f"person {number}"] = (*answers, moment)
    table = Table(chance, heads, rows)
    if chance.random() < 0.5:
        table.kinds.append("statistik")
        means = [sum(p[n] for p in people) / len(people) for n in range(len(codes))]
        word = chance.choice(STATISTICS)
        table.below.append([*(f"{m:.2f}".replace(".", ",") for m in means), word])
    surround(table)
    path = table.save(folder, "unit.ipak")

    def read(path: Path) -> Drawn:
        reading = read_responses(path, survey, "unit", year=YEAR)
        found: dict[str, object] = {}
        if reading.data is not None:
            people_read = [(*r.answers, r.time) for r in reading.data.responses]
            found = {f"person {n}": value for n, value in enumerate(people_read)}
            wanted["people"], found["people"] = len(people), len(people_read)
        named = bool(reading.problems)
        return Drawn(tuple(table.kinds), wanted, found, lambda fact: named)

    return Written(path, read)


def draw_performance(chance: random.Random, folder: Path) -> Written:
    """Indicators with figures, limits, money and deadlines as people write them."""
    heads = ["sasaran", "indikator", "satuan", "jenis", "arah", "penjumlahan", "target_tw1",
             "realisasi_tw1", "pagu", "batas_waktu"]  # fmt: skip
    rows: list[list[Cell]] = []
    wanted: dict[str, object] = {}
    items = range(chance.randint(3, 8))
    for number in items:
        target, result = chance.randint(10, 95) + 0.5, float(chance.randint(10, 95))
        money, day = chance.randint(1, 900) * 1_000_000, date(YEAR, chance.randint(1, 12), 15)
        shown = f"{money:,}".replace(",", ".")
        rows.append(
            ["Layanan", f"Indikator {number}", "%", "outcome", "naik", "rata-rata",
             write_number(chance, target), write_number(chance, result),
             chance.choice([shown, f"Rp {shown}", f"Rp{shown},00"]), write_day(chance, day)]
        )  # fmt: skip
        for name, value in (
            ("target", target), ("result", result), ("money", float(money)), ("due", day),
        ):  # fmt: skip
            wanted[f"{name} {number}"] = value
    table = Table(chance, heads, rows)
    if chance.random() < 0.3:
        table.kinds.append("rusak")
        number = chance.randrange(len(rows))
        rows[number][7] = chance.choice(DAMAGED)
        wanted[f"result {number}"] = None
    surround(table)
    path = table.save(folder, "dinas")

    def read(path: Path) -> Drawn:
        reading = read_plan(path, "dinas", YEAR)
        right, found = wanted, {}
        if reading.plan is not None:
            for number, item in enumerate(reading.plan.indicators):
                found |= {
                    f"target {number}": item.targets[0], f"result {number}": item.results[0],
                    f"money {number}": item.ceiling, f"due {number}": item.due,
                }  # fmt: skip
            right = {**wanted, "indicators": len(items)}
            found["indicators"] = len(reading.plan.indicators)
        elif "rusak" in table.kinds:
            # One cell that cannot be read refuses the table, and the refusal names the cell.
            right = dict.fromkeys(wanted)
        named = bool(reading.problems)
        return Drawn(tuple(table.kinds), right, found, lambda fact: named)

    return Written(path, read)
