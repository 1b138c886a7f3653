"""What the register's form shows, as plain values for JSON: the unit, each item, what to add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from textwrap import shorten
from typing import Any, Final

from zi_eval.core.instrument import Question
from zi_eval.core.problems import Problem
from zi_eval.core.text import day_text, fold
from zi_eval.recommendations.page.words import age_text, origin_text
from zi_eval.recommendations.table.editor import field_value
from zi_eval.recommendations.values import Origin, Recommendation, Register, Status
from zi_eval.report.tables import evidence_links
from zi_eval.report.words import NO_BREAK
from zi_eval.screen.words import row_warnings

__all__ = ["filter_items", "item_views", "offer_views", "ordered", "shown_text", "unit_view"]

LATE: Final = "lewat waktu"
OLD: Final = "lebih dari setahun"
UNSEEN: Final = "belum diperiksa"
MOST_PRESSING: Final = 5
LONGEST: Final = 70
LONGEST_OFFER: Final = 200
STATUS: Final = {
    Status.OPEN: ("○", "none", "Belum"),
    Status.STARTED: ("●", "none", "Proses"),
    Status.DONE: ("✓", "met", "Selesai"),
    Status.VOID: ("–", "none", "Tidak dapat ditindaklanjuti"),
}


def shown_text(item: Recommendation, field: str) -> str | None:
    """Return a value as it stands in its input, None where it is empty."""
    value = field_value(item, field)
    if value is not None and field in ("batas_waktu", "tanggal", "tanggal_verifikasi"):
        return day_text(date.fromisoformat(value))
    return value


def _short(text: str, longest: int = LONGEST) -> str:
    return shorten(text, longest, placeholder="…")


def _light(item: Recommendation, today: date) -> dict[str, str]:
    """Return the sign of an item: late first, then old, then settled without anybody's look."""
    if item.is_late(today):
        return {"class": "not_met", "icon": "▼", "label": "Lewat waktu"}
    if item.is_old(today):
        return {"class": "not_met", "icon": "▼", "label": "Lebih dari setahun"}
    if item.lacks_proof:
        said = "Belum diperiksa" if item.proof or item.status is Status.VOID else "Tanpa bukti"
        return {"class": "unknown", "icon": "◆", "label": said}
    icon, style, label = STATUS[item.status]
    return {"class": style, "icon": icon, "label": label}


def _fits_light(item: Recommendation, light: str, today: date) -> bool:
    if light in (LATE, OLD, UNSEEN):
        found = {LATE: item.is_late(today), OLD: item.is_old(today), UNSEEN: item.lacks_proof}
        return found[light]
    return light in ("", item.status.value)


def ordered(register: Register) -> tuple[Recommendation, ...]:
    """Return what is shown by status, what is open first; of one status the oldest first."""
    places = list(Status)
    return tuple(
        sorted(
            register.shown,
            key=lambda item: (places.index(item.status), item.issued or date.max, item.since),
        )
    )


def filter_items(
    register: Register,
    today: date,
    light: str = "",
    owner: str = "",
    origin: str = "",
    query: str = "",
) -> Iterator[str]:
    """Return the keys of the items that fit every given filter, in the order of the screen.

    Parameters
    ----------
    light
        A status by its value, or ``lewat waktu``, ``lebih dari setahun``, ``belum diperiksa``.
    owner, origin
        A penanggung jawab and a sumber, exactly.
    query
        Words that must all occur in what the table says about the item.
    """
    words = fold(query).split()
    for item in ordered(register):
        said = fold(" ".join((item.number, item.origin, item.text, item.owner, *item.questions,
                              item.action, item.note)))  # fmt: skip
        if (
            _fits_light(item, light, today)
            and owner in ("", item.owner)
            and origin in ("", item.origin.value)
            and all(word in said for word in words)
        ):
            yield item.key


def unit_view(register: Register, name: str, agency: str, today: date) -> dict[str, Any]:
    """Return what is shown of the unit: how much is open, and what presses."""
    shown, opened = register.shown, register.open_items
    counts = [
        (LATE, "Lewat waktu", "▼", "not_met", sum(item.is_late(today) for item in shown)),
        (OLD, "Lebih dari setahun", "▼", "not_met", sum(item.is_old(today) for item in shown)),
        (UNSEEN, "Belum diperiksa", "◆", "unknown", sum(item.lacks_proof for item in shown)),
    ]
    counts += [
        (status.value, label, icon, style, sum(item.status is status for item in shown))
        for status, (icon, style, label) in STATUS.items()
    ]
    pressing = [
        item
        for item in ordered(register)
        if item.is_late(today) or item.is_old(today) or item.lacks_proof
    ]
    found = register.followed_up
    said = [agency if agency != name else "", f"Tindak lanjut {register.period}"]
    return {
        "title": name,
        "subtitle": " · ".join(filter(None, said)),
        "open": f"{len(opened)} dari {len(shown)}",
        "audit": None
        if found is None
        else {"text": f"{found.settled} dari {found.count}", "note": "temuan APIP dan BPK selesai"},
        "lights": [
            {"light": light, "label": label, "icon": icon, "class": style, "count": count}
            for light, label, icon, style, count in counts
        ],
        "decisions": [
            {
                **_light(item, today),
                "key": item.key,
                "name": origin_text(item),
                "outlook": item.owner or "penanggung jawab belum ditulis",
                "ask": _asked(item, today),
            }
            for item in pressing[:MOST_PRESSING]
        ],
        "pressing": len(pressing),
        "owners": sorted({item.owner for item in shown if item.owner}),
        "origins": [origin.value for origin in Origin if any(i.origin is origin for i in shown)],
    }


def _asked(item: Recommendation, today: date) -> str:
    if item.is_late(today) and item.due:
        return f"Batas waktunya {day_text(item.due)}."
    if item.is_old(today):
        return f"Belum selesai setelah {age_text(item, today)}."
    if not item.proof and item.status is Status.DONE:
        return "Dinyatakan selesai tanpa bukti."
    return "Menunggu TPI memeriksa buktinya."


def item_views(
    register: Register,
    questions: Mapping[str, Question],
    today: date,
    fields: Iterable[str],
    problems: Sequence[Problem] = (),
) -> Mapping[str, dict[str, Any]]:
    """Return what is shown of every item, by its key, by status."""
    warned = row_warnings(problems)
    names = tuple(fields)
    views = {}
    for number, item in enumerate(ordered(register), 1):
        is_carried = item.period != register.period
        given = [
            f"diberikan {day_text(item.issued)}" if item.issued else "",
            f"umur {age_text(item, today)}",
            f"dari tabel {item.period}" if is_carried else "",
        ]
        verified = item.verified_by
        if verified and item.verified_on:
            verified += f", {day_text(item.verified_on)}"
        views[item.key] = {
            **_light(item, today),
            "number": number,
            "name": f"{origin_text(item)}: {_short(item.text)}",
            "text": item.text if len(item.text) > LONGEST else "",
            "group": STATUS[item.status][2],
            "owner": item.owner,
            "due": f"batas{NO_BREAK}{day_text(item.due)}" if item.due else "",
            "facts": " · ".join(text for text in given if text),
            "questions": [
                {"id": key, "text": questions[key].text if key in questions else ""}
                for key in item.questions
            ],
            "verified": verified,
            "can_verify": not item.is_open and not verified,
            "values": {field: shown_text(item, field) for field in names},
            "evidence": [asdict(link) for link in evidence_links([item.proof])],
            "warnings": [] if is_carried else warned.get(item.row, []),
        }
    return views


def offer_views(
    offers: Mapping[str, Iterable[Recommendation]], known: Iterable[str]
) -> list[dict[str, Any]]:
    """Return what may be added by where it comes from, but for what the register has."""
    there = set(known)
    groups = []
    for title, items in offers.items():
        found = [
            {
                "key": item.key,
                "name": _short(item.text, LONGEST_OFFER),
                "facts": " · ".join((origin_text(item), *item.questions)),
            }
            for item in items
            if item.key not in there
        ]
        if found:
            groups.append({"title": title, "items": found})
    return groups
