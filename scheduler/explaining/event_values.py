"""Which one meeting, were it moved, would help most? Who takes every event away in turn, and plans anew."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from scheduler.candidates import Candidates
from scheduler.explaining.event_removal import Gone, Removals
from scheduler.explaining.explanation import Clash, Clashes, MeetingStart
from scheduler.explaining.gain_bounds import Changes, bounds_through
from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.reoptimise import Reoptimised, Reoptimiser
from scheduler.planning.search import Search
from scheduler.problem import Commitment, Problem
from scheduler.proposal import TOLERANCE

MAX_PAIRS = 20

Events = tuple[int, int]  # two that are gone together; twice the same where it is one


def clashes(problem: Problem, search: Search | None = None) -> Clashes:
    """
    Return every event that is worth moving, and what the best plan gains without it; then pairs of events.

    An event is gone for everybody in it: commitments that share an ``event``, or one that has none; ``free`` time
    stays. Of pairs, two events of one party over one slot of which neither gains alone, the best twenty are named.
    Bounds say which can gain at all, and for each of those it is planned anew. Where the search's allowance ends
    first, gains are those of the best plans found, and the status is ``feasible``.
    """
    search = search or Search()
    asked = _Asked(problem, search)
    best = asked.reoptimiser.best
    if best.positions is None:
        return Clashes(status=best.status, objective=None, clashes=())
    single = asked.single()
    pairs = asked.pairs(single)
    return Clashes(
        status=asked.reoptimiser.status,
        objective=best.value,
        plan=asked.plan(),
        clashes=(*single.values(), *pairs.values()),
    )


class _Asked:
    """The problem with every slot that rules about dates allow, and whom what keeps away from each."""

    def __init__(self, problem: Problem, search: Search) -> None:
        self._problem = problem
        self._search = search
        candidates = Candidates(problem)
        self._choices = choices = tuple(candidates.on_allowed_dates(meeting) for meeting in problem.meetings)
        allowed = np.concatenate([candidates.is_likely_enough(one.meeting, one.chances) for one in choices])
        instance = Instance(problem, choices)
        instance = instance.with_gains(np.where(allowed, instance.exact_gains, -np.inf))
        self.reoptimiser = Reoptimiser(instance, search)
        self._tolerance = TOLERANCE * len(problem.meetings)
        self._events, event_of_clash = _events(candidates)
        self._removals = [Removals(candidates, one, event_of_clash) for one in choices]

    def single(self) -> Mapping[Events, Clash]:
        """Return every event that gains, the best first."""
        return self._best([removals.one_by_one() for removals in self._removals], None)

    def pairs(self, single: Collection[Events]) -> Mapping[Events, Clash]:
        """Return the best pairs of events that do not gain alone, the best first."""
        gaining = [event for event, _ in single]
        two_by_two = [removals.two_by_two() for removals in self._removals]
        one, other = np.unique(np.concatenate([(gone.event, gone.other) for gone in two_by_two], axis=1), axis=1)
        is_asked = ~(np.isin(one, gaining) | np.isin(other, gaining))
        gone = [removals.touched(one[is_asked], other[is_asked]) for removals in self._removals]
        return self._best(gone, MAX_PAIRS)

    def _best(self, gone: Sequence[Gone], at_most: int | None) -> Mapping[Events, Clash]:
        """Return what gains most without the events, for as many as are wanted; bounds say where to look."""
        found: dict[Events, Clash] = {}
        changes = self._changes(gone)
        for events, ceiling in bounds_through(self.reoptimiser, changes).items():
            gains = sorted((clash.gain for clash in found.values()), reverse=True)
            is_enough = at_most is not None and len(gains) >= at_most and ceiling <= gains[at_most - 1]
            if ceiling <= self._tolerance or is_enough or self._search.is_over:
                break  # bounds_through fall
            clash = self._clash(events, changes.of(*events))
            if clash is not None:
                found[events] = clash
        by_gain = sorted(found, key=lambda events: (-found[events].gain, events))
        return {events: found[events] for events in by_gain[:at_most]}

    def _changes(self, gone: Sequence[Gone]) -> Changes:
        """Return every slot that is worth something else without the events."""
        instance = self.reoptimiser.instance
        changes = Changes(
            np.concatenate([one.event for one in gone]),
            np.concatenate([one.other for one in gone]),
            np.concatenate([start + one.slot for start, one in zip(instance.first, gone, strict=False)]),
            np.concatenate([removals.gains(one) for removals, one in zip(self._removals, gone, strict=True)]),
        )
        return changes[changes.gain != instance.exact_gains[changes.position]].in_order

    def _clash(self, events: Events, changes: Changes) -> Clash | None:
        """Return what the best plan gains without the events, when it is more than nothing."""
        best, found = self.reoptimiser.best, self.reoptimiser.reoptimise(changes.position, changes.gain)
        if found.value is None or best.value is None or found.value - best.value <= self._tolerance:
            return None
        return self._named(events, found.value - best.value, found, changes.position)

    def plan(self) -> tuple[MeetingStart, ...]:
        """Return the best plan as things are."""
        return self._starts(self.reoptimiser.best, np.ones(len(self._choices), dtype=np.bool_))

    def _starts(self, plan: Reoptimised, chosen: BoolArray) -> tuple[MeetingStart, ...]:
        """Return when a plan holds the meetings that are chosen."""
        assert plan.positions is not None
        return tuple(self._start(at, int(plan.positions[at])) for at in np.flatnonzero(chosen).tolist())

    def _start(self, meeting: int, position: int) -> MeetingStart:
        moment = self.reoptimiser.instance.start_at(position)
        return MeetingStart(meeting=self._problem.meetings[meeting].id, starts_at=moment)

    def _named(self, events: Events, gain: float, found: Reoptimised, freed: IntArray) -> Clash:
        """Name the events, and what becomes of the plan when they leave the positions that are ``freed``."""
        assert found.positions is not None
        is_there = np.isin(found.positions, freed)
        is_moved = np.asarray(found.positions != self.reoptimiser.best.positions, dtype=np.bool_)
        several = [self._events[event] for event in dict.fromkeys(events)]
        commitments = [one for each in several for one in each]
        by_id = self._problem.calendars_by_id
        labels = dict.fromkeys(by_id[one.calendar].label for one in commitments if one.calendar is not None)
        return Clash(
            event=commitments[0].event if len(several) == 1 else None,
            commitments=tuple(one.id for one in commitments),
            people=tuple(dict.fromkeys(one.person for one in commitments)),
            label=" + ".join(labels) or None,
            gain=gain,
            pair=len(several) > 1,
            meetings=self._starts(found, is_there),
            moved=self._starts(found, is_moved & ~is_there),
        )


def _events(candidates: Candidates) -> tuple[list[list[Commitment]], IntArray]:
    """Return every event's commitments, and for each of everybody's clashes its event, or below -1 what is none."""
    problem, availability = candidates.problem, candidates.availability
    number: dict[tuple[bool, str], int] = {}
    event_of_clash = np.empty(len(availability.clashes.commitment), dtype=np.int64)
    members: list[list[int]] = []
    for row, index in enumerate(availability.clashes.commitment.tolist()):
        if index < 0:  # a blackout
            event_of_clash[row] = -2 - row
            continue
        one = problem.commitments[index]
        key = (one.event is not None, one.event or one.id)
        if key not in number:
            number[key] = len(members)
            members.append([])
        event_of_clash[row] = number[key]
        members[number[key]].append(index)
    return [[problem.commitments[index] for index in sorted(several)] for several in members], event_of_clash
