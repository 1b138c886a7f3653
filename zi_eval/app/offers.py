"""What the app offers: which notebooks, under which name, for whom, for which unit or period."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zi_eval.core.text import name_order
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.period.folders import list_periods
from zi_eval.period.reading import Period

__all__ = [
    "ROLES",
    "STOCK",
    "Choice",
    "Offer",
    "Place",
    "find_choice",
    "find_choices",
    "find_offers",
    "find_places",
    "own_offer",
]

ROLES = {
    "unit": "Tim unit",
    "tpi": "Tim Penilai Internal",
    "laporan": "Hasil",
    "": "Lainnya",
}
"""For whom an offer is, in the order of the start page."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One notebook of the start page.

    Attributes
    ----------
    parameter
        What of the notebook's parameters the visitor chooses, if anything: a unit file
        (``"unit_file"``), a period's folder (``"parameters_folder"``), or a period, by name or by
        folder, and a unit (``"period, unit"``, ``"parameters_folder, unit"``).
    role
        For whom it is, a key of :data:`ROLES`.
    of
        Which units can be chosen: all (``"unit"``), those with a performance table (``"plan"``) or
        with a survey (``"survey"``).
    whole
        What the choice of no unit is called; empty where one must be chosen.
    is_form
        Whether its page has widgets and keeps its kernel; else it is shown as a report.
    """

    name: str
    title: str
    text: str
    parameter: str = ""
    role: str = ""
    of: str = "unit"
    whole: str = ""
    is_form: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit or period to choose: what the address says, what is shown, what the notebook gets."""

    key: str
    label: str
    value: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A period as a visitor knows it: the agency by its name, the year, whether it is a sample."""

    period: Period
    agency: str
    is_sample: bool

    @property
    def name(self) -> str:
        """The name of the period's folder."""
        return self.period.folder.name

    @property
    def title(self) -> str:
        """What a visitor reads."""
        return f"{self.agency}, {self.name}" if self.agency else self.name


STOCK = (
    Offer(
        "isi_lke",
        "Isi LKE",
        "Jawab pertanyaan, tulis catatan, sebut bukti, dan lihat nilainya.",
        "period, unit",
        role="unit",
        whole="pilih di formulir, atau unit baru",
        is_form=True,
    ),
    Offer(
        "isi_kinerja",
        "Isi kinerja",
        "Isi realisasi, sebab, dan tindak lanjut; lihat apa yang perlu keputusan.",
        "parameters_folder, unit",
        role="unit",
        of="plan",
        is_form=True,
    ),
    Offer(
        "isi_rencana",
        "Isi rencana ZI",
        "Laporkan kegiatan bulan demi bulan, sebut buktinya, dan tambah kegiatan.",
        "parameters_folder, unit",
        role="unit",
        is_form=True,
    ),
    Offer(
        "tindak_lanjut",
        "Tindak lanjut",
        "Catat yang dikerjakan atas rekomendasi dan temuan; TPI memeriksa buktinya.",
        "parameters_folder, unit",
        role="unit",
        whole="pilih di formulir, atau instansi",
        is_form=True,
    ),
    Offer(
        "verifikasi_tpi",
        "Verifikasi TPI",
        "Periksa jawaban dan bukti unit, setujui atau ubah dengan catatan.",
        "period, unit",
        role="tpi",
        whole="pilih di formulir",
        is_form=True,
    ),
    Offer(
        "lhe",
        "LHE",
        "Laporan hasil evaluasi satu unit, untuk disunting di Word atau dicetak.",
        "period, unit",
        role="tpi",
    ),
    Offer(
        "kalibrasi_tpi",
        "Kalibrasi TPI",
        "Bahan rapat: pertanyaan yang dibahas lebih dulu, dan ke mana penilaian berbeda.",
        "parameters_folder",
        role="tpi",
    ),
    Offer(
        "laporan_unit",
        "Laporan unit",
        "Nilai, putusan, dan yang perlu diperbaiki.",
        "unit_file",
        role="laporan",
    ),
    Offer(
        "survei",
        "Survei",
        "Indeks persepsi, unsur terlemah, dan mutu datanya.",
        "parameters_folder, unit",
        role="laporan",
        of="survey",
    ),
    Offer(
        "rencana_zi",
        "Rencana kerja ZI",
        "Yang terlambat, kemajuan per area, dan yang dibawa rencana ke nilai.",
        "parameters_folder, unit",
        role="laporan",
        of="workplan",
    ),
    Offer(
        "tren",
        "Tren",
        "Yang berubah dari tahun ke tahun, dan sebabnya.",
        "parameters_folder, unit",
        role="laporan",
        whole="seluruh instansi",
    ),
    Offer(
        "rekap_instansi",
        "Rekap instansi",
        "Semua unit dalam satu halaman.",
        "parameters_folder",
        role="laporan",
    ),
)
"""The project's own notebooks. A team's other notebooks are shown only when asked for by name,
so that nobody's draft is on the start page by surprise."""


def find_offers(notebooks: Path) -> tuple[Offer, ...]:
    """Return the offers whose notebook is in the folder."""
    return tuple(offer for offer in STOCK if (notebooks / f"{offer.name}.ipynb").is_file())


def own_offer(notebooks: Path, name: str) -> Offer:
    """Return the offer of one notebook of the folder, named with or without ``.ipynb``.

    Raises
    ------
    WorkspaceError
        Where the folder has no such notebook.
    """
    stem = name.removesuffix(".ipynb")
    known = sorted(path.stem for path in notebooks.glob("*.ipynb"))
    if stem not in known:
        there = f"Yang ada: {', '.join(known)}." if known else "Folder itu tidak berisi notebook."
        raise WorkspaceError(f"Notebook {name} tidak ada di {notebooks}. {there}")
    for offer in STOCK:
        if offer.name == stem:
            return offer
    return Offer(stem, stem.replace("_", " ").capitalize(), "")


def find_places(folder: Path) -> tuple[Place, ...]:
    """Return the periods of a working folder: own ones first, of each kind the newest first."""
    parameters = folder / "parameters"
    found = list_periods(parameters) if parameters.is_dir() else ()
    return tuple(sorted(map(_place, found), key=lambda place: place.is_sample))


def _place(folder: Path) -> Place:
    period = Period(folder)
    try:
        agency = period.agency.agency
    except ZiEvalError:  # said where its units are asked for
        agency = None
    if agency is None:
        return Place(period, "", False)
    return Place(period, agency.name, agency.is_sample)


def find_choices(period: Period, offer: Offer) -> tuple[Choice, ...]:
    """Return what of a period an offer can be opened for: units by name, or the period.

    Looked up anew for each visit: a unit that was just added can be chosen at once.

    Raises
    ------
    ParameterError
        Where an agency file cannot be read at all.
    """
    if not offer.parameter:
        return ()
    name = period.folder.name
    folder = f"../parameters/{name}"
    if offer.parameter == "parameters_folder":
        return (Choice(name, name, folder),) if period.unit_files else ()
    home = name if offer.parameter == "period, unit" else folder
    units = _units(period, offer)
    named = [(_label(period, unit), unit) for unit in units]
    labels = [label for label, _ in named]
    choices = [
        Choice(
            f"{name}/{unit}",
            label if labels.count(label) == 1 else f"{label} ({unit})",
            f"{folder}/{period.unit_files[unit].name}"
            if offer.parameter == "unit_file"
            else (home, unit),
        )
        for label, unit in sorted(named, key=lambda pair: name_order(pair[0]))
    ]
    if offer.whole and (choices or offer.is_form):
        choices.insert(0, Choice(name, f"({offer.whole})", (home, "")))
    return tuple(choices)


def find_choice(folder: Path, offer: Offer, key: str) -> Choice | None:
    """Return the choice that an address names, if there is such a one."""
    name = key.partition("/")[0]
    parameters = folder / "parameters"
    found = list_periods(parameters) if parameters.is_dir() else ()
    period = next((path for path in found if path.name == name), None)
    if period is None:
        return None
    return next((c for c in find_choices(Period(period), offer) if c.key == key), None)


def _units(period: Period, offer: Offer) -> tuple[str, ...]:
    if offer.of == "plan":
        from zi_eval.performance.load import find_plans

        return tuple(find_plans(period.folder))
    if offer.of == "workplan":
        from zi_eval.workplan.files import TABLES

        return tuple(TABLES.find_all(period.folder))
    if offer.of == "survey":
        from zi_eval.survey.files import find_surveys

        return tuple(find_surveys(period))
    return tuple(period.unit_files)


def _label(period: Period, unit: str) -> str:
    """Return a unit's name; of a file that cannot be read, nothing is known but its id."""
    path = period.find_unit(unit)
    if path is None:
        return unit
    try:
        return period.read_head(path)[0] or unit
    except (ZiEvalError, OSError):
        return unit
