"""Mappings with the same keys that hold these once: of tens of thousands of units, not of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

__all__ = ["share_keys"]

T = TypeVar("T")


class _Keyed(Mapping[str, T]):
    """A row of values below keys that other rows have too, in the same order."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: tuple[T, ...]) -> None:
        self._places, self._values = places, values

    def __getitem__(self, key: str) -> T:
        return self._values[self._places[key]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(dict(self))


@lru_cache(maxsize=16)
def _places(keys: tuple[str, ...]) -> Mapping[str, int]:
    return {key: place for place, key in enumerate(keys)}


def share_keys(mapping: Mapping[str, T]) -> Mapping[str, T]:
    """Return an equal mapping that takes a quarter of a dictionary's memory, and is read slower."""
    return _Keyed(_places(tuple(mapping)), tuple(mapping.values()))
