"""What the page shows of why lives here: costs by date, clashes, people to phone, and today's ways, all in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CostCell:
    """
    One date: ``shown`` is its cost or a mark, ``words`` say all of it.

    It looks ``chosen``, ``shut``, ``left-out`` when it was not worked out in time, or tinted, from ``t0``, no cost, on.
    """

    machine_day: str  # ISO 8601, for <time>
    day: str
    shown: str
    words: str
    look: str
    why_not: str | None


@dataclass(frozen=True, slots=True)
class CostWeek:
    """One week of a meeting's calendar; None where its date is none to choose."""

    week: str
    cells: tuple[CostCell | None, ...]


@dataclass(frozen=True, slots=True)
class CostCalendar:
    """What each date would cost for one meeting, as a calendar and in a few words."""

    code: str
    name: str
    gist: str  # empty where no plan is shown
    best: tuple[str, ...]  # the dates that cost nothing
    cheapest: tuple[str, ...]  # the others, the cheapest first
    left_out: str | None  # how many were not worked out in time
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
    """The year's heat map, in folds where it is long."""

    introduction: tuple[str, ...]
    legend: tuple[str, ...]  # the least cost of each tint
    groups: tuple[CostGroup, ...]
    has_left_out: bool
    is_folded: bool


@dataclass(frozen=True, slots=True)
class ClashItem:
    """An event, or two, with what moving it would give; or somebody with several to choose one of."""

    title: str
    sentences: tuple[str, ...]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClashList:
    """What is worth moving: single events, then pairs."""

    introduction: tuple[str, ...]
    singles: tuple[ClashItem, ...]
    more: str | None  # of those who gain than are named
    pairs: tuple[ClashItem, ...]


@dataclass(frozen=True, slots=True)
class CallListEntry:
    """Somebody to ask, and what that is worth."""

    person: str
    party: str
    worth: str


@dataclass(frozen=True, slots=True)
class CallList:
    """Whom to ask, the most worth first."""

    introduction: tuple[str, ...]
    people: tuple[CallListEntry, ...]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """A way to choose dates, and how its plan would go."""

    name: str
    absences: str
    attendance: str
    quorum: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class BaselineTable:
    """Today's ways beside the plan, and which habit it is."""

    introduction: tuple[str, ...]
    habits: tuple[str, ...]
    rows: tuple[BaselineRow, ...]


@dataclass(frozen=True, slots=True)
class ExplanationSections:
    """All that the page explains; None where nothing was asked or there is nothing to say."""

    costs: CostMap | None
    clashes: ClashList | None
    call_list: CallList | None
    baselines: BaselineTable | None
