"""Fixtures shared by all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from zi_eval.core.instrument import Instrument
from zi_eval.core.rules import RuleSet
from zi_eval.instruments import load_instrument, load_rules

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    return load_instrument("zi-2021")


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return load_rules("zi-2021")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout, with its notebooks and sample agency."""
    return ROOT
