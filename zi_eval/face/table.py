"""The table of all units that people sort and search: that of ``rekap.xlsx``, with a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from zi_eval.report.page import Section

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["table_section"]

PAGE: Final = 25
NUMBER: Final = (
    "function (value, type) { return type !== 'display' ? value : Number.isFinite(value) ? "
    "value.toLocaleString('id-ID', {maximumFractionDigits: 2}) : '–'; }"
)
"""Writes a number the Indonesian way whatever the browser's language; sorting sees the number."""
TEXT: Final = (
    "function (value, type) { return type !== 'sort' ? value : "
    "String(value ?? '').toLowerCase().replace(/[0-9]+/g, (digits) => digits.padStart(12, '0')); }"
)
"""Sorts texts as names are sorted elsewhere: "Unit 2" before "Unit 10"."""
TITLE: Final = "Semua unit, untuk diurutkan dan dicari"
REACHED: Final = (
    "function () { const body = this.api().table().container().querySelector('.dt-scroll-body'); "
    f"body.tabIndex = 0; body.setAttribute('role', 'region'); body.ariaLabel = '{TITLE}'; }}"
)
"""Lets the keyboard scroll a table that is wider than the screen."""
STYLE: Final = """
.dt-container { background: none !important; }
.dt-container thead th { position: relative; padding-right: 1.2rem !important; }
.dt-container thead .dt-column-order { position: absolute !important; inset: 0;
  width: auto !important; height: auto !important; cursor: pointer; }
.dt-container thead .dt-column-order::before { left: auto !important; right: .2rem; }
.dt-container thead .dt-column-order::after { left: auto !important; right: .2rem; }
"""
"""A heading sorts wherever it is pressed; itables leaves that to the small arrows in it. And it
paints a table white in the dark theme too, where the page is what the text is read on."""
WORDS: Final = {
    "search": "Cari:",
    "lengthMenu": "_MENU_ baris",
    "info": "_START_ sampai _END_ dari _TOTAL_ baris",
    "infoEmpty": "Tidak ada baris",
    "infoFiltered": "(disaring dari _MAX_)",
    "zeroRecords": "Tidak ada yang cocok",
    "emptyTable": "Belum ada unit",
    "aria": {
        "orderable": ": urutkan",
        "orderableReverse": ": urutkan terbalik",
        "orderableRemove": ": urutan semula",
    },
}


def table_section(frame: pd.DataFrame) -> Section:
    """Return a frame as a table that sorts by any column and searches them all (itables).

    It brings its script along and asks for nothing, so it goes on working in a saved notebook and
    in the app, which ends a report's kernel; all rows are in it, and text is shown as text.
    """
    from itables import JavascriptFunction, options
    from itables.javascript import generate_init_offline_itables_html, to_html_datatable

    numbers = [n for n, kind in enumerate(frame.dtypes) if kind.kind in "iuf"]
    texts = [n for n in range(len(frame.columns)) if n not in numbers]
    script = generate_init_offline_itables_html(options.dt_bundle)
    table = to_html_datatable(
        frame.astype({frame.columns[n]: "float64" for n in numbers}),
        connected=False,
        table_id="tabel-unit",
        display_logo_when_loading=False,
        showIndex=False,
        maxBytes=0,
        layout={"topStart": "search", "topEnd": None, "bottomStart": "info", "bottomEnd": "paging"},
        pageLength=PAGE,
        lengthMenu=[PAGE, 100, 1000],
        scrollX=True,
        drawCallback=JavascriptFunction(REACHED),  # itables 2.9 calls initComplete unevaluated
        language=WORDS,  # type: ignore[arg-type]  # its type forgets what is read aloud
        columnDefs=[
            {"targets": numbers, "render": JavascriptFunction(NUMBER), "className": "num"},
            {"targets": texts, "render": JavascriptFunction(TEXT)},
        ],
    )
    head = f'<section class="section"><h2>{TITLE}</h2>'
    style = f"<style>{STYLE}</style>"
    return Section(Markup(f"{head}\n{style}\n{script}\n{table}\n</section>"))
