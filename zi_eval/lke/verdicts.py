"""Judging single cells of a workbook: right, or suspect of what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zi_eval.lke.cells import describe, number_text
from zi_eval.lke.model import Expected, Model, is_same
from zi_eval.lke.tables import COUNT, OTHER, scale_type
from zi_eval.sheets.calc import Scalar, compile_formula
from zi_eval.sheets.cells import CellPlace, SheetCell
from zi_eval.sheets.functions import ErrorValue, UnknownFormula
from zi_eval.sheets.grid import cell_reference, column_index

__all__ = [
    "SAVED_CLOSE",
    "Suspect",
    "judge_cell",
    "judge_elsewhere",
    "judge_saved",
    "named_cells",
    "show",
]

CELL = re.compile(
    r"(?<![A-Za-z0-9_!'\]])\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?(?![(\w])"
)
LONGEST = 160
SAVED_CLOSE = 1e-7
"""Relative difference up to which a saved value is its formula's: programs save 15 digits."""
ROLE_NAMES = {
    "node": "nilai",
    "value": "nilai pertanyaan",
    "total": "jumlah",
    "ratio": "persentase",
    "derived": "jumlah",
    "percent": "persen",
    "recap": "angka rekap",
    "recap-percent": "persen rekap",
}
TYPED_CODES = {
    "ratio": "rasio-diketik",
    "derived": "jumlah-diketik",
    "input": "angka-di-baris-jumlah",
    "recap": "rekap-diketik",
}


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cell that is not as it should be, before its points are known."""

    code: str
    key: str
    message: str
    found: str
    expected: str
    is_fixable: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether it is a formula that could not be understood."""
        return self.code.endswith("tidak-dikenal")


def show(cell: SheetCell) -> str:
    """Return a cell as a finding shows it."""
    if cell.formula:
        text = cell.formula
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    if cell.value is None:
        return "kosong"
    if isinstance(cell.value, ErrorValue):
        return cell.value.code
    if isinstance(cell.value, float):
        return number_text(cell.value)
    return describe(cell.value)


def _is_number(value: Scalar) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def judge_cell(
    model: Model, place: CellPlace, expected: Expected, kinds: Mapping[str, str]
) -> Suspect | None:
    """Return what is wrong with a cell of the model, None where it is right."""
    cell = model.cells.get(place, SheetCell())
    if expected.role == "type":
        return _judge_type(model, cell, expected, kinds)
    if expected.role in ("weight", "recap-weight"):
        return _judge_weight(model, place, cell, expected)
    if cell.formula:
        return _judge_formula(model, place, cell, expected)
    return _judge_typed(cell, expected)


def _judge_type(
    model: Model, cell: SheetCell, expected: Expected, kinds: Mapping[str, str]
) -> Suspect | None:
    question = model.instrument.questions.get(expected.key)
    wanted = COUNT if question is None else scale_type(question.scale)
    kind = kinds.get(expected.key, wanted)
    if kind == wanted:
        return None
    message = "tipe jawaban diubah, sehingga jawabannya bisa tidak dikenali rumus nilainya."
    if kind not in ("", OTHER):
        message = "tipe jawaban diganti tipe lain; nilainya dihitung dengan skala yang salah."
    return Suspect(
        "tipe-berubah", expected.key, message, show(cell), str(expected.value), is_fixable=True
    )


def _judge_weight(
    model: Model, place: CellPlace, cell: SheetCell, expected: Expected
) -> Suspect | None:
    value = cell.value
    if cell.formula:
        try:
            # Over the right workbook, so that another damage does not show here as well.
            value = _value(compile_formula(cell.formula)(model.probes()[0].value, place[0]))
        except UnknownFormula:
            value = cell.value
    code = "bobot-berubah" if expected.role == "weight" else "rekap-bobot"
    wanted = expected.value
    if is_same(value, wanted) and _is_number(value):
        return None
    if not _is_number(value) and expected.role == "recap-weight" and cell.value is None:
        return None
    return Suspect(
        code, expected.key, "bobotnya bukan bobot instrumen.", show(cell), show(SheetCell(wanted)),
        is_fixable=True,
    )  # fmt: skip


def _value(value: object) -> Scalar:
    return value if isinstance(value, float | int | str | bool | ErrorValue) else None


def _judge_typed(cell: SheetCell, expected: Expected) -> Suspect | None:
    """Judge a cell that should hold a formula and holds none."""
    role, name = expected.role, ROLE_NAMES.get(expected.role, "angka")
    if role in ("percent", "input", "recap", "recap-percent") and not _is_number(cell.value):
        return None
    if cell.value is None:
        code, message = "rumus-hilang", f"rumus {name} tidak ada."
        if role == "derived":
            message = "rumus jumlahnya tidak ada; jumlahnya harus dihitung dari rinciannya."
    elif isinstance(cell.value, ErrorValue):
        code, message = "rumus-galat", f"rumus {name} hilang dan yang tersisa galat."
    else:
        code = TYPED_CODES.get(role, "rumus-diganti-angka")
        message = f"rumus {name} ditimpa {'angka' if _is_number(cell.value) else 'teks'} ketikan."
        if role == "input":
            message = "ada angka di baris jumlah, yang dapat ikut terhitung dalam rata-rata."
    return Suspect(code, expected.key, message, show(cell), expected.formula, is_fixable=True)


def _judge_formula(
    model: Model, place: CellPlace, cell: SheetCell, expected: Expected
) -> Suspect | None:
    is_recap = expected.role.startswith("recap")
    prefix = "rekap-" if is_recap else "rumus-"

    def suspect(code: str, message: str) -> Suspect:
        return Suspect(code, expected.key, message, show(cell), expected.formula, is_fixable=True)

    if "#REF!" in cell.formula.upper():
        return suspect(f"{prefix}galat", "rumusnya menunjuk sel yang sudah dihapus (#REF!).")
    if "[" in cell.formula:
        return suspect("tautan-luar", "rumusnya mengambil angka dari buku kerja lain.")
    try:
        if model.is_right(place, cell.formula):
            return None
    except UnknownFormula:
        # Only what was saved can be held against what is right; see judge_saved for the rest.
        message = "rumusnya memakai fungsi yang tidak dapat diperiksa."
        return Suspect(
            f"{prefix}tidak-dikenal", expected.key, message, show(cell), expected.formula
        )
    return suspect(*_what_is_wrong(model, place, cell, expected, prefix))


def named_cells(formula: str) -> set[tuple[int, int]]:
    """Return the cells of its own sheet that a formula names."""
    found: set[tuple[int, int]] = set()
    for left, top, right, bottom in CELL.findall(formula.upper()):
        columns = range(column_index(left), column_index(right or left) + 1)
        rows = range(int(top) - 1, int(bottom or top))
        if len(columns) * len(rows) < 2000:
            found |= {(row, column) for row in rows for column in columns}
    return found


def _what_is_wrong(
    model: Model, place: CellPlace, cell: SheetCell, expected: Expected, prefix: str
) -> tuple[str, str]:
    """Return code and message of a formula that gives the wrong thing."""
    if prefix == "rekap-":
        return "rekap-salah-rujuk", "angkanya diambil dari baris lain atau dihitung lain."
    plan = model.plans[0]
    children = model.instrument.children.get(expected.key, ())
    by_row = {plan.rows[key]: key for key in children if key in plan.rows}
    if expected.role != "node" or not by_row:
        return "rumus-salah", f"rumus {ROLE_NAMES.get(expected.role, 'ini')} memberi angka lain."
    named = {row for row, column in named_cells(cell.formula) if column == place[2]}
    left_out = [key for row, key in by_row.items() if row not in named]
    strange = sorted(named - set(by_row))
    if left_out:
        is_mean = model.instrument.is_mean(expected.key)
        code = "pertanyaan-keluar-rata-rata" if is_mean else "bagian-keluar-jumlah"
        message = f"rumusnya tidak membaca {', '.join(left_out)}"
        if strange:
            cells = ", ".join(cell_reference(row, place[2]) for row in strange[:6])
            message += f"; yang dibaca justru {cells}"
        return code, f"{message}."
    if strange:
        cells = ", ".join(cell_reference(row, place[2]) for row in strange[:6])
        return "rumus-baca-baris-lain", f"rumusnya juga membaca {cells}, yang bukan bagiannya."
    return "rumus-salah", "rumusnya membaca baris yang benar, tetapi menghitungnya lain."


def judge_elsewhere(model: Model, place: CellPlace, cell: SheetCell) -> Suspect | None:
    """Judge a formula outside the model: broken, or taken from another workbook."""
    if place in model.expected:
        return None
    if "#REF!" in cell.formula.upper():
        message = "rumusnya menunjuk sel yang sudah dihapus (#REF!)."
        return Suspect("rumus-galat", "", message, show(cell), "rumus tanpa #REF!")
    if re.search(r"\[[^\]]+\][^!]*!", cell.formula):
        message = "rumusnya mengambil angka dari buku kerja lain."
        return Suspect("tautan-luar", "", message, show(cell), "angka dari buku kerja ini")
    return None


def judge_saved(
    model: Model, suspects: Mapping[CellPlace, Suspect]
) -> Iterator[tuple[CellPlace, Suspect]]:
    """Yield the formulas whose saved value is not what they give for the saved values they read.

    So only the first cell of a chain is named, not all that follow from it.
    """

    class Missing(Exception):
        pass

    def saved(place: CellPlace) -> Scalar:
        cell = model.cells.get(place)
        if cell is None:
            return None
        if cell.formula and cell.value is None:
            raise Missing
        return cell.value

    for place, cell in model.cells.items():
        if not cell.formula or cell.value is None:
            continue
        try:
            value = _value(compile_formula(cell.formula)(saved, place[0]))
        except (UnknownFormula, Missing, RecursionError):
            continue
        value = 0.0 if value is None else value
        if is_same(value, cell.value, SAVED_CLOSE) and _same_text(value, cell.value):
            continue
        expected = model.expected.get(place)
        yield (
            place,
            Suspect(
                "nilai-basi",
                expected.key if expected else "",
                "nilai yang tersimpan bukan hasil rumusnya; buku kerja belum dihitung ulang.",
                show(SheetCell(cell.value)),
                show(SheetCell(value)),
                is_fixable=True,
            ),
        )


def _same_text(one: Scalar, other: Scalar) -> bool:
    """Whether two values that are no figures are the same; an error is as good as any other."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return True
