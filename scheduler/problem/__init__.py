"""The input of the scheduler: an immutable document of parties, people, commitments, councils, meetings and rules."""

from scheduler.problem.parse import Problem
from scheduler.problem.schema import (
    Answer,
    Assumptions,
    Blackout,
    Calendar,
    Commitment,
    Council,
    DateRange,
    Meeting,
    Party,
    Person,
    Relation,
    Seat,
    TimeRange,
    Venue,
)
from scheduler.problem.spacing import Spacing, SpacingRange

__all__ = [
    "Answer",
    "Assumptions",
    "Blackout",
    "Calendar",
    "Commitment",
    "Council",
    "DateRange",
    "Meeting",
    "Party",
    "Person",
    "Problem",
    "Relation",
    "Seat",
    "Spacing",
    "SpacingRange",
    "TimeRange",
    "Venue",
]
