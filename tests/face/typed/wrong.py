"""What mypy refuses of a user's script; each line names its error."""

import zi_eval as zi

period = zi.open_period(["2026"])  # arg-type
period.scores(stage=2)  # arg-type
period["dpmptsp"].score + 1  # operator
period.skor()  # attr-defined
