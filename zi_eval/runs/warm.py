"""Everything a unit's notebook imports, loaded once in the process that others are forked from.

Only the fork server imports this module. What is copied into every new process must be still: no
second thread, no shell, no socket, and no plotting backend, which takes hold of a shell as it is
imported.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import threading

for _name in (
    "IPython.core.completer",
    "IPython.extensions.storemagic",
    "ipykernel.ipkernel",
    "nbconvert.exporters.templateexporter",
    "nbformat.v4",
    "papermill.clientwrap",
    "scipy.optimize",
    "scipy.sparse",
    "zi_eval.report.exporter",
    "zi_eval.performance.lkjip.document",
    "zi_eval.report.documents.docx",
    "zi_eval.performance.page.sections",
    "zi_eval.pages.agency.sections",
    "zi_eval.runs.engine",
    "zi_eval.case",
):
    importlib.import_module(_name)


def _rehearse() -> None:
    """Make a report of no answers: compiles templates and validators, loads data."""
    import nbformat

    from zi_eval.case import Case
    from zi_eval.core.assessment import Assessment, Unit
    from zi_eval.core.evaluation import evaluate
    from zi_eval.instruments import load_instrument, load_rules
    from zi_eval.pages.unit.sections import unit_report
    from zi_eval.report.exporter import export_html
    from zi_eval.report.made import Made
    from zi_eval.report.page import page_templates, report_environment

    for name in page_templates():
        report_environment().get_template(name)
    instrument, rules = load_instrument(), load_rules()
    nobody = Assessment(Unit("u", "u"), instrument.id, rules.predicates[0])
    case = Case.known(evaluate(instrument, rules, nobody))
    report = unit_report(case, Made.now())
    book = nbformat.v4.new_notebook()
    for section in (report.opening, report.rules, report.areas, report.results,
                    report.improvements, report.differences, report.missing_evidence,
                    report.answers, report.warnings, report.origin):  # fmt: skip
        output = nbformat.v4.new_output("display_data", data={"text/html": section()._repr_html_()})
        book.cells.append(nbformat.v4.new_code_cell(outputs=[output]))
    export_html(nbformat.reads(nbformat.writes(book), as_version=4), "u")


# What is wrong with our own data or templates shows in each unit, with its reason, not here.
with contextlib.suppress(Exception):
    _rehearse()

if threading.active_count() != 1:
    raise RuntimeError(
        "an imported module started a thread; a process with threads cannot be forked safely: "
        + ", ".join(thread.name for thread in threading.enumerate())
    )

# Objects that never die here need not be visited, and so copied, in every process to come.
gc.collect()
gc.freeze()
