"""A rendered part of a report, and the templates that all parts are rendered from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from zi_eval.report import words

__all__ = ["Section", "page_templates", "report_environment", "report_style"]

PACKAGE: Final = Path(__file__).resolve().parent.parent


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
def report_style(*names: str) -> str:
    """Return style sheets as one text; each is named by its path in the package."""
    return "".join((PACKAGE / name).read_text("utf-8") for name in names)


def page_templates() -> list[str]:
    """Return the name of every template that the environment renders."""
    found = (path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.html.j2"))
    # Those two belong to Voilà and nbconvert, which render them.
    return sorted(name for name in found if not name.startswith(("app/", "report/template/")))


@cache
def report_environment() -> Environment:
    """Return the one template environment: everything typed by people is escaped.

    A template is named by its path in the package, as ``survey/page/elements.html.j2``.
    It keeps its compiled templates, so a warm process compiles them once for all its reports.
    """
    environment = Environment(
        loader=FileSystemLoader(PACKAGE),
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
