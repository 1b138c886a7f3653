"""JupyterLab as our people meet it: no news over a form, Indonesian menus, a start page.

These are defaults, laid below what anyone has set in their own JupyterLab, as JupyterLab provides
for it: ``labconfig/default_setting_overrides.json`` in a folder of its configuration path.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path

__all__ = ["lab_defaults", "start_path"]

DEFAULTS = Path(__file__).resolve().parent / "defaults"
START_PAGE = "README.md"
CONFIG_PATH = "JUPYTER_CONFIG_PATH"


def lab_defaults(environment: Mapping[str, str], separator: str) -> dict[str, str]:
    """Return the environment variable that has JupyterLab find our defaults.

    The menu is Indonesian where its language pack is installed (extra ``id``).
    """
    folders = [str(DEFAULTS / "lab")]
    if any(pack.name == "id_ID" for pack in entry_points(group="jupyterlab.languagepack")):
        folders.append(str(DEFAULTS / "indonesian"))
    own = environment.get(CONFIG_PATH, "")
    return {CONFIG_PATH: separator.join(filter(None, (own, *folders)))}


def start_path(notebooks: Path, name: str = "") -> str:
    """Return what JupyterLab opens first: a notebook, else the page that leads to all of them."""
    wanted = (f"{name}.ipynb",) if name else (START_PAGE, "isi_lke.ipynb")
    found = next((file for file in wanted if (notebooks / file).is_file()), "")
    return f"tree/notebooks/{found}".rstrip("/")
