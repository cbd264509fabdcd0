"""What the page of a plan shows lives here: words and positions, ready to be set; nothing is left to work out."""

from dataclasses import dataclass
from typing import Literal

from api.presenting.explanation_view import ExplanationSections
from api.presenting.plan_view import Headline, MeetingCard, Repair

Anchor = Literal["start", "middle", "end"]
DayOffKind = Literal["blackout", "leave", "holiday", "outside"]


@dataclass(frozen=True, slots=True)
class CouncilKey:
    """A council's letter, its short name and, where it has one, the address of its calendar."""

    letter: str
    name: str
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the year's strip, in percent of its width."""

    x: float
    width: float
    text: str = ""
    ground: DayOffKind | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A meeting on the strip: ``x`` in percent of the width, ``y`` in pixels from the top."""

    x: float
    y: int
    code: str
    day: str
    anchor: Anchor  # of the text, so that none is cut at the strip's ends


@dataclass(frozen=True, slots=True)
class Strip:
    """Some months of the year in a row, with the same said in words."""

    title: str
    described: str
    height: int
    lanes: tuple[int, ...]  # pixels from the top
    months: tuple[Span, ...]
    weeks: tuple[Span, ...]
    grounds: tuple[Span, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class YearChart:
    """The horizon as strips, and the days off in words."""

    strips: tuple[Strip, ...]
    closed: tuple[str, ...]
    leave: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeetingColumn:
    """A meeting at the head of the matrix."""

    code: str
    day: str
    council: str


@dataclass(frozen=True, slots=True)
class PartyCell:
    """How one party stands at one meeting; ``tint`` goes from 0, nearly certain, to 4."""

    letter: str
    number: str
    words: str
    tint: int


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party in the matrix; None where it has no seat."""

    party: str
    cells: tuple[PartyCell | None, ...]
    mean: str
    is_lowest: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Parties by meetings, so many meetings as fit a sheet of paper."""

    title: str
    columns: tuple[MeetingColumn, ...]
    rows: tuple[PartyRow, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another plan: what it changes and what that costs."""

    name: str
    changes: tuple[str, ...]
    cost: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """The whole page."""

    language: str
    title: str
    period: str
    headline: Headline
    repair: Repair | None  # none where no published plan was repaired
    councils: tuple[CouncilKey, ...]
    year: YearChart | None  # none without a plan
    meetings: tuple[MeetingCard, ...]
    nearly_certain: str  # from here on a party needs no reasons
    matrices: tuple[Matrix, ...]
    alternatives: tuple[Alternative, ...]
    why: ExplanationSections | None  # none without a plan
    method: tuple[str, ...]
