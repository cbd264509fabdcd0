"""The contents of a plan's page as text and positions, ready for the template."""

from dataclasses import dataclass
from typing import Literal

from api.pages.plan.labels import LabelPlace
from api.presenting.evidence import EvidenceView
from api.presenting.explanation_view import ExplanationSections
from api.presenting.plan_view import Headline, MeetingCard, Repair

DayOffKind = Literal["blackout", "leave", "holiday", "outside"]


@dataclass(frozen=True, slots=True)
class CouncilKey:
    """A council's letter, its name and the address of its calendar file, if there is one."""

    letter: str
    name: str
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive days of a strip; position and width are in percent of the strip's width."""

    x: float
    width: float
    text: str = ""
    ground: DayOffKind | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A meeting on a strip: ``x`` in percent of the width, ``y`` in pixels from the top."""

    x: float
    y: int
    code: str
    day: str
    code_place: LabelPlace
    day_place: LabelPlace


@dataclass(frozen=True, slots=True)
class Strip:
    """Consecutive months of the year as a drawing, with the same contents as text."""

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
    """The horizon as strips, and its days off as text."""

    strips: tuple[Strip, ...]
    closed: tuple[str, ...]
    leave: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeetingColumn:
    """The heading of a meeting's column in the matrix."""

    code: str
    day: str
    council: str


@dataclass(frozen=True, slots=True)
class PartyCell:
    """The chance of one party at one meeting; ``tint`` goes from 0, nearly certain, to 4."""

    letter: str
    number: str
    words: str
    tint: int


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party in the matrix; a cell is None where the party has no seat."""

    party: str
    cells: tuple[PartyCell | None, ...]
    mean: str
    is_lowest: bool


@dataclass(frozen=True, slots=True)
class PartyMatrix:
    """Parties by meetings, as many meetings as fit on a sheet of paper."""

    title: str
    columns: tuple[MeetingColumn, ...]
    rows: tuple[PartyRow, ...]


@dataclass(frozen=True, slots=True)
class DatesRow:
    """One meeting in the table of dates, with what differs between meetings."""

    meeting: MeetingCard
    details: tuple[str, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class DatesTable:
    """The meetings by date; a value that all of them share is in ``shared`` instead of a column."""

    shared: tuple[str, ...]
    has_quorum: bool
    has_notice: bool
    has_missing: bool
    rows: tuple[DatesRow, ...]


@dataclass(frozen=True, slots=True)
class MeetingDay:
    """A meeting's code with its date."""

    code: str
    day: str


@dataclass(frozen=True, slots=True)
class EqualRisk:
    """Meetings at which a party has the same risk of being absent, and the same risk without one of the causes."""

    risk: str
    without: str | None
    meetings: tuple[MeetingDay, ...]


@dataclass(frozen=True, slots=True)
class SharedCause:
    """A cause for which a party may be missing, and the meetings that it concerns, by risk."""

    sentence: str
    risks: tuple[EqualRisk, ...]


@dataclass(frozen=True, slots=True)
class PartyAbsence:
    """A party that may be missing, with its causes."""

    party: str
    causes: tuple[SharedCause, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """The file with the page in the other language, and the language's own name."""

    page: str
    language: str
    name: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another plan: its changes against the first plan, and the difference in attendance."""

    name: str
    changes: tuple[str, ...]
    cost: str


@dataclass(frozen=True, slots=True)
class Footer:
    """The knowledge that the plan rests on, and the details of the calculation."""

    basis: tuple[str, ...]
    method: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """The whole page."""

    language: str
    translation: Translation | None
    title: str
    period: str
    evidence: EvidenceView | None  # None for a plan of an earlier version
    headline: Headline
    repair: Repair | None  # None when no published plan was repaired
    councils: tuple[CouncilKey, ...]
    year: YearChart | None  # None without a plan
    meetings: tuple[MeetingCard, ...]
    dates: DatesTable | None  # None without a plan
    absences: tuple[PartyAbsence, ...]
    risk_limit: str  # parties with a higher risk are listed with their causes
    matrices: tuple[PartyMatrix, ...]
    alternatives: tuple[Alternative, ...]
    why: ExplanationSections | None  # None without a plan
    exclusion_letters: tuple[dict[str, str], ...]  # of each council in the map of costs, by reason
    num_cost_calendars: int
    footer: Footer
