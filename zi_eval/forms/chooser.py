"""Who works on which unit: the top of a form, where a unit is opened, made or imported."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any, Final

import ipywidgets as widgets

from zi_eval.core.assessment import Unit
from zi_eval.core.problems import has_errors
from zi_eval.core.text import name_order
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.instruments import load_rules
from zi_eval.journal.fields import Person, Role
from zi_eval.journal.proof import current_proof
from zi_eval.journal.store import AnswerStore, create_unit
from zi_eval.lke.intake import WorkbookReading, keep_remarks, read_upload
from zi_eval.period.folders import list_periods
from zi_eval.period.reading import Period
from zi_eval.period.unit_file import UNIT_ID
from zi_eval.screen.live_page import screen_text

__all__ = ["Chooser"]

Open = Callable[[Path, Person], None]
HEAD: Final = 4000
NAME_LINE = re.compile(r"^nama:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
LEVELS = {
    "anggota tim": Role.MEMBER,
    "ketua tim": Role.LEADER,
    "pengendali teknis": Role.SUPERVISOR,
}
STYLE: Final = screen_text("screen/colors.css", "forms/chooser.css")
FIELD = {"description_width": "8.5rem"}
TIGHT = {"width": "auto", "align_self": "flex-start"}
WIDE = {"width": "100%", "max_width": "38rem"}


def _unit_label(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as stream:
        found = NAME_LINE.search(stream.read(HEAD))
    name = found[1].strip("'\"") if found else ""
    return f"{name} ({path.stem})" if name else path.stem


def _text(label: str, **options: Any) -> widgets.Text:
    return widgets.Text(description=label, style=FIELD, layout=WIDE, **options)


def _dropdown(label: str, options: Any, **more: Any) -> widgets.Dropdown:
    return widgets.Dropdown(description=label, options=options, style=FIELD, layout=WIDE, **more)


def _button(label: str, act: Callable[[], None], **options: Any) -> widgets.Button:
    button = widgets.Button(description=label, layout=TIGHT, **options)
    button.on_click(lambda _: act())
    return button


def _folded(label: str, box: widgets.VBox) -> widgets.VBox:
    """Show ``box`` below a button only; a real button, which ipywidgets' own accordion is not."""
    toggle = widgets.ToggleButton(description=label, icon="plus", layout=TIGHT)
    box.layout.display = "none"

    def turn(change: dict[str, Any]) -> None:
        box.layout.display = "" if change["new"] else "none"
        toggle.icon = "minus" if change["new"] else "plus"

    toggle.observe(turn, "value")
    return widgets.VBox([toggle, box])


class Chooser:
    """The widgets above the page.

    Parameters
    ----------
    parameters
        The folder of the periods.
    is_tpi
        Whether evaluators use it: they choose their level, and make no units.
    open_unit
        Called with the file and the person, once both are known.
    """

    def __init__(
        self, parameters: Path, is_tpi: bool, open_unit: Open, *, period: str, unit: str, name: str
    ) -> None:
        self.parameters = parameters
        self.is_tpi = is_tpi
        self.open_unit = open_unit
        self.reading: WorkbookReading | None = None
        periods = [path.name for path in list_periods(parameters)]
        if not periods:
            raise WorkspaceError(f"Belum ada periode di {parameters}. Buat foldernya, mis. 2026.")
        self.name = _text("Nama Anda", value=name, placeholder="nama lengkap, untuk riwayat")
        self.level = _dropdown("Peran", LEVELS)
        if (proof := current_proof()) is not None:
            self.name.value, self.name.disabled = proof.person.name, True
            self.level.disabled = True
            if proof.person.role.is_tpi:
                self.level.value = proof.person.role
        self.period = _dropdown(
            "Periode", periods, value=period if period in periods else periods[0]
        )
        self.unit = _dropdown("Unit", [])
        self.said = widgets.HTML()
        self.period.observe(lambda _: self.list_units(), "value")
        self.new_target = _dropdown("Target", [])
        self.list_units()
        if unit in self.units:
            self.unit.value = unit
        elif unit:
            self.say(f"Unit '{unit}' tidak ada di periode {self.period.value}; pilih yang ada.")
        open_row = _button("Buka", self.open, button_style="primary")
        title = "Verifikasi TPI" if is_tpi else "Pengisian LKE"
        parts: list[widgets.Widget] = [
            widgets.HTML(f"<style>{STYLE}</style><h2>{title}</h2>"),
            self.name,
        ]
        parts += [self.level] if is_tpi else []
        parts += [self.period, self.unit, open_row, self.said]
        parts += [] if is_tpi else [self._make_new(), self._make_import()]
        self.start = widgets.VBox(parts)
        self.start.add_class("zi-chooser").add_class("zi-start")
        self.line = widgets.HTML()
        self.bar = widgets.HBox([_button("Ganti unit atau nama", self.show), self.line])
        self.bar.add_class("zi-chooser")
        self.bar.layout.display = "none"
        self.box = widgets.VBox([self.start, self.bar])

    @property
    def units(self) -> dict[str, Path]:
        """The unit files of the chosen period, by id."""
        return dict(Period.read(self.parameters / self.period.value).unit_files)

    def list_units(self) -> None:
        """Offer the units of the chosen period by name."""
        labels = [(_unit_label(path), unit) for unit, path in self.units.items()]
        kept = self.unit.value
        labels.sort(key=lambda label: name_order(label[0]))
        self.unit.options = [("– pilih unit –", ""), *labels]
        self.unit.value = kept if kept in dict(labels).values() else ""
        self._list_targets()

    def _list_targets(self) -> None:
        """Offer what units of the chosen period build for; nothing where the score decides."""
        period = Period.read(self.parameters / self.period.value)
        is_broken = has_errors(period.problems)
        rules = load_rules(self.instrument) if is_broken else period.rules()
        self.new_target.options = () if rules.bands else rules.predicates
        self.new_target.value = None if rules.bands else rules.predicates[0]
        self.new_target.layout.display = "none" if rules.bands else ""

    @property
    def instrument(self) -> str:
        """The instrument of the chosen period."""
        return Period.read(self.parameters / self.period.value).instrument_id

    def say(self, text: str, problems: Iterable[str] = (), *, is_good: bool = False) -> None:
        """Show a sentence, and what was found in a file."""
        items = "".join(f"<li>{escape(problem)}</li>" for problem in problems)
        kind = "zi-right" if is_good else "zi-wrong"
        self.said.value = f'<p role="status" class="{kind}">{escape(text)}</p><ul>{items}</ul>'

    def person(self) -> Person | None:
        """Return who works here; None, with a sentence shown, while the name is missing."""
        proof = current_proof()
        if proof is not None and proof.person.role.is_tpi != self.is_tpi:
            notebook = "Verifikasi TPI" if proof.person.role.is_tpi else "Pengisian LKE"
            self.say(f"Kunci Anda berperan {proof.person.role.value}; buka {notebook}.")
            return None
        if proof is not None:
            return proof.person
        name = self.name.value.strip()
        if not name:
            self.say("Isi nama Anda dulu; setiap perubahan dicatat dengan nama.")
            return None
        return Person(name, self.level.value if self.is_tpi else Role.UNIT)

    def open(self) -> None:
        """Open the chosen unit."""
        person = self.person()
        if person is None:
            return
        if not self.unit.value:
            self.say("Pilih unit dulu.")
            return
        self._open(self.units[self.unit.value], person)

    def _open(self, path: Path, person: Person) -> None:
        try:
            self.open_unit(path, person)
        except ZiEvalError as error:
            self.say(f"Unit {path.stem} tidak dapat dibuka.", str(error).splitlines())
            return
        self.line.value = (
            f"<p>{escape(person.name)} ({escape(person.role.value)}), "
            f"periode {escape(path.parent.name)}</p>"
        )
        self.start.layout.display, self.bar.layout.display = "none", ""

    def show(self) -> None:
        """Show the choice again."""
        self.list_units()
        self.said.value = ""
        self.start.layout.display, self.bar.layout.display = "", "none"

    # --- a new unit ---

    def _make_new(self) -> widgets.VBox:
        self.new_id = _text("Kode unit", placeholder="mis. dinas-kesehatan; jadi nama berkasnya")
        self.new_name = _text("Nama unit", placeholder="mis. Dinas Kesehatan")
        self.new_kind = _text("Jenis unit", placeholder="mis. Dinas (boleh kosong)")
        make = _button("Buat unit dan buka", self.make_unit)
        box = widgets.VBox([self.new_id, self.new_name, self.new_kind, self.new_target, make])
        return _folded("Unit baru", box)

    def _create(self) -> Path | None:
        unit = self.new_id.value.strip()
        if not UNIT_ID.fullmatch(unit):
            self.say("Kode unit: pakai huruf kecil, angka, dan tanda hubung, mis. dinas-kesehatan.")
            return None
        if unit in self.units:
            self.say(f"Unit '{unit}' sudah ada; buka dari daftar, atau pakai kode lain.")
            return None
        name = self.new_name.value.strip() or unit
        folder = self.parameters / self.period.value
        made = Unit(unit, name, self.new_kind.value.strip())
        return create_unit(folder, made, self.new_target.value or "")

    def make_unit(self) -> None:
        """Make an empty unit and open it; one that exists is never overwritten."""
        person = self.person()
        try:
            path = self._create() if person else None
        except ZiEvalError as error:
            self.say(str(error))
            return
        if path is not None and person is not None:
            self._open(path, person)

    # --- a workbook ---

    def _make_import(self) -> widgets.VBox:
        kinds = ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv"
        self.upload = widgets.FileUpload(accept=kinds, description="Pilih LKE")
        self.upload.layout = widgets.Layout(**TIGHT)
        self.upload.observe(lambda change: self.take(change["new"]), "value")
        as_new = _button("Simpan sebagai unit baru", self.import_new)
        into = _button("Isi yang masih kosong pada unit terpilih", self.import_into)
        self.choices = widgets.HBox([as_new, into], layout={"display": "none", "flex_flow": "wrap"})
        hint = widgets.HTML(
            "<p>Jawaban, catatan, dan bukti unit diambil; nilai di lembar kerja tidak dipakai. "
            "Unit baru memakai kode, nama, dan target dari bagian 'Unit baru'.</p>"
        )
        box = widgets.VBox([hint, self.upload, self.choices])
        return _folded("Impor lembar kerja LKE atau tabel CSV", box)

    def take(self, files: Iterable[Any]) -> None:
        """Read what was uploaded and say what was found in it."""
        for file in files:
            try:
                name, data = str(file["name"]), bytes(file["content"])
                self.reading = read_upload(name, data, self.instrument, self.period.value)
            except ZiEvalError as error:
                self.reading = None
                self.choices.layout.display = "none"
                self.say(str(error))
                return
            reading = self.reading
            self.say(
                f"Lembar '{reading.sheet}': {_found(reading)} ditemukan, "
                f"{len(reading.problems)} keterangan. Pilih ke mana jawaban ini disimpan.",
                (_place(problem.cell) + problem.message for problem in reading.problems),
                is_good=True,
            )
            self.choices.layout.display = ""

    def _import(self, path: Path | None, person: Person | None) -> None:
        if path is None or person is None or self.reading is None:
            return
        with AnswerStore.open(path, person) as store:
            known = {**store.assessment.answers, **store.assessment.criteria}
            answered = [key for key, answer in known.items() if answer.unit is not None]
            store.fill_empty({**self.reading.answers, **self.reading.criteria})
        keep_remarks(path, self.reading, answered)
        self._open(path, person)

    def import_new(self) -> None:
        """Make a unit of the workbook's answers."""
        person = self.person()
        try:
            self._import(self._create() if person else None, person)
        except ZiEvalError as error:
            self.say(str(error))

    def import_into(self) -> None:
        """Fill what the chosen unit has not answered yet; what is there stays."""
        person = self.person()
        if person and not self.unit.value:
            self.say("Pilih unit yang hendak dilengkapi dulu.")
            return
        try:
            self._import(self.units[self.unit.value] if person else None, person)
        except ZiEvalError as error:
            self.say(str(error))


def _found(reading: WorkbookReading) -> str:
    count = len(reading.criteria)
    return f"{reading.answered} jawaban" + (f" dan {count} kriteria" if count else "")


def _place(cell: str) -> str:
    return f"{cell}: " if cell else ""
