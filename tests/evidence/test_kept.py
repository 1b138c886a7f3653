"""Files handed over on the screen: their names, their kinds, their sums; hostile ones too."""

from __future__ import annotations

import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from zi_eval.errors import ZiEvalError
from zi_eval.evidence.files import look_at
from zi_eval.evidence.kept import MOST_BYTES, SUMS, clean_name, keep_file

PDF = b"%PDF-1.7\n%%EOF"
QUESTION = "A.I.1.i.a"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "2026" / "bukti" / "dpmptsp"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("SK Tim.pdf", "SK-Tim.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Windows\\evil.PDF", "evil.pdf"),
        (".htaccess.pdf", "htaccess.pdf"),
        ("a.html.pdf", "a.html.pdf"),
        ("<script>alert(1)</script>.pdf", "script.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("CON.pdf", "berkas-CON.pdf"),
        ("berkas\nlain\x00.pdf", "berkas-lain.pdf"),
        ("…….pdf", "berkas.pdf"),
        ("Naïve café.pdf", "Naive-cafe.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("=cmd|' /C calc'!A0.xlsx", "C-calc-A0.xlsx"),
    ],
)
def test_a_name_is_kept_in_plain_letters_within_one_folder(given: str, kept: str) -> None:
    assert clean_name(given) == kept
    assert clean_name(kept) == kept


@pytest.mark.parametrize(
    "name", ["x.html", "x.svg", "x.js", "x.exe", "x", "pdf", ".pdf.", "x.pdf.html", "x.pdf\u200b."]
)
def test_what_a_browser_or_a_machine_would_run_is_refused_by_its_ending(name: str) -> None:
    with pytest.raises(ZiEvalError, match="tidak diterima"):
        clean_name(name)


def test_a_file_is_kept_below_its_question_with_its_sum(folder: Path) -> None:
    path = keep_file(folder, QUESTION, "SK Tim.pdf", PDF)
    assert path == "A.I.1.i.a/SK-Tim.pdf"
    assert (folder / path).read_bytes() == PDF
    assert look_at(folder, path).fault == ""
    line = f"{hashlib.sha256(PDF).hexdigest()}  {path}\n"
    assert (folder / SUMS).read_text() == line
    assert keep_file(folder, QUESTION, "SK Tim.pdf", PDF) == path  # once only
    other = keep_file(folder, QUESTION, "SK Tim.pdf", PDF + b"2")
    assert other == "A.I.1.i.a/SK-Tim-2.pdf"
    assert (folder / path).read_bytes() == PDF
    assert len((folder / SUMS).read_text().splitlines()) == 2
    assert sorted(item.name for item in (folder / QUESTION).iterdir()) == [
        "SK-Tim-2.pdf", "SK-Tim.pdf",
    ]  # fmt: skip


def test_of_two_files_of_one_name_at_once_none_is_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each looks for a free name before the other writes, were they not kept apart."""
    both = threading.Barrier(2)
    look = os.path.lexists

    def meet(path: Path) -> bool:
        found = look(path)
        with suppress(threading.BrokenBarrierError):
            both.wait(0.2)
        return found

    monkeypatch.setattr(os.path, "lexists", meet)
    given = [PDF + b"1", PDF + b"2"]
    with ThreadPoolExecutor(2) as people:
        paths = list(people.map(lambda data: keep_file(folder, QUESTION, "x.pdf", data), given))
    assert [(folder / path).read_bytes() for path in paths] == given
    assert sorted(path.name for path in (folder / QUESTION).iterdir()) == ["x-2.pdf", "x.pdf"]
    sums = dict(line.split("  ")[::-1] for line in (folder / SUMS).read_text().splitlines())
    assert sums == {p: hashlib.sha256(d).hexdigest() for p, d in zip(paths, given, strict=True)}


def test_a_file_copied_in_at_that_moment_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / QUESTION / "x.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(PDF + b"1")
    look = os.path.lexists
    monkeypatch.setattr(os.path, "lexists", lambda given: given != path and look(given))
    assert keep_file(folder, QUESTION, "x.pdf", PDF + b"2") == f"{QUESTION}/x-2.pdf"
    assert path.read_bytes() == PDF + b"1"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.pdf", b"<script>alert(1)</script>", "isinya bukan .pdf"),
        ("x.docx", b"PK but no zip", "isinya bukan .docx"),
        ("x.png", b"<svg onload=alert(1)>", "isinya bukan .png"),
        ("x.pdf", b"", "kosong"),
        ("x.pdf", PDF + b"0" * MOST_BYTES, "lebih dari 20 MB"),
    ],
)
def test_what_is_not_what_it_says_is_refused_and_leaves_nothing(
    folder: Path, name: str, content: bytes, said: str
) -> None:
    with pytest.raises(ZiEvalError, match=said):
        keep_file(folder, QUESTION, name, content)
    assert not folder.exists()


def test_no_link_leads_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    folder.mkdir(parents=True)
    (folder / QUESTION).symlink_to(outside)
    with pytest.raises(ZiEvalError, match="tautan ke folder lain"):
        keep_file(folder, QUESTION, "x.pdf", PDF)
    (folder / QUESTION).unlink()
    (folder / QUESTION).mkdir()
    (folder / QUESTION / "x.pdf").symlink_to(outside / "x.pdf")  # one that leads nowhere yet
    assert keep_file(folder, QUESTION, "x.pdf", PDF) == f"{QUESTION}/x-2.pdf"
    assert list(outside.iterdir()) == []
