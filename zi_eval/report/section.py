"""A rendered part of a report, and the templates that all parts are rendered from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from zi_eval.report import words

__all__ = ["Section", "report_environment"]

TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Section:
    """A rendered part of a report; a notebook shows it as HTML."""

    # Not in the repr, which a notebook would store beside the HTML: the same text twice.
    html: Markup = field(repr=False)

    def _repr_html_(self) -> str:
        return str(self.html)

    def __html__(self) -> str:
        """Return the HTML for templates that take the section in."""
        return str(self.html)


@cache
def report_environment() -> Environment:
    """Return the one template environment: everything typed by people is escaped.

    It keeps its compiled templates, so a warm process compiles them once for all its reports.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=words.format_number,
        count=words.format_count,
        percent=words.format_percent,
        margin=words.format_margin,
        formula=words.formula_text,
    )
    environment.globals.update(
        against=words.format_points_against,
        margin_text=words.margin_text,
        status_label=words.status_label,
        status_icon=words.status_icon,
        stage_label=words.stage_label,
        verdict_label=words.verdict_label,
    )
    return environment
