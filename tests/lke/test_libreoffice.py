"""What LibreOffice computes and saves is what we computed and wrote."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.laws import count_examples
from tests.lke.samples import as_saved, draw_assessment, shown_values
from tests.lke.shapes import plain
from tests.lke.test_audit import clean_export
from tests.lke.test_export import check_figures
from tests.lke.test_fill import own_workbook
from tests.lke.test_reader import JAWABAN, LKE
from tests.lke.test_shapes import some_answers
from tests.office import convert, needs_soffice
from zi_eval.core.assessment import Answer, Assessment, Stage
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Severity
from zi_eval.core.scoring import score_assessment
from zi_eval.instruments import WorkbookLayout, load_workbook_layouts
from zi_eval.lke.audit import audit_workbook
from zi_eval.lke.export import export_workbook
from zi_eval.lke.fill import fill_workbook
from zi_eval.lke.reader import read_workbook

pytestmark = needs_soffice
Layouts = tuple[WorkbookLayout, ...]
EXPORTS = count_examples(10)
SHAPES = count_examples(6)


@pytest.fixture(scope="module")
def layouts() -> Layouts:
    return load_workbook_layouts("zi-2021")


@pytest.fixture(scope="module")
def drawn(instrument: Instrument) -> Mapping[str, Assessment]:
    """Random assessments, by what their workbook is called."""
    names = ["filled", *(f"exported-{seed}" for seed in range(EXPORTS))]
    return {name: draw_assessment(random.Random(f"lo {name}"), instrument) for name in names}


@pytest.fixture(scope="module")
def recalculated(
    drawn: Mapping[str, Assessment],
    instrument: Instrument,
    layouts: Layouts,
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, Path]:
    """All workbooks of this module, opened, recalculated and saved by one start."""
    folder = tmp_path_factory.mktemp("before")
    made = {"clean": clean_export()}
    for name, assessment in drawn.items():
        if name == "filled":
            own = own_workbook(folder)
            made[name] = fill_workbook(own, assessment, instrument, layouts).data
        else:
            made[name] = export_workbook(assessment, instrument, layouts[0]).data
    for name, data in made.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    after = convert([folder / f"{name}.xlsx" for name in made], tmp_path_factory.mktemp("after"))
    return {path.stem: path for path in after}


@pytest.mark.law
@pytest.mark.parametrize("seed", range(EXPORTS))
def test_every_figure_of_an_export_is_ours_and_every_answer_stays(
    drawn: Mapping[str, Assessment],
    recalculated: Mapping[str, Path],
    instrument: Instrument,
    layouts: Layouts,
    seed: int,
) -> None:
    assessment, path = drawn[f"exported-{seed}"], recalculated[f"exported-{seed}"]
    check_figures(shown_values(path), assessment, instrument, layouts[0])
    reading = read_workbook(path, instrument, layouts)
    assert as_saved(reading.answers, assessment.answers) == dict(assessment.answers)
    assert reading.problems == ()


def test_a_filled_copy_is_computed_as_we_do(
    drawn: Mapping[str, Assessment],
    recalculated: Mapping[str, Path],
    instrument: Instrument,
    layouts: Layouts,
) -> None:
    assessment, path = drawn["filled"], recalculated["filled"]
    reading = read_workbook(path, instrument, layouts)
    answers = dict(assessment.answers)
    if not answers["A.I.1.i.a"].tpi_note:  # the comment on its cell stands for the note
        answers["A.I.1.i.a"] = replace(answers["A.I.1.i.a"], tpi_note="Tanyakan ke kepegawaian")
    assert as_saved(reading.answers, answers) == answers
    shown = shown_values(path)["LKE ZI"]
    for stage, cell in ((Stage.UNIT, "L208"), (Stage.TPI, "S208")):
        total = score_assessment(instrument, assessment, stage).total.score
        if total is None:
            assert shown[cell] == "Blm Diisi"
        else:
            assert shown[cell] == pytest.approx(total, abs=1e-9)


def test_an_audit_of_a_saved_workbook_is_clean(
    recalculated: Mapping[str, Path], instrument: Instrument, layouts: Layouts
) -> None:
    assert audit_workbook(recalculated["clean"], instrument, layouts).findings == ()


@pytest.fixture(scope="module")
def shapes(
    instrument: Instrument, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[Path, Mapping[str, Answer]]:
    """Workbooks of random answers in the two layouts."""
    made = {}
    for seed in range(SHAPES):
        answers = some_answers(seed)
        folder = tmp_path_factory.mktemp("shape")
        path = plain(instrument, (LKE, JAWABAN)[seed % 2], answers, folder)
        made[path.rename(folder / f"lke-{seed}.xlsx")] = answers
    return made


@pytest.mark.parametrize("kind", ["xls", pytest.param("ods", marks=pytest.mark.long)])
def test_what_is_saved_in_another_format_reads_the_same(
    shapes: Mapping[Path, Mapping[str, Answer]],
    instrument: Instrument,
    layouts: Layouts,
    tmp_path: Path,
    kind: str,
) -> None:
    for path, answers in zip(convert(shapes, tmp_path, kind), shapes.values(), strict=True):
        reading = read_workbook(path, instrument, layouts)
        assert dict(reading.answers) == answers
        assert [p for p in reading.problems if p.severity is Severity.ERROR] == []
        assert [p.code for p in reading.problems] == ["format-lain"]
        assert f".{kind}" in reading.problems[0].message
