"""The shapes of the instrument's files: strict, and nothing beyond what is named here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from zi_eval.instruments.shape import Shape, Text

__all__ = [
    "ChoiceScale",
    "DecreaseShape",
    "IndexScale",
    "InstrumentFile",
    "LabelsFile",
    "LayoutShape",
    "LinksFile",
    "OverlayFile",
    "PortalFile",
    "PrerequisitePart",
    "PrerequisiteShape",
    "QuestionShape",
    "RatioScale",
    "RulePart",
    "RuleShape",
    "RulesFile",
    "ScaleShape",
    "ShareShape",
    "ThresholdShape",
    "TrackShape",
    "WorkbookFile",
]

Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Points = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Position = Annotated[int, Field(ge=1)]
Column = Annotated[str, Field(pattern="^[A-Z]{1,2}$")]
OptionalColumn = Annotated[str, Field(pattern="^([A-Z]{1,2})?$")]


class ChoiceScale(Shape):
    """A scale of codes, best first."""

    kind: Literal["choice"]
    values: dict[str, Annotated[float, Field(ge=0, le=1)]]


class RatioScale(Shape):
    """A scale of counted inputs; the question carries the rule."""

    kind: Literal["ratio"]


class IndexScale(Shape):
    """A scale from 0 to ``top``."""

    kind: Literal["index"]
    top: Weight


ScaleShape = Annotated[ChoiceScale | RatioScale | IndexScale, Field(discriminator="kind")]


class NodeShape(Shape):
    """A node's kind, title and points."""

    kind: Literal["component", "aspect", "area", "subarea"]
    title: Text
    weight: Weight


class AreaShape(Shape):
    """Nodes taken together."""

    title: Text
    nodes: Annotated[list[Text], Field(min_length=1)]


class CriteriaShape(Shape):
    """How the criteria of a question propose its answer.

    ``values`` are what may be said of one, best first; ``above`` gives each option the percent
    that must be exceeded, 100 for all; ``nothing`` is the option where none is met.
    """

    values: dict[str, Annotated[float, Field(ge=0, le=1)]]
    above: Annotated[dict[str, Annotated[float, Field(ge=0, le=100)]], Field(min_length=1)]
    nothing: Text


class InstrumentFile(Shape):
    """``instrument.yaml``; ``rules`` names the rule set that counts where none is named.

    ``workbook`` and ``portal`` say whether there is an official workbook and a place in the
    portal, each with its file; ``feeds`` names the prerequisite of others that it answers.
    """

    id: Text
    version: Text
    title: Text
    rules: Text
    sources: Annotated[list[Text], Field(min_length=1)]
    scales: dict[str, ScaleShape]
    nodes: dict[str, NodeShape]
    areas: dict[str, AreaShape] = Field(default_factory=dict)
    criteria: CriteriaShape | None = None
    workbook: bool = True
    portal: bool = True
    feeds: str = ""


class LabelsFile(Shape):
    """``labels.yaml``; what is left out keeps the usual words."""

    name: Text | None = None
    page: Text | None = None
    area: Text | None = None
    areas: Text | None = None
    areas_lead: str | None = None
    areas_map: Text | None = None
    results: Text | None = None
    results_lead: str | None = None
    panel_areas: Text | None = None
    panel_results: Text | None = None
    pages: dict[str, Text] | None = None
    closing: Text | None = None


class PerformanceLinks(Shape):
    """The questions that a plan and its results speak to, by what they ask."""

    achievement: Text | None = None
    goals: Text | None = None
    monitoring: Text | None = None
    documents: Text | None = None
    outcomes: Text | None = None
    key_indicators: Text | None = None
    smart: Text | None = None
    reports: Text | None = None
    records: Text | None = None


class WorkPlanLinks(Shape):
    """The questions that a work plan of building ZI speaks to, by what they ask."""

    exists: Text | None = None
    priorities: Text | None = None
    carried_out: Text | None = None
    monitored: Text | None = None
    followed_up: Text | None = None


class LinksFile(Shape):
    """``links.yaml``: by topic."""

    performance: PerformanceLinks = Field(default_factory=PerformanceLinks)
    workplan: WorkPlanLinks = Field(default_factory=WorkPlanLinks)


class ShareShape(Shape):
    """Part of a whole, by numbers of inputs."""

    kind: Literal["share"]
    part: Position
    whole: Position
    empty: Literal[0, 1]
    within: bool = True


class DecreaseShape(Shape):
    """Fall from before to after, by numbers of inputs."""

    kind: Literal["decrease"]
    before: Position
    after: Position


class InputShape(Shape):
    """A counted input; ``sum`` lists the inputs a derived one adds up."""

    text: Text
    sum: list[Position] = Field(default_factory=list)


class QuestionShape(Shape):
    """One question of ``questions/*.yaml``."""

    text: Text
    scale: Text
    options: dict[str, Text] = Field(default_factory=dict)
    guide: str = ""
    weight: Weight | None = None
    ratio: Annotated[ShareShape | DecreaseShape, Field(discriminator="kind")] | None = None
    inputs: dict[str, InputShape] = Field(default_factory=dict)
    evidence: list[Text] = Field(default_factory=list)
    not_applicable: str = ""
    title: str = ""
    standard: str = ""
    past: bool = False
    criteria: dict[str, Text] = Field(default_factory=dict)


class ColumnsShape(Shape):
    """Columns by what they hold; those a layout lacks are left out."""

    answer: Column
    note: Column
    evidence: Column
    type: OptionalColumn = ""
    weight: OptionalColumn = ""
    value: OptionalColumn = ""
    tpi_answer: OptionalColumn = ""
    tpi_value: OptionalColumn = ""
    tpi_note: OptionalColumn = ""
    percent: OptionalColumn = ""
    tpi_percent: OptionalColumn = ""
    reason: OptionalColumn = ""
    returned: OptionalColumn = ""


class DefectShape(Shape):
    """A flaw of the official workbook itself: the audit's code, and what stands in the cell."""

    code: Text
    found: Text | None = None


class LayoutShape(Shape):
    """One layout of ``workbook.yaml``."""

    title: Text
    sheet: Text
    source: Text
    header_row: Position | None = None
    labels: list[Column] = Field(default_factory=list)
    columns: ColumnsShape
    nodes: dict[str, Position] = Field(default_factory=dict)
    rows: dict[str, Position | None]
    totals: dict[str, Position] = Field(default_factory=dict)
    headings: dict[Text, Position] = Field(default_factory=dict)
    recaps: dict[Text, Literal["area", "subarea"]] = Field(default_factory=dict)
    defects: dict[Text, DefectShape] = Field(default_factory=dict)


class WorkbookFile(Shape):
    """``workbook.yaml``."""

    layouts: Annotated[dict[str, LayoutShape], Field(min_length=1)]


class PortalFile(Shape):
    """``portal.yaml``."""

    source: Text
    soal_id: dict[str, Position]


class ThresholdShape(Shape):
    """A minimum: exactly one of the two."""

    points: Points | None = None
    percent: Annotated[float, Field(ge=0, le=100)] | None = None


class RulePart(Shape):
    """A rule of an overlay: what is left out stays as in the base."""

    id: Text
    title: Text | None = None
    nodes: Annotated[list[Text], Field(min_length=1)] | None = None
    need: dict[str, ThresholdShape | None] | None = None
    source: Text | None = None


class RuleShape(RulePart):
    """A rule in full."""

    title: Text
    nodes: Annotated[list[Text], Field(min_length=1)]
    need: dict[str, ThresholdShape | None]
    source: Text


class PrerequisitePart(Shape):
    """A prerequisite of an overlay: what is left out stays as in the base."""

    id: Text
    who: Literal["instansi", "unit", "kawasan"] | None = None
    title: Text | None = None
    kind: Literal["grade", "number", "yes"] | None = None
    need: dict[str, Any] | None = None
    source: Text | None = None
    grades: list[Text] | None = None
    unit_of_measure: str | None = None
    bands: dict[str, Weight] | None = None


class PrerequisiteShape(PrerequisitePart):
    """A prerequisite in full."""

    who: Literal["instansi", "unit", "kawasan"]
    title: Text
    kind: Literal["grade", "number", "yes"]
    need: dict[str, Any]
    source: Text


class TrackShape(Shape):
    """A way of proposing; ``waives`` and ``agency_kinds`` are left out where there are none."""

    id: Text
    title: Text
    source: Text
    waives: list[Literal["instansi", "unit", "kawasan"]] = Field(default_factory=list)
    predicates: list[Text] = Field(default_factory=list)
    agency_kinds: list[Text] = Field(default_factory=list)
    needs_reason: bool = False
    proposes: Annotated[list[Text], Field(min_length=1)]
    category: dict[str, Text] = Field(default_factory=dict)


class RulesFile(Shape):
    """``thresholds.yaml``: a rule set that stands alone.

    ``bands`` gives each predicate, lowest first, the highest total that still belongs to it.
    """

    id: Text
    title: Text
    date: Text
    source: Text
    predicates: Annotated[list[Text], Field(min_length=1)]
    agency_kinds: Annotated[list[Text], Field(min_length=1)]
    bands: dict[str, Weight] = Field(default_factory=dict)
    rules: list[RuleShape]
    prerequisites: list[PrerequisiteShape]
    tracks: list[TrackShape] = Field(default_factory=list)


class OverlayFile(Shape):
    """A rule set laid over the one that ``base`` names."""

    id: Text
    base: Text
    title: Text
    date: Text
    source: Text
    predicates: Annotated[list[Text], Field(min_length=1)] | None = None
    agency_kinds: Annotated[list[Text], Field(min_length=1)] | None = None
    bands: dict[str, Weight] | None = None
    rules: list[RulePart] = Field(default_factory=list)
    prerequisites: list[PrerequisitePart] = Field(default_factory=list)
    tracks: list[TrackShape] | None = None
