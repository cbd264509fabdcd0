"""Explanations of a plan as text: costs by date, clashes, people to call, and other ways to choose dates."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CostCell:
    """
    One date of a meeting's calendar.

    ``shown`` is its cost or a mark, ``words`` the same in a sentence. ``look`` is the style class: ``chosen``,
    ``shut`` for a date that is not possible, ``left-out`` for a date that was not calculated in time, or a tint
    from ``t0``, no cost, to ``t4``.
    """

    machine_day: str  # ISO 8601, for <time>
    day: str
    shown: str
    words: str
    look: str
    why_not: str | None


@dataclass(frozen=True, slots=True)
class CostWeek:
    """One week of a meeting's calendar; a cell is None where the meeting cannot choose that day."""

    week: str
    cells: tuple[CostCell | None, ...]


@dataclass(frozen=True, slots=True)
class CostCalendar:
    """The cost of every date of one meeting, as a calendar and as a summary."""

    code: str
    name: str
    gist: str  # empty when no plan is shown
    best: tuple[str, ...]  # the dates without a cost
    cheapest: tuple[str, ...]  # the other dates, the lowest cost first
    left_out: str | None  # the number of dates that were not calculated in time
    barred: tuple[str, ...]
    weekdays: tuple[str, ...]
    weeks: tuple[CostWeek, ...]


@dataclass(frozen=True, slots=True)
class CostGroup:
    """The calendars of one council."""

    name: str
    calendars: tuple[CostCalendar, ...]


@dataclass(frozen=True, slots=True)
class CostMap:
    """The cost of every date of every meeting; a long map is folded by council."""

    introduction: tuple[str, ...]
    legend: tuple[str, ...]  # the lowest cost of each tint
    groups: tuple[CostGroup, ...]
    has_left_out: bool
    is_folded: bool


@dataclass(frozen=True, slots=True)
class ClashItem:
    """An event or a pair of events with the gain of moving it; ``choices`` are events of equal gain."""

    title: str
    sentences: tuple[str, ...]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClashList:
    """Events worth moving: single events, then pairs."""

    introduction: tuple[str, ...]
    singles: tuple[ClashItem, ...]
    more: str | None  # the number of events beyond those in ``singles``
    pairs: tuple[ClashItem, ...]


@dataclass(frozen=True, slots=True)
class CallListEntry:
    """A person to call, and the expected gain of knowing the person's calendar."""

    person: str
    party: str
    worth: str


@dataclass(frozen=True, slots=True)
class CallList:
    """People to call, the largest expected gain first."""

    introduction: tuple[str, ...]
    people: tuple[CallListEntry, ...]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """The result of one way to choose dates."""

    name: str
    absences: str
    attendance: str
    quorum: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class BaselineTable:
    """The plan compared with other ways to choose dates, and the councils' present routines."""

    introduction: tuple[str, ...]
    habits: tuple[str, ...]
    rows: tuple[BaselineRow, ...]


@dataclass(frozen=True, slots=True)
class ExplanationSections:
    """The explanations of a plan; None for an explanation that was not calculated or is empty."""

    costs: CostMap | None
    clashes: ClashList | None
    call_list: CallList | None
    baselines: BaselineTable | None
