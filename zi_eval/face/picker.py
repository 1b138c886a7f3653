"""What nobody named is found: the newest period, and a list of its units to choose from.

What was asked for by name and is not there is an error; where there is nothing yet, a box says what
to do next and every section is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from zi_eval.core.text import name_order
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.face.display import NO_UNIT, Guidance, advise
from zi_eval.period.folders import find_period
from zi_eval.period.reading import Period
from zi_eval.report.page import Section

if TYPE_CHECKING:
    import ipywidgets

__all__ = ["choose_unit", "guide", "open_whole"]

T = TypeVar("T")


class Empty(Guidance):
    """A report of nothing: each of its sections is empty."""

    def __getattr__(self, name: str) -> Callable[[], Section]:
        if name.startswith("_"):
            raise AttributeError(name)
        return Section


class Picked:
    """A report whose unit is chosen in a list: its sections follow the choice.

    Parameters
    ----------
    units
        Name by id.
    make
        Returns the report of a unit.
    begun
        Units of which there is something to show; the first of them by name is shown first.
    """

    def __init__(
        self,
        units: Mapping[str, str],
        make: Callable[[str], Any],
        begun: Collection[str] = (),
    ) -> None:
        import ipywidgets as widgets
        from IPython.display import display

        self._make = make
        self._places: dict[str, ipywidgets.VBox] = {}
        named = ((name or unit, unit) for unit, name in units.items())
        options = sorted(named, key=lambda option: name_order(option[0]))
        self._list = widgets.Dropdown(
            description="Unit",
            options=options,
            value=next((unit for _, unit in options if unit in begun), options[0][1]),
            layout={"width": "100%", "max_width": "38rem"},
        )
        self._said = widgets.HTML()
        self._list.observe(lambda change: self._show(), "value")
        self._show()
        display(widgets.VBox([self._list, self._said]))  # type: ignore[no-untyped-call]

    def _show(self) -> None:
        self._said.value = ""
        try:
            self._report = self._make(self._list.value)
        except ZiEvalError as error:
            self._report = Empty(str(error))
            self._said.value = self._report.section().live_html
        for name in self._places:
            self._fill(name)

    def _fill(self, name: str) -> None:
        import ipywidgets as widgets

        found = getattr(self._report, name)()
        if isinstance(found, Section):
            found = widgets.HTML(found.live_html)
        self._places[name].children = () if found is None else (found,)

    def __getattr__(self, name: str) -> Callable[[], Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def section() -> Any:
            import ipywidgets as widgets

            self._places[name] = widgets.VBox()
            self._fill(name)
            return self._places[name]

        return section


def guide(text: str) -> Any:
    """Show what to do next, and return a report of nothing."""
    from IPython.display import display

    empty = Empty(text)
    display(empty)  # type: ignore[no-untyped-call]
    return empty


def _names(period: Period, units: Any) -> dict[str, str]:
    """Return names by id; of a file that cannot be read, nothing is known but its id."""
    names = {}
    for unit in units:
        names[unit] = ""
        path = period.find_unit(unit)
        if path is not None:
            with suppress(ZiEvalError, OSError):
                names[unit] = period.read_head(path)[0]
    return names


def choose_unit(
    folder: str,
    units: Callable[[Period], Any],
    nothing: str,
    make: Callable[[Period, str], T],
    begun: Callable[[Period], Collection[str]] = lambda _: (),
    unit: str = "",
) -> T:
    """Return a report with a list of units above it, or what to do next; of ``unit`` it alone.

    Parameters
    ----------
    begun
        Gives the units of which there is something to show; one of them is shown first.
    """
    if unit:
        return make(Period.read(find_period(folder)), unit)
    try:
        period = Period(find_period(folder))
        found = list(units(period))
    except WorkspaceError as error:
        if folder:
            raise
        return cast("T", guide(str(error)))
    if not found:
        return cast("T", guide(advise(nothing, period.folder)))
    return cast("T", Picked(_names(period, found), lambda unit: make(period, unit), begun(period)))


def open_whole(folder: str, make: Callable[[Path], T], *, is_named: bool) -> T:
    """Return a report of a whole period; what to do next where nobody named what is not there."""
    try:
        period = Period(find_period(folder))
        if not folder and not period.unit_files:
            return cast("T", guide(advise(NO_UNIT, period.folder)))
        return make(period.folder)
    except WorkspaceError as error:
        if folder or is_named:
            raise
        return cast("T", guide(str(error)))
