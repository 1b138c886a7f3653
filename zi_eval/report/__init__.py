"""Core values to words, tables, figures and self-contained HTML pages."""

from zi_eval.report.exporter import export_html
from zi_eval.report.unit_report import Section, UnitReport, unit_report

__all__ = ["Section", "UnitReport", "export_html", "unit_report"]
