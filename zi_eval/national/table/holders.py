"""The table of holders of predicates: its headings and its reading."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from zi_eval.core.problems import Problem, has_errors
from zi_eval.core.text import quote
from zi_eval.errors import WorkbookError
from zi_eval.national.holders import Holder
from zi_eval.sheets.rows import RowReader, unreadable
from zi_eval.sheets.table_form import Column, TableForm

__all__ = ["FORM", "read_holders"]

PREDICATES: Final = ("WBK", "WBBM")
COLUMNS: Final = (
    Column("unit", "text", "Id unit: nama berkasnya di folder periode", True),
    Column("predikat", "choice", "WBK atau WBBM", True),
    Column("tanggal", "date", "Tanggal penetapan"),
    Column("keputusan", "text", "Nomor keputusan penetapan"),
    Column("dipantau", "date", "Tanggal monitoring terakhir"),
    Column("jatuh_tempo", "date", "Monitoring berikutnya; kosong: setahun sesudah yang terakhir"),
    Column("dicabut", "date", "Tanggal pencabutan, bila dicabut"),
    Column("sebab", "text", "Sebab pencabutan"),
    Column("replikasi", "text", "Apa yang ditiru unit lain, dan di mana"),
)
OTHER_NAMES: Final = {
    "unit": "id_unit kode_unit satker unit_kerja",
    "predikat": "kategori jenis_predikat",
    "tanggal": "tgl tanggal_penetapan penetapan tmt",
    "keputusan": "nomor_keputusan sk nomor_sk dasar",
    "dipantau": "monitoring monitoring_terakhir tanggal_monitoring",
    "jatuh_tempo": "monitoring_berikutnya batas_monitoring",
    "dicabut": "tanggal_pencabutan pencabutan",
    "sebab": "alasan sebab_pencabutan",
    "replikasi": "replikasi_di",
}
IGNORED: Final = frozenset({"no", "nomor", "nama_unit", "instansi"})
LINES: Final = (
    "Satu baris untuk satu predikat satu unit, juga yang sudah dicabut. Simpan sebagai "
    "parameters/<periode>/tpn/pemegang.xlsx.",
    "Tabel periode sebelumnya berlaku terus sampai ada tabel yang baru.",
    "Yang bertentangan disebut oleh 'zi-eval tpn check' dan 'zi-eval check'.",
)
WIDTHS: Final = {"unit": 22, "keputusan": 30, "sebab": 40, "replikasi": 50}


FORM: Final = TableForm(
    columns=COLUMNS,
    command="tpn template --table pemegang",
    sheet="Pemegang predikat",
    title="Tabel pemegang predikat",
    lines=LINES,
    widths=WIDTHS,
    other_names=OTHER_NAMES,
    choices={"predikat": PREDICATES},
    ignored=IGNORED,
    fewest=2,
)


def read_holders(
    path: Path, year: int, units: Collection[str], sheet: str = ""
) -> tuple[tuple[Holder, ...], tuple[Problem, ...]]:
    """Read a table; nobody where anything is wrong with it.

    Parameters
    ----------
    units
        Ids of the period's units; another is named, and counts as a holder all the same.
    """
    try:
        reader = _Reader(path, FORM, year, sheet)
    except WorkbookError as error:
        return (), (unreadable(path, error),)
    items = reader.read(units)
    problems = tuple(reader.problems)
    return (() if has_errors(problems) else tuple(items)), problems


class _Reader(RowReader):
    """Reads the holders below the headings."""

    def read(self, units: Collection[str]) -> list[Holder]:
        """Return the holders."""
        if not self.find_columns():
            return []
        found: list[Holder] = []
        for row, values in self.data_rows(("unit",), ("predikat",)):
            unit = self.text(values, "unit")
            self.require_text(row, "unit", unit)
            predicate = self.choice(row, values, "predikat")
            if unit and unit not in units:
                near = self.problems.nearest(unit, units)
                self.problems.warning(
                    "unit-tidak-ada",
                    f"unit '{quote(unit)}' tidak ada di periode ini; tetap dihitung memegang.",
                    f"Mungkin maksudnya '{near}'." if near else "Tulis id unit, bukan namanya.",
                    at=(row, self.columns["unit"]),
                    key="unit",
                )
            if not (unit and predicate):
                continue
            days = {
                name: self.date(row, values, name, "tanggalnya")
                for name in ("tanggal", "dipantau", "jatuh_tempo", "dicabut")
            }
            for name in ("tanggal", "dicabut"):
                if days[name] is None and self.text(values, name):
                    self.problems.error(  # unread, it would let a revoked predicate stand
                        "tanggal-menentukan",
                        f"{name} menentukan siapa memegang predikat dan harus terbaca.",
                        "Tulis seperti 30/11/2026.",
                        at=(row, self.columns[name]),
                        key=name,
                    )
            item = Holder(
                unit=unit,
                predicate=predicate,
                awarded=days["tanggal"],
                decree=self.text(values, "keputusan"),
                monitored=days["dipantau"],
                due=days["jatuh_tempo"],
                revoked=days["dicabut"],
                reason=self.text(values, "sebab"),
                replication=self.text(values, "replikasi"),
                row=row + 1,
            )
            self._check(item, found)
            found.append(item)
        return found

    def _check(self, item: Holder, before: list[Holder]) -> None:
        """Report a row twice, and days that cannot follow one another."""
        same = (i for i in before if (i.unit, i.predicate, i.awarded) == _key(item))
        if (first := next(same, None)) is not None:
            self.problems.error(
                "pemegang-ganda",
                f"{item.predicate} unit {item.unit} sudah ada di baris {first.row}.",
                "Hapus salah satunya.",
                at=(item.row - 1, self.columns["unit"]),
                key="unit",
            )
        for name, day in (("dicabut", item.revoked), ("dipantau", item.monitored)):
            if day is not None and item.awarded is not None and day < item.awarded:
                self.problems.warning(
                    "urutan-tanggal",
                    f"{name} sebelum ditetapkan.",
                    at=(item.row - 1, self.columns[name]),
                    key=name,
                )


def _key(item: Holder) -> tuple[str, str, object]:
    return item.unit, item.predicate, item.awarded
