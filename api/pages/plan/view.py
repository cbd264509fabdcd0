"""What the page of a plan shows lives here: words and positions, ready to be set; nothing is left to work out."""

from dataclasses import dataclass
from typing import Literal

from api.pages.plan.explanation_view import Why

Anchor = Literal["start", "middle", "end"]
Ground = Literal["blackout", "leave", "holiday", "outside"]


@dataclass(frozen=True, slots=True)
class CouncilKey:
    """A council's letter, its short name and, where it has one, the address of its calendar."""

    letter: str
    name: str
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Headline:
    """What was found and what is proven, the most important first."""

    sentences: tuple[str, ...]
    conflict: tuple[str, ...]
    relaxations: tuple[str, ...]
    advice: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the year's strip, in percent of its width."""

    x: float
    width: float
    text: str = ""
    ground: Ground | None = None


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
class Year:
    """The horizon as strips, and the days off in words."""

    strips: tuple[Strip, ...]
    closed: tuple[str, ...]
    leave: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a party may be missing, and what its chance would be without that."""

    sentence: str
    otherwise: str | None


@dataclass(frozen=True, slots=True)
class Absentee:
    """A party that may well be missing, its chance, and why."""

    party: str
    chance: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting with its date."""

    code: str
    council: str
    name: str
    machine_day: str  # ISO 8601, for <time>
    day: str
    week: str
    clock: str
    place: str | None
    moved_from: str | None
    expected: str
    quorum: str | None  # None where the council has no quorum
    notice: str | None
    absentees: tuple[Absentee, ...]
    more: str | None  # of those who may be missing than are named


@dataclass(frozen=True, slots=True)
class Moved:
    """A meeting that leaves its published date: from when to when, what that gains, and why."""

    code: str
    council: str
    name: str
    before: str
    after: str
    gain: str
    why: str


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repaired plan changes of the published one, and what it leaves."""

    moved: tuple[Moved, ...]
    stays: tuple[str, ...]  # sentences; the last announces the frozen ones, where there are some
    frozen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A meeting at the head of the matrix."""

    code: str
    day: str
    council: str


@dataclass(frozen=True, slots=True)
class Cell:
    """How one party stands at one meeting; ``tint`` goes from 0, nearly certain, to 4."""

    letter: str
    number: str
    words: str
    tint: int


@dataclass(frozen=True, slots=True)
class Row:
    """One party in the matrix; None where it has no seat."""

    party: str
    cells: tuple[Cell | None, ...]
    mean: str
    is_lowest: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Parties by meetings, so many meetings as fit a sheet of paper."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


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
    year: Year | None  # none without a plan
    meetings: tuple[Held, ...]
    nearly_certain: str  # from here on a party needs no reasons
    matrices: tuple[Matrix, ...]
    alternatives: tuple[Alternative, ...]
    why: Why | None  # none without a plan
    method: tuple[str, ...]
