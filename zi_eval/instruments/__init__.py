"""The instruments as data, and their strict loader."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from zi_eval.instruments.folders import DEFAULT_INSTRUMENT, available_instruments
from zi_eval.instruments.packaged import (
    load_instrument,
    load_portal_ids,
    load_rules,
    load_workbook_layouts,
)

if TYPE_CHECKING:
    from zi_eval.instruments.layouts import WorkbookColumns, WorkbookLayout
    from zi_eval.instruments.rulesets import available_rules

__all__ = [
    "DEFAULT_INSTRUMENT",
    "WorkbookColumns",
    "WorkbookLayout",
    "available_instruments",
    "available_rules",
    "load_instrument",
    "load_portal_ids",
    "load_rules",
    "load_workbook_layouts",
]

_HOMES = {"WorkbookColumns": "layouts", "WorkbookLayout": "layouts", "available_rules": "rulesets"}


def __getattr__(name: str) -> Any:
    """Import what needs the loader when it is first asked for: checking files is heavy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'zi_eval.instruments' has no attribute {name!r}")
    return getattr(importlib.import_module(f"zi_eval.instruments.{_HOMES[name]}"), name)
