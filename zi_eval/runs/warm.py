"""Everything a unit's notebook imports, loaded once in the process that others are forked from.

Only the fork server imports this module. What is copied into every new process must be still: no
second thread, no shell, no socket, and no plotting backend, which takes hold of a shell as it is
imported.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import sys
import threading
import time

from zi_eval.runs.json_schema import load_json_schema

SEARCH_PATH = tuple(sys.path)
"""Where this interpreter looks for modules, before anybody adds to it."""

OF_KERNELS = (
    "IPython.core.application",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "bdb",
    "ipykernel.eventloops",
    "ipykernel.ipkernel",
)
"""What every kernel has loaded before its first cell."""

MODULES = (
    *OF_KERNELS,
    "encodings.cp1252",
    "nbconvert.exporters.templateexporter",
    "nbformat.v4",
    "openpyxl.packaging.extended",
    "papermill.clientwrap",
    "python_calamine",
    "scipy.special",
    "zi_eval.core.proven",
    "zi_eval.report.exporter",
    "zi_eval.performance.lkjip.document",
    "zi_eval.report.documents.docx",
    "zi_eval.performance.page.sections",
    "zi_eval.pages.agency.sections",
    "zi_eval.improvement.load",
    "zi_eval.report.documents.html",
    "zi_eval.runs.batch",
    "zi_eval.runs.cells",
    "zi_eval.runs.engine",
    "zi_eval.agreement.load",
    "zi_eval.calendar.load",
    "zi_eval.case.elsewhere",
    "zi_eval.face.books",
    "zi_eval.pages.agency.tables",
    "zi_eval.performance.year_before",
    "zi_eval.similarities.load",
    "zi_eval.instruments.loader",
    "zi_eval.instruments.rulesets",
    "zi_eval.survey.definition_file",
    "zi_eval.survey.load",
    "zi_eval.trends.matching_file",
)

NOT_OF_UNITS = ("agreement/", "face/", "lke/", "pages/agency/", "pages/failure", "similarities/")
"""Templates of no unit: units need not wait until they are compiled; the recap compiles its own."""

_THREADS = threading.enumerate()
_START = time.monotonic()
for _name in OF_KERNELS:
    importlib.import_module(_name)
_KERNELS = frozenset(sys.modules)
load_json_schema()
for _name in MODULES:
    importlib.import_module(_name)
TIMES = [("memuat pustaka", time.monotonic() - _START, time.process_time())]
"""Name, wall and processor seconds of what happened here, for ``zi-eval run --timings``."""


def _rehearse() -> None:
    """Make a report of no answers: compiles templates and validators, loads data."""
    import nbformat

    from zi_eval.case import Case
    from zi_eval.core.assessment import Assessment, Unit
    from zi_eval.core.evaluation import evaluate
    from zi_eval.improvement.effort_file import load_effort
    from zi_eval.instruments import available_rules, load_instrument, load_rules
    from zi_eval.pages.unit.sections import unit_report
    from zi_eval.report.documents.docx import prepare_document
    from zi_eval.report.exporter import export_html
    from zi_eval.report.made import Made
    from zi_eval.report.page import page_templates, report_environment
    from zi_eval.survey.comments import group_comments
    from zi_eval.survey.definition_file import parse_overlay
    from zi_eval.survey.definitions import available_surveys, load_survey
    from zi_eval.yaml_files.source import Source

    for name in page_templates():
        if not name.startswith(NOT_OF_UNITS):
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
    load_effort(instrument)
    for name in available_rules():
        load_rules(name=name)
    for name in available_surveys():
        group_comments(load_survey(name), ())
    parse_overlay("", Source(""), load_survey)
    prepare_document()


# What is wrong with our own data or templates shows in each unit, with its reason, not here.
_START, _USED = time.monotonic(), time.process_time()
with contextlib.suppress(Exception):
    _rehearse()
TIMES.append(("gladi laporan", time.monotonic() - _START, time.process_time() - _USED))

OURS = frozenset(sys.modules) - _KERNELS
"""What no kernel would have loaded."""

if _started := [thread.name for thread in threading.enumerate() if thread not in _THREADS]:
    raise RuntimeError(
        "an imported module started a thread; a process with threads cannot be forked safely: "
        + ", ".join(_started)
    )

# Objects that never die here need not be visited, and so copied, in every process to come.
gc.collect()
gc.freeze()
