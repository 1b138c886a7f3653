"""The letters of a period as a function: values in and out, no command line."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import docx
import pytest

from zi_eval.case import evaluate_whole
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.letters.write import WrittenLetter, write_letter_template, write_letters

write = partial(write_letters, evaluate=evaluate_whole)


@pytest.fixture
def period(tmp_path: Path, root: Path) -> Path:
    return shutil.copytree(root / "parameters" / "2026", tmp_path / "parameters" / "2026")


def test_each_letter_is_told_once_it_is_written(period: Path, tmp_path: Path) -> None:
    told: list[WrittenLetter] = []

    def tell(letter: WrittenLetter) -> None:
        assert letter.word.is_file()
        assert letter.page.is_file()
        told.append(letter)

    units = ("dpmptsp", "bapenda", "dpmptsp")
    letters = write(period, units, tmp_path / "surat", tell=tell)
    assert letters == tuple(told)
    assert [letter.unit for letter in letters] == ["dpmptsp", "bapenda"]
    assert letters[0].trouble == ""
    assert any("final" in warning for warning in letters[0].warnings)


def test_nothing_is_written_where_one_letter_is_there_or_one_unit_is_not(
    period: Path, tmp_path: Path
) -> None:
    place = tmp_path / "surat"
    with pytest.raises(WorkspaceError, match="Mungkin maksudnya 'dpmptsp'"):
        write(period, ("bapenda", "dpmptspp"), place)
    assert not place.exists()
    write(period, ("dpmptsp",), place)
    with pytest.raises(WorkspaceError, match="sudah disunting"):
        write(period, ("bapenda", "dpmptsp"), place)
    assert not (place / "bapenda.lhe.docx").exists()


def test_surveys_that_cannot_be_read_leave_a_marked_place(period: Path, tmp_path: Path) -> None:
    for path in (period / "survei").glob("dpmptsp.*"):
        path.write_bytes(b"\x00\x01\x02")
    (letter,) = write(period, ("dpmptsp",), tmp_path)
    assert "[Isi: jumlah responden]" in letter.page.read_text(encoding="utf-8")


def test_the_template_is_a_document_with_placeholders(period: Path, tmp_path: Path) -> None:
    own = tmp_path / "lhe-kami.docx"
    write_letter_template(own)
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(own)).paragraphs)
    assert "{{ nama_unit }}" in text
    with pytest.raises(WorkspaceError, match="sudah ada"):
        write_letter_template(own)
    assert write(period, ("dpmptsp",), tmp_path, own)[0].word.is_file()
    with pytest.raises(ZiEvalError, match="tidak dapat dibaca"):
        write(period, ("bapenda",), tmp_path, tmp_path / "tidak-ada.docx")
