"""The form in the words of a team's own workbook."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.lke.test_wording import CHOICE, render, sentence, workbook
from zi_eval.forms.state import FormState
from zi_eval.instruments import load_instrument, load_workbook_layouts
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.lke.wording import read_wording

INSTRUMENT = load_instrument("zi-2021")


def test_the_form_shows_the_teams_wording_and_keeps_answers_as_before(
    root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "parameters" / "2026"
    folder.mkdir(parents=True)
    for name in ("instansi", "dpmptsp"):
        shutil.copy(root / "parameters" / "2026" / f"{name}.yaml", folder)
    path = workbook().save(tmp_path)
    reading = read_wording(path, INSTRUMENT, load_workbook_layouts("zi-2021"))
    (folder / "kalimat.yaml").write_text(render(reading), encoding="utf-8")
    state = FormState.open(folder / "dpmptsp.yaml", Person("Sari", Role.UNIT))
    try:
        whole = state.answer({"type": "open", "view": "v"})
        own = INSTRUMENT.questions[CHOICE]
        shown = whole["form"]["questions"][CHOICE]
        assert shown["text"] == sentence(own)
        assert [option["text"] for option in shown["options"]] == [
            f"Apabila {text}" for text in own.options.values()
        ]
        place = FieldPlace(CHOICE, "unit")
        state.store.change(place, "B", state.store.get(place))
        assert state.store.get(place) == "B"
    finally:
        state.close()
    assert "B" in (folder / "dpmptsp.yaml").read_text(encoding="utf-8")
    assert sentence(own) not in (folder / "dpmptsp.yaml").read_text(encoding="utf-8")
