"""The register's form that notebooks show: filter, open an item, report it, verify, add others."""

from __future__ import annotations

from pathlib import Path

from zi_eval.recommendations.form.state import Offers, RegisterState
from zi_eval.screen.table_page import TablePage, show_page, table_script, table_style

__all__ = ["RegisterScreen", "open_register_form"]


class RegisterScreen(TablePage):
    """Shows a :class:`RegisterState`."""

    _esm = table_script("recommendations/form/item.js", "recommendations/form/register.js")
    _css = table_style()


def open_register_form(folder: str | Path, unit: str, offers: Offers = dict) -> RegisterScreen:
    """Return the form in which a unit reports what became of recommendations, and the TPI verifies.

    Every change stands in the unit's table of this period when the screen says that it is saved;
    the table is made with the first change.

    Parameters
    ----------
    folder
        The period's folder, e.g. ``parameters/2026``.
    unit
        The unit's id, or ``instansi``.
    offers
        What may be added, by where it comes from; asked for when a person wants to add something.

    Raises
    ------
    ParameterError
        With every problem, where its table or the agency's file has errors.
    """
    return show_page(RegisterScreen(RegisterState(Path(folder), unit, offers)))
