from __future__ import annotations

import hashlib
import hmac
import json
import stat
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from tests.portal.builders import START, Clock
from tests.work import opened_files
from zi_eval.errors import WorkspaceError
from zi_eval.portal.tokens import TokenFile, TokenStanding

YEAR = START + timedelta(days=365)


@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "token.json", Clock().now)


def test_a_token_is_found_by_its_text_only(file: TokenFile) -> None:
    text = file.add("satu", ["jawaban", "wbk"], YEAR)
    found = file.find(text)
    assert found is not None
    assert (found[0].name, found[0].scopes, found[1]) == ("satu", ("wbk", "jawaban"), "berlaku")
    for wrong in ("", text[:-1], text + " ", text.upper(), found[0].sha256, "satu", "\udcff"):
        assert file.find(wrong) is None


def test_only_the_hash_is_kept_and_only_its_owner_may_read_it(file: TokenFile) -> None:
    text = file.add("satu", ["wbk"], YEAR)
    kept = file.path.read_text()
    assert text not in kept
    assert text.removeprefix("zie_") not in kept
    assert hashlib.sha256(text.encode()).hexdigest() in kept
    if sys.platform != "win32":
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_file_that_did_not_change_is_not_read_again(file: TokenFile) -> None:
    text = file.add("satu", ["wbk"], YEAR)
    assert file.find(text) is not None
    with opened_files(file.path.parent) as opened:
        for _ in range(3):
            assert file.find(text) is not None
    assert opened == []


def test_the_folder_of_the_file_is_made_and_one_that_cannot_be_is_named(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "rahasia" / "portal" / "token.json", Clock().now)
    file.add("satu", ["wbk"], YEAR)
    assert [token.name for token in file.read()] == ["satu"]

    (tmp_path / "berkas").write_text("")
    with pytest.raises(WorkspaceError, match="tidak dapat dibaca"):
        TokenFile(tmp_path / "berkas" / "token.json").add("satu", ["wbk"], YEAR)


def test_why_a_file_cannot_be_read_is_said(file: TokenFile) -> None:
    file.path.mkdir()
    with pytest.raises(WorkspaceError, match=r"\(ini folder, bukan berkas\)"):
        file.read()
    file.path.rmdir()
    file.path.write_text("bukan json")
    with pytest.raises(WorkspaceError, match=r"\(isinya tidak dikenal\)"):
        file.read()


def test_tokens_are_long_random_and_never_alike(file: TokenFile) -> None:
    texts = {file.add(f"t{n}", ["wbk"], YEAR) for n in range(20)}
    assert len(texts) == 20
    assert all(len(text) >= 43 for text in texts)


def test_every_token_is_compared_also_after_a_match_and_for_an_empty_text(
    file: TokenFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [file.add(f"t{n}", ["wbk"], YEAR) for n in range(5)]
    compared: list[str] = []
    real = hmac.compare_digest

    def compare(kept: str, given: str) -> bool:
        compared.append(kept)
        return real(kept, given)

    monkeypatch.setattr("zi_eval.secret_file.hmac.compare_digest", compare)
    for text in (texts[0], texts[4], "", "salah"):
        compared.clear()
        file.find(text)
        assert len(compared) == 5


def test_a_token_expires_to_the_second_and_a_revoked_one_stays_revoked(tmp_path: Path) -> None:
    clock = Clock()
    file = TokenFile(tmp_path / "token.json", clock.now)
    text = file.add("satu", ["wbk"], START + timedelta(seconds=10))

    def standing() -> TokenStanding | None:
        found = file.find(text)
        return found and found[1]

    clock.seconds = 9
    assert standing() is TokenStanding.VALID
    clock.seconds = 10
    assert standing() is TokenStanding.EXPIRED
    assert file.revoke("satu").name == "satu"
    clock.seconds = 0
    assert standing() is TokenStanding.REVOKED
    (first,) = file.read()
    clock.seconds = 5
    file.revoke("satu")
    assert file.read() == (first,)


def test_another_process_sees_a_revocation_at_once(file: TokenFile) -> None:
    text = file.add("satu", ["wbk"], YEAR)
    running = TokenFile(file.path, Clock().now)
    assert running.find(text) is not None
    file.revoke("satu")
    found = running.find(text)
    assert found is not None
    assert found[1] is TokenStanding.REVOKED
    file.path.unlink()
    assert running.find(text) is None


def test_a_name_is_used_once_and_must_be_plain(file: TokenFile) -> None:
    file.add("satu", ["wbk"], YEAR)
    with pytest.raises(WorkspaceError, match="'satu' sudah ada"):
        file.add("satu", ["wbk"], YEAR)
    for name in ("", "Dua", "a b", "a\nb", "-a", "a" * 65, "é"):
        with pytest.raises(WorkspaceError, match="tidak sah"):
            file.add(name, ["wbk"], YEAR)
    with pytest.raises(WorkspaceError, match="Yang ada: satu"):
        file.revoke("dua")


def test_tokens_made_at_the_same_time_are_all_kept(file: TokenFile) -> None:
    def add(number: int) -> None:
        TokenFile(file.path, Clock().now).add(f"t{number}", ["wbk"], YEAR)

    threads = [threading.Thread(target=add, args=[n]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {token.name for token in file.read()} == {f"t{n}" for n in range(8)}


@pytest.mark.parametrize(
    "damage",
    [
        lambda token: token.pop("expires"),
        lambda token: token.update(sha256="abc"),
        lambda token: token.update(scopes=["semua"]),
        lambda token: token.update(expires="2027-01-01T00:00:00"),
        lambda token: token.update(expires=7),
        lambda token: token.pop("revoked"),
    ],
)
def test_a_damaged_file_is_an_error_and_never_a_token(file: TokenFile, damage: object) -> None:
    text = file.add("satu", ["wbk"], YEAR)
    content = json.loads(file.path.read_text())
    assert callable(damage)
    damage(content["tokens"][0])
    file.path.write_text(json.dumps(content))
    for _ in range(2):
        with pytest.raises(WorkspaceError, match="tidak dapat dibaca"):
            file.find(text)


def test_a_file_with_a_name_twice_is_an_error(file: TokenFile) -> None:
    file.add("satu", ["wbk"], YEAR)
    content = json.loads(file.path.read_text())
    content["tokens"] *= 2
    file.path.write_text(json.dumps(content))
    with pytest.raises(WorkspaceError, match="tidak dapat dibaca"):
        file.read()
