"""What the app offers: which notebooks, under which name, for which unit or period."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zi_eval.errors import WorkspaceError

__all__ = ["STOCK", "Choice", "Offer", "find_choices", "find_offers", "own_offer"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One notebook of the start page.

    ``parameter`` is what of the notebook's parameters the visitor chooses, if anything: a unit file
    (``"unit_file"``), a period's folder (``"parameters_folder"``), or a folder and one of its units
    with a performance table (``"parameters_folder, unit"``). ``is_form`` says that its page has
    widgets and keeps its kernel; else what was chosen is shown as a report.
    """

    name: str
    title: str
    text: str
    parameter: str = ""
    is_form: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit or period to choose: what the address says, what is shown, what the notebook gets."""

    key: str
    label: str
    value: str | tuple[str, ...]


STOCK = (
    Offer(
        "isi_lke",
        "Isi LKE",
        "Untuk tim unit: jawab pertanyaan, tulis catatan, sebut bukti, dan lihat nilainya.",
    ),
    Offer(
        "verifikasi_tpi",
        "Verifikasi TPI",
        "Untuk evaluator: periksa jawaban dan bukti unit, setujui atau ubah dengan catatan.",
    ),
    Offer(
        "isi_kinerja",
        "Isi kinerja",
        "Untuk unit: isi realisasi, sebab, dan tindak lanjut; lihat apa yang perlu keputusan.",
        "parameters_folder, unit",
        is_form=True,
    ),
    Offer(
        "laporan_unit",
        "Laporan unit",
        "Nilai, putusan, dan yang perlu diperbaiki dari satu unit.",
        "unit_file",
    ),
    Offer(
        "rekap_instansi",
        "Rekap instansi",
        "Semua unit dalam satu periode.",
        "parameters_folder",
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


def find_choices(folder: Path, offer: Offer) -> tuple[Choice, ...]:
    """Return the units or periods of a working folder that an offer can be opened for.

    Looked up anew each time: a unit that was just added can be chosen at once. Newest period first.

    Raises
    ------
    ParameterError
        Where an agency file cannot be read at all.
    """
    if not offer.parameter:
        return ()
    periods = sorted(
        (path for path in (folder / "parameters").glob("[!.]*") if path.is_dir()), reverse=True
    )
    if offer.parameter == "parameters_folder":
        return tuple(Choice(p.name, p.name, f"../parameters/{p.name}") for p in periods)
    if offer.parameter == "parameters_folder, unit":
        from zi_eval.performance.load import find_plans

        return tuple(
            Choice(f"{p.name}/{unit}", f"{unit} ({p.name})", (f"../parameters/{p.name}", unit))
            for p in periods
            for unit in find_plans(p)
        )
    from zi_eval.period.reading import Period

    return tuple(
        Choice(
            f"{period.name}/{unit}",
            f"{unit} ({period.name})",
            f"../parameters/{period.name}/{path.name}",
        )
        for period in periods
        for unit, path in Period.read(period).unit_files.items()
    )
