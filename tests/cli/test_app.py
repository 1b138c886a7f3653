from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from zi_eval.app.offers import find_choices, find_offers, own_offer
from zi_eval.app.server import AppSettings
from zi_eval.cli.app import PASSWORD
from zi_eval.cli.commands import main
from zi_eval.errors import WorkspaceError
from zi_eval.period.reading import Period
from zi_eval.starter import starter_folder, write_workspace

STOCK = sorted(path.name for path in (starter_folder() / "notebooks").glob("*.ipynb"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_workspace(tmp_path / "zi", "2026", "contoh")
    return tmp_path / "zi"


@pytest.fixture
def served(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppSettings]:
    """Start the app without serving anything, as if it ran at a fixed address."""
    given: list[AppSettings] = []

    def serve(
        settings: AppSettings, listening: socket.socket, announce: Callable[[str, Path], None]
    ) -> None:
        listening.close()
        given.append(settings)
        announce("http://127.0.0.1:8866/?token=rahasia", Path("catatan.html"))

    def start() -> AppSettings:
        main(["app", "--folder", str(folder), "--port", "0"])
        return given[-1]

    monkeypatch.setattr("zi_eval.app.server.serve", serve)
    return start


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what a refused command says: one sentence or two, on one line."""
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith("Salah: ")
    return said[0]


@pytest.mark.parametrize("command", ["lab", "app"])
def test_a_folder_that_is_no_working_folder_is_refused_with_what_to_do(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(capsys, command, "--folder", str(tmp_path))
    assert "notebooks/" in said
    assert "zi-eval init" in said
    assert "zi-eval init" in refusal(capsys, command, "--folder", str(tmp_path / "hilang"))
    assert list(tmp_path.iterdir()) == []


def test_missing_notebooks_are_added_and_none_is_overwritten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = folder / "notebooks" / STOCK[0]
    own.write_text("milik tim")
    (folder / "notebooks" / STOCK[1]).unlink()
    refusal_of = ["lab", "--folder", str(folder), "--notebook", "tidak-ada"]
    with pytest.raises(SystemExit):
        main(refusal_of)
    said = capsys.readouterr().err
    assert f"Ditambahkan: {folder / 'notebooks' / STOCK[1]}" in said
    assert "tidak-ada" in said
    assert own.read_text() == "milik tim"
    packaged = starter_folder() / "notebooks" / STOCK[1]
    assert (folder / "notebooks" / STOCK[1]).read_bytes() == packaged.read_bytes()


def test_the_app_without_its_extra_says_how_to_get_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "voila", None)
    assert 'pip install "zi-eval[app]"' in refusal(capsys, "app", "--folder", str(folder))


def test_a_taken_port_and_a_foreign_address_are_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal(capsys, "app", "--folder", str(folder), "--port", str(port))
        assert f"Port {port} di 127.0.0.1 sedang dipakai" in said
    said = refusal(capsys, "app", "--folder", str(folder), "--address", "192.0.2.1")
    assert "192.0.2.1" in said


def test_the_next_free_port_is_taken_where_none_was_asked_for() -> None:
    from zi_eval.app.server import bind

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with bind("127.0.0.1", range(port, port + 20)) as listening:
            assert port < listening.getsockname()[1] < port + 20


def test_an_unknown_notebook_is_refused_with_those_there_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(capsys, "app", "../rahasia", "--folder", str(folder))
    assert "laporan_unit" in said


def test_a_token_is_written_to_a_terminal_only(
    served: Callable[[], AppSettings],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served()
    said = capsys.readouterr().out
    assert "rahasia" not in said
    assert "http://127.0.0.1:8866/" in said
    assert "catatan.html" in said
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    served()
    assert "http://127.0.0.1:8866/?token=rahasia" in capsys.readouterr().out


def test_a_password_leaves_the_environment_and_is_not_short(
    folder: Path,
    served: Callable[[], AppSettings],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(PASSWORD, "tiga kata panjang")
    assert served().password == "tiga kata panjang"
    assert PASSWORD not in os.environ
    assert served().password == ""
    monkeypatch.setenv(PASSWORD, "pendek")
    assert "terlalu pendek" in refusal(capsys, "app", "--folder", str(folder))


def test_a_draft_is_offered_only_when_named(folder: Path) -> None:
    notebooks = folder / "notebooks"
    (notebooks / "coba_coba.ipynb").write_text("{}")
    offered = [offer.name for offer in find_offers(notebooks)]
    assert {"laporan_unit", "rekap_instansi"} <= set(offered)
    assert "coba_coba" not in offered
    assert own_offer(notebooks, "coba_coba.ipynb").title == "Coba coba"
    assert own_offer(notebooks, "laporan_unit").title == "Laporan unit"
    with pytest.raises(WorkspaceError, match="tidak ada"):
        own_offer(notebooks, "/etc/passwd")


def test_reports_are_offered_for_units_that_are_there(folder: Path) -> None:
    home = folder / "parameters" / "2025"
    home.mkdir()
    (home / "dinas-baru.yaml").write_text("id: dinas-baru\n")
    (home / ".dinas-baru.yaml.swp").write_text("")
    (home / "instansi.yaml").write_text("nama: Kabupaten Baru\njenis: kabupaten\n")
    offers = {offer.name: offer for offer in find_offers(folder / "notebooks")}
    (unit,) = find_choices(Period(home), offers["laporan_unit"])
    assert unit.key == "2025/dinas-baru"
    assert unit.value == "../parameters/2025/dinas-baru.yaml"
    (period,) = find_choices(Period(home), offers["rekap_instansi"])
    assert period.key == "2025"
