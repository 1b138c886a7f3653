"""Core values to words, tables, figures and self-contained HTML pages."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zi_eval.report.audit_report import audit_section
    from zi_eval.report.exporter import export_html
    from zi_eval.report.section import Section
from zi_eval.report.unit_sections import UnitReport, unit_report

__all__ = ["Section", "UnitReport", "audit_section", "export_html", "unit_report"]

_HOMES = {
    "audit_section": "zi_eval.report.audit_report",
    "export_html": "zi_eval.report.exporter",
    "Section": "zi_eval.report.section",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: words alone need no figures."""
    if name not in __all__:
        raise AttributeError(f"module 'zi_eval.report' has no attribute {name!r}")
    home = importlib.import_module(_HOMES.get(name, "zi_eval.report.unit_sections"))
    return getattr(home, name)
