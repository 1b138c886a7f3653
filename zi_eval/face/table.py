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
WORDS: Final = {
    "search": "Cari:",
    "lengthMenu": "_MENU_ baris",
    "info": "_START_ sampai _END_ dari _TOTAL_ baris",
    "infoEmpty": "Tidak ada baris",
    "infoFiltered": "(disaring dari _MAX_)",
    "zeroRecords": "Tidak ada yang cocok",
    "emptyTable": "Belum ada unit",
}


def table_section(frame: pd.DataFrame) -> Section:
    """Return a frame as a table that sorts by any column and searches each (itables).

    It brings its script along and asks for nothing, so it goes on working in a saved notebook and
    in the app, which ends a report's kernel; all rows are in it, and text is shown as text.
    """
    from itables import JavascriptFunction, options
    from itables.javascript import generate_init_offline_itables_html, to_html_datatable

    numbers = [n for n, kind in enumerate(frame.dtypes) if kind.kind in "iuf"]
    script = generate_init_offline_itables_html(options.dt_bundle)
    table = to_html_datatable(
        frame.astype({frame.columns[n]: "float64" for n in numbers}),
        connected=False,
        table_id="tabel-unit",
        display_logo_when_loading=False,
        showIndex=False,
        maxBytes=0,
        column_filters="header",
        pageLength=PAGE,
        lengthMenu=[PAGE, 100, 1000],
        scrollX=True,
        language=WORDS,
        columnDefs=[
            {"targets": numbers, "render": JavascriptFunction(NUMBER), "className": "dt-right"}
        ],
    )
    head = '<section class="section"><h2>Semua unit, untuk diurutkan dan dicari</h2>'
    return Section(Markup(f"{head}\n{script}\n{table}\n</section>"))
