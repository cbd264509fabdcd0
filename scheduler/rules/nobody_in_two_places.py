"""`nobody_in_two_places`: no member and no required person is in two meetings at once, travel included."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from itertools import combinations
from operator import and_

import numpy as np

from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance
from scheduler.rules.base import SetRule
from scheduler.rules.cliques import bits_of, grown_clique, nodes_of
from scheduler.rules.conflict_sets import ConflictSets, MeetingSlots
from scheduler.rules.required_attendees import bound_people, people_bound
from scheduler.rules.slot_arrays import SlotPool, packing_sets
from scheduler.rules.travel_times import Place, is_one_place, place_of, travel_minutes

Meetings = tuple[int, ...]  # indices of meetings, ascending


def _instances(problem: Problem, is_day_by_day: bool) -> Iterator[RuleInstance]:
    bound = bound_people(problem)
    for person in problem.people:
        if person.id not in bound:
            continue
        meetings = [problem.meetings[index] for index in bound[person.id]]
        is_implied_by_order = is_day_by_day and is_one_place(meetings)
        if not is_implied_by_order:
            yield RuleInstance(rule="nobody_in_two_places", person=person.id)


def _conflict_sets(
    problem: Problem,
    choices: Sequence[MeetingSlots],
    is_day_by_day: bool,
    aside: Collection[RuleInstance],
) -> Iterator[ConflictSets]:
    """
    Yield sets of slots of which a person can take one.

    Where the travel minutes between two meetings depend on the pair, there are sets for the least minutes of all pairs
    and further sets for the pairs of places that need more.
    """
    needs = _with_cliques(_travel_needs(problem, aside), len(problem.meetings))
    slots = SlotPool.of(choices, range(len(choices)))
    needs_of_bits = {bits_of(meetings): minutes for meetings, minutes in needs.items()}
    for meetings, minutes in sorted(needs.items()):
        if is_day_by_day and is_one_place([problem.meetings[index] for index in meetings]):
            continue  # implied by `order`

        # Sets over more meetings, with at least as much travel, imply the sets over these.
        implied = _implied_minutes(needs_of_bits, bits_of(meetings))
        if implied is not None and implied >= minutes:
            continue

        pool = slots.of_meetings(meetings)
        if not len(pool.place):
            continue  # none of the meetings has a slot
        row, entry = pool.overlapping(travel_minutes=minutes)
        if not minutes or pool.is_valid_per_place(row, entry):
            yield packing_sets(pool, row, entry, capacity=1)
            continue

        # Widened slots of one place may overlap without a clash: only pairs of places are parted by travel.
        if implied is None:
            yield packing_sets(pool, *pool.overlapping(travel_minutes=0), capacity=1)
        for here, there in combinations(dict.fromkeys(pool.place.tolist()), 2):
            of_both = pool[(pool.place == here) | (pool.place == there)]
            yield from _parted(of_both, here, minutes)


def _with_cliques(needs: Mapping[Meetings, int], num_meetings: int) -> Mapping[Meetings, int]:
    """
    Return the sets with further ones, without travel: maximal sets of meetings of which every two share a person.

    If A and B share one person, B and C another and A and C a third, at most one of the three can be held at a time,
    which no single person's set says.
    """
    excludes = np.eye(num_meetings, dtype=np.bool_)
    for meetings in needs:
        excludes[np.ix_(meetings, meetings)] = True

    # Meetings with the same neighbours, as those of one council mostly are, are one node of the graph.
    _, first, node_of = np.unique(excludes, axis=0, return_index=True, return_inverse=True)
    rows = excludes[np.ix_(first, first)].tolist()
    neighbours = {node: bits_of(np.flatnonzero(row).tolist()) & ~(1 << node) for node, row in enumerate(rows)}
    cliques: list[int] = []
    for meetings in sorted(needs, key=len, reverse=True):
        nodes = set(node_of[list(meetings)].tolist())
        members = bits_of(nodes)
        if not any(members & ~clique == 0 for clique in cliques):
            candidates = reduce(and_, (neighbours[node] | 1 << node for node in nodes)) & ~members
            cliques.append(grown_clique(members, candidates, neighbours))
    in_clique = [np.isin(node_of, list(nodes_of(clique))) for clique in cliques]
    sets = {tuple(np.flatnonzero(meetings).tolist()): 0 for meetings in in_clique}
    return sets | dict(needs)


def _implied_minutes(needs: Mapping[int, int], meetings: int) -> int | None:
    """Return the largest travel minutes of any proper superset of the meetings, all as bits; None without one."""
    supersets = [minutes for wider, minutes in needs.items() if meetings & ~wider == 0 and wider != meetings]
    return max(supersets, default=None)


def _travel_needs(problem: Problem, aside: Collection[RuleInstance]) -> Mapping[Meetings, int]:
    """Return the sets of meetings that a person is bound to, with the travel minutes that part any two of them."""
    unbound = {instance.person for instance in aside if instance.rule == "nobody_in_two_places"}
    tables = {
        _travel_table(problem, person, meetings)
        for person, meetings in bound_people(problem).items()
        if person not in unbound
    }
    needs: dict[Meetings, int] = {}
    for meetings, minutes in tables:
        places = [place_of(problem.meetings[index]) for index in meetings]
        least = min(minutes, default=0)
        needs[meetings] = max(least, needs.get(meetings, 0))

        # A pair of places that needs more travel than the least gets an entry of its own.
        for pair, needed in zip(combinations(dict.fromkeys(places), 2), minutes, strict=True):
            if needed > least:
                in_pair = tuple(index for index, place in zip(meetings, places, strict=True) if place in pair)
                needs[in_pair] = max(needed, needs.get(in_pair, 0))
    return needs


def _travel_table(problem: Problem, person: str, meetings: Sequence[int]) -> tuple[Meetings, tuple[int, ...]]:
    """Return the meetings, and the minutes between every two of their places in order of appearance."""
    first_at: dict[Place, Meeting] = {}
    for index in meetings:
        meeting = problem.meetings[index]
        first_at.setdefault(place_of(meeting), meeting)
    pairs = combinations(first_at.values(), 2)
    minutes = tuple(travel_minutes(problem, person, meeting, other) for meeting, other in pairs)
    return tuple(meetings), minutes


def _parted(of_both: SlotPool, here: int, minutes: int) -> Iterator[ConflictSets]:
    """Yield sets that separate the slots of two places by travel, and constrain no two slots of one place."""
    row, entry = of_both.overlapping(travel_minutes=minutes)
    if of_both.is_valid_per_place(row, entry):
        yield packing_sets(of_both, row, entry, capacity=1)
        return

    # Two meetings of different places have no two slots of one place that both can be taken.
    for meeting in np.unique(of_both.meeting[of_both.place == here]):
        for other in np.unique(of_both.meeting[of_both.place != here]):
            pair = of_both[(of_both.meeting == meeting) | (of_both.meeting == other)]
            yield packing_sets(pair, *pair.overlapping(travel_minutes=minutes), capacity=1)


def _binds(problem: Problem, instance: RuleInstance, meeting: Meeting) -> bool:
    return instance.person in people_bound(problem, meeting)


NOBODY_IN_TWO_PLACES = SetRule(
    name="nobody_in_two_places",
    ease=13,
    instances=_instances,
    conflict_sets=_conflict_sets,
    binds=_binds,
    is_implied_in_one_place=True,
    loosening=None,
)
