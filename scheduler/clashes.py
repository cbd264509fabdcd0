"""Causes of absence as a table: commitments that are not free, and blackouts of parties."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from scheduler.days import whole_days
from scheduler.intervals import FloatArray, IntArray, OwnedIntervals, to_seconds
from scheduler.problem import Problem

DEFAULT_IMPORTANCE = 3
NEVER = -(2**62)  # timestamp of a clash without `at`: earlier than every other timestamp

_KINDS = ("free", "busy", "busy_tentative", "busy_unavailable")  # of commitments; all but the first are clashes
_FREE, _, _TENTATIVE, _UNAVAILABLE = range(len(_KINDS))
_PLANNED = -1  # instead of a kind: the calendar entry of a meeting that is to be planned


@dataclass(frozen=True, slots=True)
class ClashTable:
    """
    All possible causes of absence, a row each.

    ``yields`` is the probability of leaving the clash for a meeting, NaN where the importance decides. ``occurs`` is
    the probability that a tentative commitment takes place, else 1. ``at`` are timestamps, see `NEVER`.
    """

    time: OwnedIntervals
    yields: FloatArray
    importance: FloatArray
    occurs: FloatArray
    at: IntArray
    commitment: IntArray  # index in the problem's list, or -1
    blackout: IntArray  # index in the problem's list, or -1

    def by_owner(self, other: "ClashTable") -> "ClashTable":
        """Return the rows of both tables, sorted by owner."""
        time = self.time.joined(other.time)
        order = np.argsort(time.owner, kind="stable")
        return ClashTable(
            time=time[order],
            yields=np.concatenate([self.yields, other.yields])[order],
            importance=np.concatenate([self.importance, other.importance])[order],
            occurs=np.concatenate([self.occurs, other.occurs])[order],
            at=np.concatenate([self.at, other.at])[order],
            commitment=np.concatenate([self.commitment, other.commitment])[order],
            blackout=np.concatenate([self.blackout, other.blackout])[order],
        )


@dataclass(frozen=True, slots=True)
class OwnedCommitments:
    """The commitments of a problem; persons are numbered in the order of ``problem.people``."""

    problem: Problem
    time: OwnedIntervals
    kind: IntArray

    @classmethod
    def of(cls, problem: Problem) -> "OwnedCommitments":
        """Return all commitments of a problem."""
        columns, table = problem.commitment_columns, problem.commitment_table
        row_by_person = {person.id: row for row, person in enumerate(problem.people)}
        owner = np.array([row_by_person[person] for person in columns.column("person")], dtype=np.int64)
        kind = np.array([_KINDS.index(kind) for kind in columns.column("kind", default="busy")], dtype=np.int64)
        is_planned = [meeting in problem.meetings_by_id for meeting in columns.column("meeting")]
        kind[is_planned] = _PLANNED
        return cls(problem, OwnedIntervals(owner, table.start, table.end), kind)

    @property
    def free(self) -> IntArray:
        """The indices of free time."""
        return np.flatnonzero(self.kind == _FREE)

    @property
    def busy(self) -> IntArray:
        """The indices of clashes."""
        return np.flatnonzero(self.kind > _FREE)


def clash_table(commitments: OwnedCommitments) -> ClashTable:
    """Return all clashes of a problem, sorted by person."""
    return _commitment_clashes(commitments).by_owner(_blackout_clashes(commitments.problem))


def _commitment_clashes(commitments: OwnedCommitments) -> ClashTable:
    problem, busy = commitments.problem, commitments.busy
    is_tentative = commitments.kind[busy] == _TENTATIVE
    yields, importance = _yields_and_importance(commitments)
    return ClashTable(
        time=commitments.time[busy],
        yields=yields[busy],
        importance=importance[busy],
        occurs=np.where(is_tentative, problem.assumptions.tentative, 1.0),
        at=np.maximum(problem.commitment_table.at[busy], NEVER),
        commitment=busy,
        blackout=np.full(len(busy), -1),
    )


def _blackout_clashes(problem: Problem) -> ClashTable:
    people_of: dict[str, list[int]] = defaultdict(list)
    for row, person in enumerate(problem.people):
        people_of[person.party].append(row)
    spans: list[tuple[int, int, int]] = []
    blackouts: list[int] = []
    for index, blackout in enumerate(problem.blackouts):
        interval = whole_days(blackout.start, blackout.end, problem.zone)
        start, end = to_seconds(interval.start), to_seconds(interval.end)
        absent = [row for party in set(blackout.parties or ()) for row in people_of[party]]
        spans.extend((row, start, end) for row in sorted(absent))
        blackouts.extend(index for _ in absent)
    yields = np.array([blackout.yields for blackout in problem.blackouts], dtype=np.float64)
    index_of = np.array(blackouts, dtype=np.int64)
    return ClashTable(
        time=OwnedIntervals.of(spans),
        yields=yields[index_of],
        importance=np.full(len(spans), float(DEFAULT_IMPORTANCE)),
        occurs=np.ones(len(spans)),
        at=np.full(len(spans), NEVER),
        commitment=np.full(len(spans), -1),
        blackout=index_of,
    )


def _yields_and_importance(commitments: OwnedCommitments) -> tuple[FloatArray, FloatArray]:
    """
    Return the yields and the importance of every commitment; yields are NaN where the importance decides.

    The commitment's own values take precedence over those of its calendar, and yields over importance.
    """
    problem = commitments.problem
    table, calendars = problem.commitment_table, problem.calendars
    number_of = {None: 0} | {calendar.id: number for number, calendar in enumerate(calendars, start=1)}
    number = np.array([number_of[name] for name in problem.commitment_columns.column("calendar")], dtype=np.int64)
    yields_of_calendar = np.array([None, *(calendar.yields for calendar in calendars)], dtype=np.float64)
    importance_of_calendar = np.array([None, *(calendar.importance for calendar in calendars)], dtype=np.float64)

    has_none = np.isnan(table.yields) & np.isnan(table.importance)
    yields = np.where(has_none, yields_of_calendar[number], table.yields)
    importance = np.where(has_none, importance_of_calendar[number], table.importance)
    importance = np.where(np.isnan(yields) & ~np.isnan(importance), importance, DEFAULT_IMPORTANCE)
    is_unavailable = commitments.kind == _UNAVAILABLE
    return np.where(is_unavailable, 0.0, yields), np.where(is_unavailable, DEFAULT_IMPORTANCE, importance)
