"""Where the headings of a table stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from zi_eval.sheets.book import open_source
from zi_eval.sheets.grid import Cell
from zi_eval.sheets.table import find_headings
from zi_eval.sheets.text import read_text

ROWS = ("judul", "A;x", "A;B", "C;A", *(f"{row};A" for row in range(9)))


@pytest.mark.parametrize(("most", "looked_at"), [(2, 3), (None, len(ROWS))])
def test_no_row_is_looked_at_below_one_that_has_all_headings(
    tmp_path: Path, most: int | None, looked_at: int
) -> None:
    path = tmp_path / "tabel.csv"
    path.write_text("\n".join(f"{row};" if ";" not in row else row for row in ROWS))
    seen: list[Sequence[Cell]] = []

    def count(values: Sequence[Cell]) -> int:
        seen.append(values)
        return len({"A", "B"}.intersection(map(str, values)))

    found = find_headings(open_source(path), count, 1, most)
    assert found is not None
    assert found[1] == 2
    assert len(seen) == looked_at


def test_bytes_that_are_read_already_are_not_read_again(tmp_path: Path) -> None:
    book = open_source(tmp_path / "tiada.csv", b"A;B\n1;2\n")
    assert book.grid(book.searched(())[0]).rows[0][:2] == ("A", "B")


def test_titles_and_a_signature_do_not_hide_the_separator() -> None:
    rows = "\n".join(f"a;{n},5;{n},25" for n in range(9))
    text = f"Dinas Contoh\nTahun 2026\n\nnama;satu;dua\n{rows}\nContoh, 2 Januari\nKepala,\n"
    _, separator, _ = read_text(text.encode(), "d.csv", "Lembar")
    assert separator == ";"
