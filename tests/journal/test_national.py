"""What the TPN gave is kept by the journal and changed in no form."""

from __future__ import annotations

import pytest

from zi_eval.core.assessment import Answer, Assessment, Unit
from zi_eval.errors import ZiEvalError
from zi_eval.instruments import load_instrument
from zi_eval.journal.fields import FieldPlace, Person, Role, check_right
from zi_eval.journal.plain import assessment_of, plain_values


def test_answers_of_the_tpn_come_back_from_a_journal_and_no_role_changes_them() -> None:
    instrument = load_instrument("zi-2021")
    answers = {
        "A.I.1.i.b": Answer("A", tpn="C", tpn_note="belum ada bukti"),
        "A.II.1.i.a": Answer(tpn=(6, 8)),
    }
    whole = Assessment(Unit("u", "Unit"), "zi-2021", "WBK", answers=answers)
    values = plain_values(whole)
    bare = Assessment(Unit("u", "Unit"), "zi-2021", "WBK")
    assert assessment_of(values, bare, instrument, set(answers)).answers == answers
    for role in (Role.UNIT, Role.MEMBER, Role.LEADER, Role.SUPERVISOR):
        for field in ("tpn", "catatan_tpn"):
            with pytest.raises(ZiEvalError, match="yang diberi TPN"):
                check_right(FieldPlace("A.I.1.i.b", field), Person("Ani", role), is_final=False)
