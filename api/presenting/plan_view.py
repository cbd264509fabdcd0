"""The parts of a plan as text: summary, meetings, absences and moves, shared by the page and the command."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Headline:
    """What was found and what is proven, the most important first."""

    sentences: tuple[str, ...]
    conflict: tuple[str, ...]
    relaxations: tuple[str, ...]
    advice: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AbsenceCause:
    """Why a party may be missing, and what its chance would be without that."""

    sentence: str
    otherwise: str | None


@dataclass(frozen=True, slots=True)
class Absentee:
    """A party that may well be missing, its chance, and why."""

    party: str
    chance: str
    causes: tuple[AbsenceCause, ...]


@dataclass(frozen=True, slots=True)
class MeetingCard:
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
class MovedMeeting:
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

    moved: tuple[MovedMeeting, ...]
    stays: tuple[str, ...]  # sentences; the last announces the frozen ones, where there are some
    frozen: tuple[str, ...]
