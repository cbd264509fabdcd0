"""What is asked lives here: one frozen document of parties, people, commitments, councils, meetings and rules."""

from scheduler.problem.parts import (
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
    Spacing,
    TimeRange,
    Venue,
)
from scheduler.problem.reading import Problem

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
    "TimeRange",
    "Venue",
]
