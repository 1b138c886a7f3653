"""The recap's section on improvements: the same as on the terminal, nothing unescaped."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.improvement.test_shared import MIXED, agency, unit
from tests.pages.builders import INSTRUMENT
from zi_eval.improvement.page.recap import improvement_recap_section, render_shared_steps
from zi_eval.improvement.shared import shared_steps

EVIL = "<script>alert(1)</script>"


def test_the_section_and_the_terminal_show_the_same_first_step() -> None:
    first = shared_steps(MIXED).steps[0]
    html = str(improvement_recap_section(MIXED, shared_steps(MIXED)).html)
    cell = re.search(r'<td class="code">(.*?)</td>', html)
    assert cell is not None
    assert cell[1] == first.question.id
    assert "2 dari 2 unit" in html
    assert first.question.id in render_shared_steps(MIXED, shared_steps(MIXED)).splitlines()[1]


def test_where_every_unit_has_its_target_nothing_is_listed() -> None:
    done = agency(unit("selesai", 1.0))
    assert "<table" not in str(improvement_recap_section(done, shared_steps(done)).html)
    assert "Tidak ada unit" in render_shared_steps(done, shared_steps(done))


def test_what_a_team_worded_is_shown_as_text() -> None:
    questions = {k: replace(q, title="", text=EVIL) for k, q in INSTRUMENT.questions.items()}
    hostile = replace(MIXED, instrument=replace(INSTRUMENT, questions=questions))
    html = str(improvement_recap_section(hostile, shared_steps(hostile)).html)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
