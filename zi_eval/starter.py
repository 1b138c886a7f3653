"""What a fresh working folder starts with: the notebooks, an agency, a filled example."""

from __future__ import annotations

from pathlib import Path

from zi_eval.errors import WorkspaceError

__all__ = ["add_notebooks", "notebook_path", "starter_folder", "write_workspace"]

PACKAGE = Path(__file__).resolve().parent
MANUAL = "README.md"
"""Of the notebooks, for whoever goes on in Python."""
SAMPLE_FILES = ("*.yaml", "kinerja/*", "rencana-zi/*", "survei/*", "tindak-lanjut/*", "tpn/*")
"""What of a sample's period is copied: no journals, nothing an editor left behind."""
AGENCY_TEMPLATE = """\
# Data instansi untuk satu periode. Kosongkan yang belum diketahui: laporan menyebutnya.
nama: Nama Instansi
jenis: kabupaten   # provinsi, kabupaten, kota, kementerian, atau lembaga
tahun:              # diisi bila nama folder ini tidak memuat tahun, mis. 2026
aturan: {rules}   # atau nama berkas aturan sendiri di folder ini, mis. aturan.yaml
syarat:
  opini_bpk:         # TMP, TW, WDP, atau WTP
  sakip_instansi:    # D, C, CC, B, BB, A, atau AA
  indeks_rb:         # D, C, CC, B, BB, A, atau AA
  spip:              # tingkat kematangan, mis. 3
"""


def starter_folder() -> Path:
    """Return the folder that holds ``notebooks/`` and ``parameters/`` to start from.

    In an installed package they lie inside it; in a checkout, beside it.
    """
    packaged = PACKAGE / "starter_files"
    return packaged if packaged.is_dir() else PACKAGE.parent


def notebook_path(root: Path, name: str) -> Path:
    """Return a team's own notebook where its folder has one, else the packaged one."""
    for folder in (root / "notebooks", starter_folder() / "notebooks"):
        path = folder / f"{name}.ipynb"
        if path.is_file():
            return path
    raise WorkspaceError(f"Notebook {name}.ipynb tidak ditemukan. Pasang ulang zi-eval.")


def add_notebooks(folder: Path) -> list[Path]:
    """Add the notebooks that a working folder, e.g. of an older version, does not have yet.

    Returns
    -------
    Those that were added; what is there is never overwritten.

    Raises
    ------
    WorkspaceError
        Where this is no working folder.
    """
    if not folder.is_dir():
        raise WorkspaceError(f"Folder {folder} tidak ada. Buat dengan 'zi-eval init {folder}'.")
    if not any((folder / name).is_dir() for name in ("notebooks", "parameters")):
        raise WorkspaceError(
            f"Folder {folder.resolve()} bukan folder kerja: tidak ada notebooks/ dan parameters/ "
            "di dalamnya. Sebut folder kerja dengan --folder, atau buat dengan 'zi-eval init DIR'."
        )
    added = []
    for source in sorted((starter_folder() / "notebooks").glob("*.ipynb")):
        target = folder / "notebooks" / source.name
        if target.exists():
            continue
        target.parent.mkdir(exist_ok=True)
        try:
            with target.open("xb") as file:
                file.write(source.read_bytes())
        except FileExistsError:
            continue  # another start was faster
        added.append(target)
    return added


def write_workspace(target: Path, period: str, example: str) -> list[Path]:
    """Write a fresh working folder and return the files written; nothing is overwritten.

    Parameters
    ----------
    period
        Name of the period's folder, e.g. ``"2026"``: an empty agency goes there.
    example
        Name of the folder under ``parameters/`` for the filled sample agency.

    Raises
    ------
    WorkspaceError
        Where a file to write is already there.
    """
    source = starter_folder()
    plan: dict[Path, bytes] = {
        target / "notebooks" / path.name: path.read_bytes()
        for path in sorted((source / "notebooks").glob("*"))
        if path.suffix == ".ipynb" or path.name == MANUAL
    }
    for sample in sorted((source / "parameters").glob("202[56]*")):
        # Instruments beside the first keep their ending, 2026-akip becomes contoh-akip; the year
        # before stays named, 2025 becomes contoh-2025.
        name = f"{example}{sample.name.removeprefix('2026')}"
        if sample.name.startswith("2025"):
            name = f"{example}{sample.name.removeprefix('2025')}-2025"
        for path in sorted(path for pattern in SAMPLE_FILES for path in sample.glob(pattern)):
            if path.is_file() and not path.name.startswith((".", "~$")):
                inside = path.relative_to(sample)
                plan[target / "parameters" / name / inside] = path.read_bytes()
    from zi_eval.instruments.rulesets import newest_rules  # heavy, and a run only asks for a path

    agency = AGENCY_TEMPLATE.format(rules=newest_rules())
    plan[target / "parameters" / period / "instansi.yaml"] = agency.encode()
    taken = [path for path in plan if path.exists()]
    if taken:
        raise WorkspaceError(
            f"{taken[0]} sudah ada; tidak ada yang ditulis. Pilih folder lain yang kosong."
        )
    for path, data in plan.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (target / "outputs").mkdir(exist_ok=True)
    return list(plan)
