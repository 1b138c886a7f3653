"""The date and time in a cell: held as one, or typed as people do: ``30 Juni 2026``, ``TW II``."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from zi_eval.sheets.numbers import held_number

__all__ = ["is_month_first", "parse_date", "parse_moment"]

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january", "februari feb peb pebruari february", "maret mar march",
            "april apr", "mei may", "juni jun june", "juli jul july",
            "agustus agu ags agt aug august", "september sep sept", "oktober okt oct october",
            "november nov nop nopember", "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""Indonesian and English names of months and how they are cut short."""
QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
CLOCK = (
    r"(?:[ ,T]+(?:pukul |pkl\.? |jam )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?"
    r"\s*([AaPp])?[.]?[Mm]?[.]?)?"
)
DIGITS = re.compile(rf"(\d{{1,4}})[/.-](\d{{1,2}})[/.-](\d{{1,4}}){CLOCK}")
WEEKDAY = re.compile(r"[^\W\d]{3,10},? +(?=\d)")
DAY_FIRST = re.compile(rf"(\d{{1,2}})[ ./-]+([^\W\d]{{3,9}})\.?,?[ ./-]+(\d{{4}}|\d\d){CLOCK}")
MONTH_FIRST = re.compile(rf"([^\W\d]{{3,9}})\.? +(\d{{1,2}})(?:st|nd|rd|th)?,? +(\d{{4}}){CLOCK}")
MONTH = re.compile(r"(?:akhir )?(?:bulan )?([^\W\d]{3,9})\.?(?:[ -]+(\d{4}|\d\d))?")
QUARTER = re.compile(
    r"(?:akhir )?(?:tw|triwulan|trw|q|kuartal)[ .-]*(i{1,3}|iv|[1-4])(?:[ /,]+(?:tahun )?(\d{4}))?"
)
HALF = re.compile(r"(?:akhir )?(?:semester|smt)[ .-]*(ii?|[12])(?:[ /,]+(?:tahun )?(\d{4}))?")
ZONE = re.compile(
    r"[.;]?\s*(?:Z|WIB|WITA|WIT|(?:UTC|GMT)?\s*(?:[+-]\d{1,2}(?::?\d\d)?)?)", re.IGNORECASE
)
LONGEST = 60
FIRST_DAY = date(1899, 12, 30)
SERIALS = range(36526, 73051)
"""Days that Excel counts, from 2000 to 2099: a number beyond is no date."""


def is_month_first(values: Iterable[object]) -> bool:
    """Whether dates of a column are written month first, as a second part above 12 shows."""
    for value in values:
        if isinstance(value, str) and (match := DIGITS.match(value.strip())):
            one, two, _ = (int(match[part]) for part in (1, 2, 3))
            if one <= 12 < two <= 31 and len(match[1]) <= 2:
                return True
    return False


def parse_moment(value: object, month_first: bool = False) -> datetime | None:
    """Return the moment a cell says, without its time zone; None where it says none.

    Examples
    --------
    >>> parse_moment("2026/03/02 9:15:22 PM GMT+7")
    datetime.datetime(2026, 3, 2, 21, 15, 22)
    >>> parse_moment("Senin, 2 Maret 2026 pukul 10.07")
    datetime.datetime(2026, 3, 2, 10, 7)
    """
    return _read(value, month_first)[0]


def _read(value: object, month_first: bool = False) -> tuple[datetime | None, str]:
    """Return the moment a cell begins with, and the text after it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None), ""
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day), ""
    if not isinstance(value, str):
        return None, ""
    whole = value.strip()[:LONGEST]
    text = WEEKDAY.sub("", whole, count=1) if whole[:1].isalpha() else whole
    if match := DIGITS.match(text):
        one, two, three = (int(match[part]) for part in (1, 2, 3))
        if any(len(part) == 4 and part[0] == "0" for part in (match[1], match[3])):
            return None, ""  # no year: nobody means the first thousand
        if len(match[1]) == 4:
            year, month, day = one, two, three
        elif month_first:
            year, month, day = three, one, two
        else:
            year, month, day = three, two, one
    elif match := DAY_FIRST.match(text):
        day, month, year = int(match[1]), MONTHS.get(match[2].casefold(), 0), int(match[3])
    elif match := MONTH_FIRST.match(whole):
        month, day, year = MONTHS.get(match[1].casefold(), 0), int(match[2]), int(match[3])
    else:
        return None, ""
    hour, minute, second = (int(match[part] or 0) for part in (4, 5, 6))
    half = (match[7] or "").casefold()
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    try:
        moment = datetime(year + 2000 if year < 100 else year, month, day, hour, minute, second)
    except ValueError:
        return None, ""
    return moment, text[match.end() :] if match.re is not MONTH_FIRST else whole[match.end() :]


def parse_date(value: object, year: int) -> date | None:
    """Return the day a cell says, the last one where it says a month, a quarter or a half year.

    Parameters
    ----------
    year
        What is meant where the cell says none.

    Examples
    --------
    >>> parse_date("TW II", 2026), parse_date("Juni 2026", 2025)
    (datetime.date(2026, 6, 30), datetime.date(2026, 6, 30))
    """
    moment, rest = _read(value)
    if moment is not None:
        # "1 Juni 2026 s.d. 30 Juni 2026" says two days.
        return moment.date() if ZONE.fullmatch(rest) else None
    days = held_number(value)
    if days is not None:
        return FIRST_DAY + timedelta(days) if int(days) in SERIALS else None
    text = " ".join(str(value).casefold().split())[:LONGEST]
    month = 0
    if match := QUARTER.fullmatch(text):
        month = QUARTERS[match[1]] * 3
    elif match := HALF.fullmatch(text):
        month = QUARTERS[match[1]] * 6
    elif match := MONTH.fullmatch(text):
        month = MONTHS.get(match[1], 0)
    if match is None or not month:
        return None
    said = int(match[2]) if match[2] else year
    said += 2000 if said < 100 else 0
    return date(said, month, monthrange(said, month)[1])
