"""What JupyterLab is told before it starts."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from zi_eval.app import lab
from zi_eval.starter import write_workspace


def settings(variables: dict[str, str]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for folder in variables["JUPYTER_CONFIG_PATH"].split(":"):
        path = Path(folder) / "labconfig" / "default_setting_overrides.json"
        if path.is_file():
            found |= json.loads(path.read_text("utf-8"))
    return found


def test_no_news_is_asked_for_and_what_a_team_configured_stays(tmp_path: Path) -> None:
    variables = lab.lab_defaults({"JUPYTER_CONFIG_PATH": str(tmp_path)}, ":")
    assert variables["JUPYTER_CONFIG_PATH"].startswith(f"{tmp_path}:")
    assert settings(variables)["@jupyterlab/apputils-extension:notification"] == {
        "fetchNews": "false",
        "checkForUpdates": False,
    }


@pytest.mark.parametrize("packs", [(), ("de_DE",), ("id_ID",)])
def test_the_menu_is_indonesian_where_its_pack_is_installed(
    packs: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [EntryPoint(name, "pack", "jupyterlab.languagepack") for name in packs]
    monkeypatch.setattr(lab, "entry_points", lambda group: found)
    locale = settings(lab.lab_defaults({}, ":")).get("@jupyterlab/translation-extension:plugin")
    assert locale == ({"locale": "id_ID"} if "id_ID" in packs else None)


def test_the_start_page_of_a_fresh_folder_leads_to_every_notebook(tmp_path: Path) -> None:
    write_workspace(tmp_path, "2026", "contoh")
    notebooks = tmp_path / "notebooks"
    assert lab.start_path(notebooks) == "tree/notebooks/README.md"
    text = (notebooks / "README.md").read_text("utf-8")
    assert all(f"]({path.name})" in text for path in notebooks.glob("*.ipynb"))
    assert "![" not in text, "a working folder has no pictures of ours"
    (notebooks / "README.md").unlink()
    assert lab.start_path(notebooks) == "tree/notebooks/isi_lke.ipynb"
    assert lab.start_path(notebooks, "tren") == "tree/notebooks/tren.ipynb"
