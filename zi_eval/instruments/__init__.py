"""The instruments as data, and their strict loader."""

from zi_eval.instruments.layouts import WorkbookColumns, WorkbookLayout
from zi_eval.instruments.loader import (
    DEFAULT_INSTRUMENT,
    available_instruments,
    load_instrument,
    load_portal_ids,
    load_workbook_layouts,
)
from zi_eval.instruments.rulesets import available_rules, load_rules

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
