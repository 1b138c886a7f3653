"""When something is made, and by which zi-eval: one value for every page, document and log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zi_eval import __version__
from zi_eval.clock import now
from zi_eval.report.words import format_time

__all__ = ["Made"]


@dataclass(frozen=True, slots=True)
class Made:
    """When something is made, and by which zi-eval.

    Attributes
    ----------
    time
        With its time zone.
    version
        Of the package.
    """

    time: datetime
    version: str

    @classmethod
    def now(cls) -> Made:
        """Return this moment in local time; ``SOURCE_DATE_EPOCH`` (seconds) pins it."""
        return cls(now(), __version__)

    @property
    def when(self) -> str:
        """The time in words: ``5 Januari 2026 pukul 14.05 WIB``."""
        return format_time(self.time)

    @property
    def sentence(self) -> str:
        """Both in words: ``Dibuat 5 Januari 2026 pukul 14.05 WIB dengan zi-eval 1.0.``."""
        return f"Dibuat {self.when} dengan zi-eval {self.version}."
