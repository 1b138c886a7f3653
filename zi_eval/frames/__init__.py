"""Core values as tidy pandas tables: one row one fact. The only room that imports pandas.

Ids are stable and English, official titles stand in a column of their own, what can be ordered is
an ordered category, whole numbers are ``Int64``, times have their zone, and what is missing is
``NA``, never 0. With ``labels=True`` headings and categories are Indonesian instead, for people.
"""

from zi_eval.frames.columns import LEVELS, STAGES, TABLES, Column
from zi_eval.frames.rows import (
    activity_rows,
    alike_rows,
    answer_rows,
    change_rows,
    comparison_rows,
    decision_rows,
    difference_rows,
    finding_rows,
    holder_rows,
    indicator_rows,
    levels_of,
    move_rows,
    official_order,
    order_of,
    prerequisite_rows,
    problem_rows,
    recommendation_rows,
    rule_rows,
    score_rows,
    similarity_rows,
    survey_rows,
    trend_rows,
    unit_rows,
)
from zi_eval.frames.tables import (
    Frame,
    Known,
    array_frame,
    label_frame,
    make_frame,
    own_frame,
    recap_frame,
)

__all__ = [
    "LEVELS",
    "STAGES",
    "TABLES",
    "Column",
    "Frame",
    "Known",
    "activity_rows",
    "alike_rows",
    "answer_rows",
    "array_frame",
    "change_rows",
    "comparison_rows",
    "decision_rows",
    "difference_rows",
    "finding_rows",
    "holder_rows",
    "indicator_rows",
    "label_frame",
    "levels_of",
    "make_frame",
    "move_rows",
    "official_order",
    "order_of",
    "own_frame",
    "prerequisite_rows",
    "problem_rows",
    "recap_frame",
    "recommendation_rows",
    "rule_rows",
    "score_rows",
    "similarity_rows",
    "survey_rows",
    "trend_rows",
    "unit_rows",
]
