"""Files and folders that nothing reads: a table named after no unit counts for nobody."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from zi_eval.core.problems import Problem, Severity, nearest
from zi_eval.core.text import fold
from zi_eval.period.declared import YAML_SUFFIXES
from zi_eval.period.reading import Period
from zi_eval.period.unit_tables import SUFFIXES

__all__ = ["describe_folder", "stray_folders", "stray_tables", "stray_top_files"]


def stray_tables(
    period: Period, tables: Iterable[tuple[str, Path]], others: Iterable[str] = ()
) -> tuple[Problem, ...]:
    """Return a warning for each table whose unit has no file, with the nearest unit.

    A period without any unit file is one of tables only; then nothing is astray.

    Parameters
    ----------
    tables
        Unit ids as the names of the tables say them, each with its file.
    others
        What a table may be named after besides.
    """
    units = period.unit_files and (*period.unit_files, *others)
    return tuple(
        Problem(
            code="tabel-tanpa-unit",
            message=f"tidak ada unit '{unit}'; tabel ini tidak masuk laporan dan rekap mana pun.",
            hint=f"Mungkin maksudnya '{near}': ganti nama berkasnya."
            if (near := nearest(unit, units))
            else f"Yang ada: {', '.join(units)}.",
            severity=Severity.WARNING,
            file=str(path),
        )
        for unit, path in (tables if units else ())
        if unit not in units
    )


def describe_folder(path: Path) -> str:
    """Say why a place for a folder is none; empty where it is one, or nothing is there."""
    if path.is_dir() or not os.path.lexists(path):
        return ""
    if path.is_symlink():
        return "ini tautan simbolik yang tidak sampai ke sebuah folder"
    return "ini berkas, bukan folder"


def stray_folders(period: Period, names: Iterable[str]) -> tuple[Problem, ...]:
    """Return what is wrong with the folders of tables: no folder, or another spelling of its name.

    Where names have capitals, ``Kinerja`` is another folder than ``kinerja``, and is not read.
    """
    wanted = {fold(name): name for name in names}
    found = [
        Problem(
            code="folder-tabel",
            message=f"{said}; tabel di situ tidak dibaca.",
            hint=f"Jadikan folder bernama {name} yang berisi tabelnya.",
            file=str(period.folder / name),
        )
        for name in wanted.values()
        if (said := describe_folder(period.folder / name))
    ]
    for path in sorted(period.folder.iterdir(), key=lambda path: path.name):
        name = wanted.get(fold(path.name), path.name)
        is_other = path.name != name and path.is_dir()
        if is_other and not (period.folder / name).exists():
            found.append(
                Problem(
                    code="nama-folder",
                    message=f"folder ini tidak dibaca; namanya harus persis '{name}'.",
                    hint="Ganti namanya.",
                    severity=Severity.WARNING,
                    file=str(path),
                )
            )
    return tuple(found)


def stray_top_files(period: Period, folders: Iterable[str]) -> tuple[Problem, ...]:
    """Return a warning for each spreadsheet beside the unit files, and each unit file in disguise.

    ``dpmptsp.yaml.txt`` is what Notepad makes of a unit file; Windows shows it as ``dpmptsp.yaml``.

    Parameters
    ----------
    folders
        Where the tables of a period are read, for the hint.
    """
    found = []
    for path in sorted(period.folder.iterdir(), key=lambda path: path.name):
        # ~$ is what Excel puts beside a workbook that is open.
        if path.name.startswith((".", "~$")):
            continue
        if path.suffix.lower() in (*SUFFIXES, ".xlsb"):
            hint = (
                f'LKE: masukkan dengan `zi-eval import "{path}" --unit ID`; '
                f"tabel: pindahkan ke salah satu folder {', '.join(folders)}."
            )
        elif path.suffix.lower() == ".txt" and Path(path.stem).suffix.lower() in YAML_SUFFIXES:
            hint = f"Berkas unit? Ganti namanya menjadi {path.stem}."
        else:
            continue
        if not path.is_file():
            continue
        found.append(
            Problem(
                code="berkas-tak-dibaca",
                message="berkas ini tidak dibaca; di samping folder tabel hanya berkas .yaml.",
                hint=hint,
                severity=Severity.WARNING,
                file=str(path),
            )
        )
    return tuple(found)
