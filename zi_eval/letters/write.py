"""The letters of a period's units written as files, and the template they may be written from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import has_errors
from zi_eval.errors import ParameterError, WorkspaceError, ZiEvalError
from zi_eval.files import write_bytes, write_text
from zi_eval.letters.details_file import PART, parse_letter
from zi_eval.letters.docx import build_letter_template, render_letter_docx
from zi_eval.letters.letter import letter_content, render_lhe_html
from zi_eval.letters.load import load_raised, load_surveys
from zi_eval.letters.template_file import read_template
from zi_eval.letters.words import warnings_of
from zi_eval.period.reading import Period
from zi_eval.recommendations.load import load_register
from zi_eval.report.made import Made

__all__ = ["WrittenLetter", "write_letter_template", "write_letters"]


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """The letter of one unit.

    Attributes
    ----------
    word, page
        The files: the letter to be edited, and the same to be read.
    warnings
        What the data lack or leave in doubt.
    trouble
        Why the surveys are not in it, empty where nothing is wrong with them.
    """

    unit: str
    word: Path
    page: Path
    warnings: tuple[str, ...]
    trouble: str = ""


def write_letters(
    folder: str | Path,
    units: Iterable[str],
    output: Path,
    template: Path | None = None,
    *,
    evaluate: Callable[[Period, Path], Evaluation],
    force: bool = False,
    tell: Callable[[WrittenLetter], None] = lambda letter: None,
) -> tuple[WrittenLetter, ...]:
    """Write the evaluation letter (LHE) of units, each as a document and as a page.

    Parameters
    ----------
    folder
        ``parameters/<period>/``.
    output
        The folder to write into.
    evaluate
        Evaluates a unit with all that speaks against its verdict
        (:func:`zi_eval.case.evaluate_whole`): a letter is no surer than the report.
    template
        A team's own document with placeholders; the shipped one where None.
    force
        Write over letters that are there, which somebody may have edited.
    tell
        Called with each letter once it is written.

    Raises
    ------
    ParameterError
        With every problem of the agency's file, or of a unit's.
    WorkspaceError
        Where a unit is not there, or a letter is there already; nothing is written then.
    ZiEvalError
        Where a unit's instrument has no such letter, or the template cannot be used.
    """
    period = Period.read(Path(folder))
    details, wrong = parse_letter(period.section(PART))
    if has_errors((*period.problems, *wrong)):
        raise ParameterError((*period.problems, *wrong))
    files = [period.find(unit) for unit in dict.fromkeys(units)]
    own = read_template(template) if template else None
    targets = [(output / f"{f.stem}.lhe.docx", output / f"{f.stem}.lhe.html") for f in files]
    _require_free((path for pair in targets for path in pair), force)
    written = []
    for file, (word, page) in zip(files, targets, strict=True):
        evaluation = evaluate(period, file)
        if evaluation.rules.bands:
            raise ZiEvalError(
                f"{file} memakai instrumen {evaluation.instrument.id}; LHE ini hanya untuk Zona "
                "Integritas."
            )
        surveys, trouble = load_surveys(period, file.stem)
        content = letter_content(
            evaluation,
            Made.now(),
            letter=details,
            raised=load_raised(period.folder, evaluation),
            surveys=surveys,
            register=load_register(period, file.stem),
        )
        write_bytes(
            word, render_letter_docx(content, own, str(template) if template else "templat bawaan")
        )
        write_text(page, render_lhe_html(content))
        letter = WrittenLetter(file.stem, word, page, tuple(warnings_of(evaluation)), trouble)
        written.append(letter)
        tell(letter)
    return tuple(written)


def write_letter_template(path: Path, force: bool = False) -> None:
    """Write the shipped template, to be changed in Word.

    Raises
    ------
    WorkspaceError
        Where the file is there already and ``force`` does not say to write over it.
    """
    _require_free((path,), force)
    write_bytes(path, build_letter_template(Made.now().time))


def _require_free(paths: Iterable[Path], force: bool) -> None:
    """Refuse to write over a file that somebody may have edited."""
    taken = [str(path) for path in paths if path.exists()]
    if taken and not force:
        raise WorkspaceError(
            f"{', '.join(taken)} sudah ada; tidak ditulis, karena mungkin sudah disunting. "
            "Pakai --force untuk menimpanya, atau -o untuk folder lain."
        )
