"""Periods on disk, a client without a network, and clocks that are turned by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI

from tests.core.samples import Answers, all_best, best_facts
from zi_eval.core.assessment import Answer, Assessment, Fact, Final, Unit
from zi_eval.core.instrument import Decrease, Question
from zi_eval.instruments import load_instrument, load_rules
from zi_eval.period.unit_writer import render_unit
from zi_eval.portal.app import create_app
from zi_eval.portal.documents import DocumentStore
from zi_eval.portal.limits import RateLimit
from zi_eval.portal.tokens import SCOPES, TokenFile

AGENCY = """\
nama: Pemerintah Kabupaten Rekaan
jenis: kabupaten
aturan: permenpanrb-90-2021
syarat:
  opini_bpk: WTP
  sakip_instansi: A
  indeks_rb: A
  spip: 4
"""
FINAL = Final("Ketua TPI", datetime(2026, 5, 20, 7, 30, tzinfo=UTC))
START = datetime(2026, 6, 1, tzinfo=UTC)


def _counts(question: Question) -> tuple[float, ...]:
    """Return counts that are worth 1 and that can be: nobody more than there are."""
    if isinstance(question.rule, Decrease):
        return tuple(0.0 for _ in question.asked_inputs)
    assert question.rule is not None
    parts = sum(item.is_derived for item in question.inputs) and 1.0
    return tuple(
        3.0 if item.number == question.rule.part else parts or 3.0 for item in question.asked_inputs
    )


COUNTS = {q.id: _counts(q) for q in load_instrument().questions.values() if q.inputs} | {
    "A.II.5.ii.a": (3.0, 0.0, 3.0)  # none is in process where all are done
}


def make_assessment(
    unit: str = "dinas-uji",
    target: str = "WBK",
    changes: Answers | None = None,
    facts: Mapping[str, Fact] | None = None,
    final: Final | None = FINAL,
    name: str = "",
    notes: Mapping[str, Answer] | None = None,
    is_affirmative: bool = False,
) -> Assessment:
    """Return a unit that meets everything, but for what is changed."""
    values = all_best(load_instrument()) | COUNTS | dict(changes or {})
    answers = {
        key: Answer(unit=value, tpi=value, evidence=(f"https://bukti.example/{key}.pdf",))
        for key, value in values.items()
        if value is not None
    } | dict(notes or {})
    return Assessment(
        Unit(unit, name or f"Unit {unit}", is_affirmative=is_affirmative),
        "zi-2021",
        target,
        "2026",
        best_facts(load_rules("zi-2021"), "unit") | dict(facts or {}),
        answers,
        final,
    )


def write_unit(folder: Path, assessment: Assessment) -> Path:
    path = folder / f"{assessment.unit.id}.yaml"
    text = render_unit(assessment, load_instrument(), load_rules("zi-2021"))
    path.write_text(text, encoding="utf-8")
    return path


def write_period(folder: Path, *assessments: Assessment, agency: str = AGENCY) -> Path:
    """Write ``folder/parameters/2026`` and return it."""
    period = folder / "parameters" / "2026"
    period.mkdir(parents=True)
    (period / "instansi.yaml").write_text(agency, encoding="utf-8")
    for assessment in assessments or (make_assessment(),):
        write_unit(period, assessment)
    return period


@dataclass
class Clock:
    """Seconds and the time of day, turned together."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Client:
    """Asks an application in this process."""

    app: FastAPI
    token: str = ""
    address: str = "203.0.113.7"

    def get(self, path: str, token: str | None = None, method: str = "GET") -> httpx.Response:
        text = self.token if token is None else token
        headers = {"Authorization": f"Bearer {text}"} if text else {}
        return self.send(httpx.Request(method, f"http://portal.test{path}", headers=headers))

    def send(self, *requests: httpx.Request) -> httpx.Response:
        """Send all requests at once and return the last answer."""
        return self.send_all(*requests)[-1]

    def send_all(self, *requests: httpx.Request) -> list[httpx.Response]:
        async def run() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app, client=(self.address, 4711))
            async with httpx.AsyncClient(transport=transport) as client:
                return await asyncio.gather(*(client.send(request) for request in requests))

        return asyncio.run(run())


@dataclass
class Service:
    """A period, its tokens and the application on them, all on one clock."""

    root: Path
    period: Path
    clock: Clock = field(default_factory=Clock)
    requests: RateLimit | None = None
    failures: RateLimit | None = None

    def __post_init__(self) -> None:
        self.tokens = TokenFile(self.root / "portal-tokens.json", self.clock.now)
        self.store = DocumentStore(self.period, self.clock.monotonic, interval=0.0)
        self.app = create_app(
            self.store,
            self.tokens,
            self.requests or RateLimit(1e6, 1e6, self.clock.monotonic),
            self.failures or RateLimit(1e6, 1e6, self.clock.monotonic),
        )

    def add_token(self, name: str = "portalrb", *scopes: str, days: float = 365.0) -> str:
        expires = self.clock.now() + timedelta(days=days)
        return self.tokens.add(name, scopes or SCOPES, expires)

    def client(self, token: str = "") -> Client:
        return Client(self.app, token)
