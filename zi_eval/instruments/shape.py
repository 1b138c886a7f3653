"""What every shape of a definition file has in common: strict, and checked when first used."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Shape", "Text"]

Text = Annotated[str, Field(min_length=1)]


class Shape(BaseModel):
    """A mapping whose keys are exactly the fields of the class."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)
