"""Value of moving events: remove each event, or pair of events, and reoptimise the plan."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from scheduler.candidates import Candidates
from scheduler.explaining.explanation import Clash, Clashes, MeetingStart
from scheduler.explaining.gain_bounds import EventPair, GainChanges, bound_gains
from scheduler.explaining.gains_without_events import EventRemoval, RemovedEvents
from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.reoptimise import Reoptimised, Reoptimiser
from scheduler.planning.search_types import Search
from scheduler.problem import Commitment, Problem
from scheduler.proposal import TOLERANCE

MAX_PAIRS = 20


def clashes(problem: Problem, search: Search | None = None) -> Clashes:
    """
    Return all events whose removal gives a better plan, with the gain; then the best pairs of events.

    An event is the commitments that share an event id, or a single commitment without one; ``free`` time is no
    commitment in this sense. An event is removed for all its participants. Pairs are two events of one party that
    overlap one slot, where neither gains alone; the best `MAX_PAIRS` are returned. Upper bounds exclude most events,
    and the plan is reoptimised for each of the others. When the allowance ends first, gains are those of the best
    plans found, and the status is ``feasible``.
    """
    search = search or Search()
    event_search = _EventSearch(problem, search)
    reoptimiser = event_search.reoptimiser
    if reoptimiser.best.positions is None:
        return Clashes(status=reoptimiser.best.status, objective=None, clashes=())
    single_events = event_search.single_events()
    pairs = event_search.pairs(single_events)
    return Clashes(
        status=reoptimiser.status,
        objective=reoptimiser.best.value,
        plan=event_search.plan(),
        clashes=(*single_events.values(), *pairs.values()),
    )


class _EventSearch:
    """The instance with all slots on allowed days, and the search for events whose removal improves its plan."""

    def __init__(self, problem: Problem, search: Search) -> None:
        self._problem = problem
        self._search = search
        candidates = Candidates(problem)
        # Slots that only attendance rules forbid are part of the instance, without a gain: a removal may allow them.
        choices = tuple(candidates.on_allowed_dates(meeting) for meeting in problem.meetings)
        allowed_masks = [candidates.is_likely_enough(choice.meeting, choice.chances) for choice in choices]
        is_allowed = np.concatenate(allowed_masks)
        instance = Instance(problem, choices)
        gains = np.where(is_allowed, instance.exact_gains, -np.inf)
        self.reoptimiser = Reoptimiser(instance.with_gains(gains), search)
        self._tolerance = TOLERANCE * len(problem.meetings)
        self._is_held = np.array([meeting.id in problem.held for meeting in problem.meetings], dtype=np.bool_)
        self._events, event_of_clash = _events(candidates)
        self._removals = [EventRemoval(candidates, choice, event_of_clash) for choice in choices]

    def single_events(self) -> Mapping[EventPair, Clash]:
        """Return all single events with a gain, by descending gain."""
        removed = [removal.single_events() for removal in self._removals]
        return self._best(removed, max_clashes=None)

    def pairs(self, single_events: Collection[EventPair]) -> Mapping[EventPair, Clash]:
        """Return the best pairs of events that have no gain alone, by descending gain."""
        gaining = [event for event, _ in single_events]
        pairs_by_meeting = [removal.event_pairs() for removal in self._removals]
        all_first = np.concatenate([removed.first for removed in pairs_by_meeting])
        all_second = np.concatenate([removed.second for removed in pairs_by_meeting])
        pairs = np.stack([all_first, all_second])
        first, second = np.unique(pairs, axis=1)
        has_gain_alone = np.isin(first, gaining) | np.isin(second, gaining)
        first = first[~has_gain_alone]
        second = second[~has_gain_alone]
        removed = [removal.slots_of_pairs(first, second) for removal in self._removals]
        return self._best(removed, max_clashes=MAX_PAIRS)

    def plan(self) -> tuple[MeetingStart, ...]:
        """Return the best plan with all events in place."""
        num_meetings = len(self._problem.meetings)
        all_meetings = np.ones(num_meetings, dtype=np.bool_)
        return self._starts(self.reoptimiser.best, all_meetings)

    def _best(self, removed: Sequence[RemovedEvents], max_clashes: int | None) -> Mapping[EventPair, Clash]:
        """Return the removals of the greatest gains, at most ``max_clashes``, by descending gain."""
        found: dict[EventPair, Clash] = {}
        changes = self._changes(removed)
        for events, bound in bound_gains(self.reoptimiser, changes).items():
            # Bounds descend: no later pair of events gains more than this bound.
            is_complete = max_clashes is not None and _has_gains_of(found.values(), bound, max_clashes)
            if bound <= self._tolerance or is_complete or self._search.is_over:
                break
            clash = self._clash(events, changes.of_events(events))
            if clash is not None:
                found[events] = clash
        by_gain = sorted(
            found,
            key=lambda events: (-found[events].gain, events),
        )
        return {events: found[events] for events in by_gain[:max_clashes]}

    def _changes(self, removed: Sequence[RemovedEvents]) -> GainChanges:
        """Return, from the removals of each meeting, all slots whose gain changes."""
        instance = self.reoptimiser.instance
        by_meeting = []
        for meeting, events in enumerate(removed):
            position = instance.first[meeting] + events.slot
            gain = self._removals[meeting].gains(events)
            by_meeting.append(GainChanges(events.first, events.second, position, gain))
        changes = GainChanges.concatenate(by_meeting)
        is_changed = changes.gain != instance.exact_gains[changes.position]
        # Nobody can move an event any more that a held meeting clashed with.
        is_open = ~self._is_held[instance.meeting[changes.position]]
        return changes[is_changed & is_open].sorted_by_events()

    def _clash(self, events: EventPair, changes: GainChanges) -> Clash | None:
        """Reoptimise without the events; return None when the gain is within the tolerance."""
        best = self.reoptimiser.best
        plan = self.reoptimiser.reoptimise(changes.position, changes.gain)
        if plan.value is None or best.value is None:
            return None
        gain = plan.value - best.value
        if gain <= self._tolerance:
            return None
        return self._describe(events, gain, plan, changes.position)

    def _describe(
        self,
        events: EventPair,
        gain: float,
        plan: Reoptimised,
        freed: IntArray,
    ) -> Clash:
        """Return the clash of events whose removal changes the gains at the positions ``freed``."""
        assert plan.positions is not None
        is_in_freed_slot = np.isin(plan.positions, freed)
        best_positions = self.reoptimiser.best.positions
        is_moved = np.asarray(plan.positions != best_positions, dtype=np.bool_)
        distinct_events = tuple(dict.fromkeys(events))
        is_pair = len(distinct_events) > 1
        commitments = [commitment for event in distinct_events for commitment in self._events[event]]
        return Clash(
            event=None if is_pair else commitments[0].event,
            commitments=tuple(commitment.id for commitment in commitments),
            people=tuple(dict.fromkeys(commitment.person for commitment in commitments)),
            label=_label(self._problem, commitments),
            gain=gain,
            pair=is_pair,
            meetings=self._starts(plan, is_in_freed_slot),
            moved=self._starts(plan, is_moved & ~is_in_freed_slot),
        )

    def _starts(self, plan: Reoptimised, is_chosen: BoolArray) -> tuple[MeetingStart, ...]:
        """Return the starts that a plan gives to the chosen meetings."""
        assert plan.positions is not None
        starts = []
        for index in np.flatnonzero(is_chosen).tolist():
            meeting = self._problem.meetings[index]
            position = int(plan.positions[index])
            start = self.reoptimiser.instance.start_at(position)
            starts.append(MeetingStart(meeting=meeting.id, starts_at=start))
        return tuple(starts)


def _has_gains_of(found: Collection[Clash], least: float, num: int) -> bool:
    """Return whether ``num`` clashes have a gain of at least ``least``."""
    gains = sorted((clash.gain for clash in found), reverse=True)
    return len(gains) >= num and gains[num - 1] >= least


def _label(problem: Problem, commitments: Sequence[Commitment]) -> str | None:
    """Return the labels of the commitments' calendars, each once; None without a label."""
    calendars = [commitment.calendar for commitment in commitments if commitment.calendar is not None]
    labels = dict.fromkeys(problem.calendars_by_id[calendar].label for calendar in calendars)
    return " + ".join(labels) or None


def _events(candidates: Candidates) -> tuple[list[list[Commitment]], IntArray]:
    """
    Group the commitments into events.

    Returns
    -------
    events : list of list of Commitment
        The commitments of each event, in the order of the problem.
    event_of_clash : IntArray
        The event of each row of ``availability.clashes``; a distinct number below -1 for blackouts.
    """
    problem = candidates.problem
    commitment_of_clash = candidates.availability.clashes.commitment
    event_of_clash = np.empty(len(commitment_of_clash), dtype=np.int64)
    event_by_key: dict[tuple[bool, str], int] = {}
    members: list[list[int]] = []
    for row, index in enumerate(commitment_of_clash.tolist()):
        is_blackout = index < 0
        if is_blackout:
            event_of_clash[row] = -2 - row
            continue
        commitment = problem.commitments[index]
        # An event id and the id of a commitment without event may be the same text.
        key = (commitment.event is not None, commitment.event or commitment.id)
        event = event_by_key.setdefault(key, len(members))
        if event == len(members):
            members.append([])
        event_of_clash[row] = event
        members[event].append(index)
    events = []
    for indices in members:
        commitments = [problem.commitments[index] for index in sorted(indices)]
        events.append(commitments)
    return events, event_of_clash
