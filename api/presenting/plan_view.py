"""The parts of a plan as text: summary, meetings, absences and moves, shared by the page and the command."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Headline:
    """The result and its proof, the most important sentence first."""

    sentences: tuple[str, ...]
    conflict: tuple[str, ...]
    relaxations: tuple[str, ...]
    advice: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AbsenceCause:
    """A cause for which a party may be missing, and the party's risk without that cause (``4 %``)."""

    sentence: str
    risk_without: str | None


@dataclass(frozen=True, slots=True)
class Absentee:
    """A party that may be missing, its risk (``16 % risk``, ``16 %``), and the causes."""

    party_id: str
    party: str
    risk: str
    percent: str
    causes: tuple[AbsenceCause, ...]


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """One meeting with its date, its expected attendance and the parties that may be missing."""

    code: str
    council: str
    name: str
    machine_day: str  # ISO 8601, for <time>
    day: str
    week: str
    clock: str
    place: str | None
    is_held: bool
    moved_from: str | None
    expected: str
    quorum: str | None  # None when the council has no quorum
    notice: str | None
    absentees: tuple[Absentee, ...]


@dataclass(frozen=True, slots=True)
class MovedMeeting:
    """A meeting that leaves its published date: both dates, the gain in attendance, and the cause."""

    code: str
    council: str
    name: str
    before: str
    after: str
    gain: str
    why: str


@dataclass(frozen=True, slots=True)
class Repair:
    """The changes of a repaired plan against the published plan, and the meetings that stay."""

    moved: tuple[MovedMeeting, ...]
    stays: tuple[str, ...]  # sentences; the last introduces ``frozen`` when that is not empty
    frozen: tuple[str, ...]
