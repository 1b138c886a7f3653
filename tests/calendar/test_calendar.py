from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample import ROOT, copy_sample, run_command
from zi_eval.calendar.deadlines import Deadline, coming, days_text
from zi_eval.calendar.ics import render_ics
from zi_eval.calendar.load import load_deadlines, parse_deadlines, usual_deadlines
from zi_eval.calendar.page.sections import calendar_section
from zi_eval.cli.telling import tell_reported
from zi_eval.period.reading import Period
from zi_eval.yaml_files.source import parse_yaml

NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
USUAL = usual_deadlines(2026)


def declare(text: str) -> tuple[dict[str, Deadline], list[tuple[int | None, str]]]:
    """Return the deadlines with an agency's laid over, and what is wrong with it, by line."""
    found, problems = parse_deadlines(parse_yaml(text.encode(), "kalender.yaml"), USUAL)
    return {item.id: item for item in found}, [(p.line, p.message) for p in problems]


def test_the_usual_deadlines_are_in_their_year_and_each_says_its_source() -> None:
    by_id = {item.id: item for item in USUAL}
    assert by_id["usulan"].day == date(2026, 5, 31)
    assert by_id["monev-tw4"].day == date(2027, 1, 15)
    assert usual_deadlines(2028)[2].day == date(2028, 2, 28)
    assert all(item.source and item.who for item in USUAL)
    assert {item.id for item in USUAL if item.is_rule} >= {"usulan", "lhkpn", "skm", "lkjip-unit"}


def test_a_period_of_akip_has_no_deadlines_of_zona_integritas_and_no_letter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())))
    home = copy_sample(tmp_path / "zi", "dpmptsp", years=("2026-akip",))
    found, problems = load_deadlines(Period(home / "parameters/2026-akip"))
    assert {item.id for item in found} == {"perjanjian-kinerja", "lkjip-unit", "lkjip-instansi"}
    assert problems == ()
    assert {item.id for item in found} < {item.id for item in USUAL}
    assert run_command("calendar", "--folder", home) == 0
    assert "ZI" not in capsys.readouterr().out
    for period, command in (("2026-akip", "score"), ("2026", "lhe")):
        tell_reported(ROOT / "parameters" / period, "dpmptsp", period, home)
        assert f"zi-eval {command} dpmptsp --period {period}" in capsys.readouterr().err


def test_an_agency_moves_drops_and_adds_deadlines() -> None:
    found, problems = declare(
        "usulan: {tanggal: 2026-06-30, sumber: Surat Menteri}\n"
        "survei-mandiri: tidak\n"
        "kalibrasi: {judul: Rapat kalibrasi, tanggal: 2026-05-04, untuk: TPI}\n"
        "lke: {untuk: tim unit}\n"
    )
    assert problems == []
    assert (found["usulan"].day, found["usulan"].source) == (date(2026, 6, 30), "Surat Menteri")
    assert not found["usulan"].is_rule
    assert "survei-mandiri" not in found
    assert (found["kalibrasi"].who, found["kalibrasi"].source) == ("TPI", "kalender instansi")
    assert (found["lke"].day, found["lke"].who) == (date(2026, 4, 30), "tim unit")
    assert [item.day for item in found.values()] == sorted(item.day for item in found.values())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("usulan: {tanggal: 30 Juni}", "'30 Juni' bukan tanggal."),
        ("usulan: {tangal: 2026-06-30}", "'tangal' tidak dikenal."),
        ("usulan: 2026-06-30", "'usulan' bukan tenggat."),
        ("usulan: {tanggal: 9999-12-31}", "tahun 9999 tidak mungkin."),
        ("rapat: {judul: Rapat}", "tenggat sendiri 'rapat' perlu judul dan tanggal."),
        ("usulann: tidak", "tenggat 'usulann' tidak ada."),
    ],
)
def test_a_line_that_is_wrong_is_named_and_changes_nothing(line: str, said: str) -> None:
    found, problems = declare(f"# kalender\n{line}\n")
    assert problems == [(2, said)]
    assert found == {item.id: item for item in USUAL}


def test_what_is_due_next_begins_with_the_day_itself() -> None:
    assert [item.id for item in coming(USUAL, date(2026, 5, 20))][:2] == ["evaluasi-tpi", "usulan"]
    assert coming(USUAL, date(2027, 1, 16)) == ()
    days = [days_text(date(2026, 5, day), date(2026, 5, 2)) for day in (1, 2, 3, 20)]
    assert days == ["1 hari lalu", "hari ini", "besok", "18 hari lagi"]


def test_the_file_keeps_to_the_form_of_rfc_5545() -> None:
    long = Deadline("x", "Rapat; \\ bersama, semua\nunit " + "é" * 60, NOW.date(), "TPI", "surat")
    data = render_ics([*USUAL, long], "Kabupaten Contoh", NOW)
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(line.decode() for line in lines[:-1])
    whole = data.decode().replace("\r\n ", "")
    assert "SUMMARY:Rapat\\; \\\\ bersama\\, semua\\nunit " + "é" * 60 in whole
    assert whole.count("BEGIN:VEVENT") == whole.count("END:VEVENT") == len(USUAL) + 1


def test_a_deadline_that_moves_keeps_its_uid() -> None:
    old = Deadline("usulan", "Usulan", date(2026, 5, 31), "instansi", "aturan")
    new = Deadline("usulan", "Usulan", date(2026, 6, 30), "instansi", "surat")
    uids = [
        line
        for item in (old, new)
        for line in render_ics([item], "A", NOW).split(b"\r\n")
        if line.startswith(b"UID:")
    ]
    assert uids[0] == uids[1]


@given(title=st.text(min_size=1, max_size=120), day=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_another_program_reads_the_same_deadlines(title: str, day: date) -> None:
    icalendar = pytest.importorskip("icalendar")
    item = Deadline("x", title, day, "unit, TPI", "surat; nomor 1")
    found = icalendar.Calendar.from_ical(render_ics([item], "Kabupaten, Contoh", NOW))
    (event,) = found.walk("VEVENT")
    assert event.decoded("DTSTART") == day
    assert str(event["DESCRIPTION"]) == "Untuk: unit, TPI. Dasar: surat; nomor 1."
    printable = "".join(letter for letter in title if letter.isprintable())
    assert "".join(filter(str.isprintable, str(event["SUMMARY"]))) == printable
    assert len(found.walk("VALARM")) == 1


def test_the_section_says_what_is_due_for_whom_and_escapes_what_people_typed() -> None:
    evil = Deadline("x", "<script>", date(2026, 4, 3), "<b>", "<i>")
    shown = str(calendar_section([*USUAL, evil], NOW.date()).html)
    assert shown.index("besok") < shown.index("Monev rencana ZI")
    assert "<script" not in shown
    assert not calendar_section(USUAL, date(2030, 1, 1))


def test_the_command_tells_and_writes_the_agencys_calendar(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_sample(tmp_path / "zi", "dpmptsp")
    period = home / "parameters/2026"
    (period / "kalender.yaml").write_text("usulan: {tanggal: 2026-06-30}\nlke: besok\n", "utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    assert set(Period(period).unit_files) == {"dpmptsp"}
    assert run_command("calendar", "--folder", home, "--ics", tmp_path / "zi.ics") == 0
    out, err = capsys.readouterr()
    assert out.startswith("15 April 2026 (13 hari lagi): Monev rencana ZI")
    assert "30 Juni 2026 (89 hari lagi): Usulan unit" in out
    assert "'lke' bukan tenggat." in err
    assert (tmp_path / "zi.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert run_command("calendar", "--folder", home, "--ics", tmp_path / "zi.ics") == 1
    unit = period / "dpmptsp.yaml"
    before = unit.read_bytes()
    assert run_command("calendar", "--folder", home, "--ics", unit, "--force") == 1
    assert unit.read_bytes() == before
    deadlines, problems = load_deadlines(Period(period))
    assert len(deadlines) == len(USUAL)
    assert [problem.line for problem in problems] == [2]
