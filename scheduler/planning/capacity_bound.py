"""Prove without search that meetings which exclude each other are more than their slots have moments for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations

from scheduler.intervals import BoolArray
from scheduler.planning.instance import Instance
from scheduler.planning.moments import Group, OpenSlots, too_few_moments, too_little_time
from scheduler.proposal import RuleInstance
from scheduler.rules.cliques import bits_of, grown_clique, nodes_of
from scheduler.rules.required_attendees import bound_people
from scheduler.rules.travel_times import travel_minutes

MAX_CLIQUES = 40  # that are grown, besides those of a single person
MAX_GROWN_FROM = 400  # meetings, those with the fewest days
MAX_COMPARED = 12  # meetings by which a clique may grow next
MAX_WITH_TRAVEL = 60  # meetings of a group; in larger groups the travel between them is ignored


class CapacityBound:
    """
    Upper bounds on how many of an instance's meetings can be held, without order, spacing and relations.

    A *group* are meetings of which at most b can be in progress at once: those of one person, those at one venue, and
    meetings of which every two share a person or a single room (a clique). The bounds are described in METHODS,
    section 12. Held meetings are left out, because rules that held meetings alone break do not count.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._travel: dict[tuple[int, int], int] = {}

    def witness(self, mask: BoolArray | None = None) -> tuple[int, ...] | None:
        """
        Return meetings that cannot all be held on the slots of the mask; None when the bounds show none.

        Parameters
        ----------
        mask
            The slots that may be taken, shape ``(positions,)``; all of them when left out. Meetings to which it leaves
            no slot are ignored.
        """
        open_slots = OpenSlots(self._instance, mask)
        if self._can_all_be_held(open_slots):
            return None
        fitting: list[Group] = []
        for group in self._groups(open_slots):
            tight = self._scarce_part(group, open_slots)
            # Where a group's meetings can all be held, a part of them can.
            if tight is None or any(tight.is_within(known) for known in fitting):
                continue
            if open_slots.fit_in_turn(tight):
                fitting.append(tight)
                continue
            found = too_few_moments(tight, open_slots) or too_little_time(tight, open_slots)
            if found is not None:
                return found
        return None

    def _can_all_be_held(self, open_slots: OpenSlots) -> bool:
        """Return whether the meetings can be held one at a time, so that those of every group can, too."""
        scarce = open_slots.scarce(range(len(self._instance.choices)), capacity=1)
        if open_slots.fit_on_days(scarce, capacity=1):
            return True
        return not self._has_travel and open_slots.fit_in_turn(Group(tuple(scarce)))

    def _groups(self, open_slots: OpenSlots) -> Iterator[Group]:
        """Yield cliques first, which contain most groups of a single person."""
        for meetings in self._cliques(open_slots):
            yield Group(meetings)
        for meetings, rooms in self._at_venues:
            yield Group(meetings, capacity=rooms)
        for meetings in self._of_people:
            yield Group(meetings)

    def _scarce_part(self, group: Group, open_slots: OpenSlots) -> Group | None:
        """Return the meetings of a group that may have too few slots, with their travel; None when they have enough."""
        meetings = open_slots.scarce(group.meetings, group.capacity)
        if len(meetings) <= group.capacity or open_slots.fit_on_days(meetings, group.capacity):
            return None
        travel = self._least_travel(meetings) if group.capacity == 1 else 0
        return Group(tuple(meetings), group.capacity, travel)

    @cached_property
    def _is_held(self) -> list[bool]:
        problem = self._instance.problem
        return [meeting.id in problem.held for meeting in problem.meetings]

    @cached_property
    def _people(self) -> Mapping[str, list[int]]:
        """The meetings to come of every person who is bound to two or more and whose rule is not set aside."""
        aside = self._instance.aside
        unbound = {rule.person for rule in aside if rule.rule == "nobody_in_two_places"}
        bound = bound_people(self._instance.problem)
        return {
            person: [meeting for meeting in meetings if not self._is_held[meeting]]
            for person, meetings in bound.items()
            if person not in unbound
        }

    @cached_property
    def _of_people(self) -> list[tuple[int, ...]]:
        return sorted({tuple(meetings) for meetings in self._people.values()}, key=len)

    @cached_property
    def _at_venues(self) -> list[tuple[tuple[int, ...], int]]:
        """The meetings to come of every venue that has fewer rooms than meetings, with its rooms."""
        problem = self._instance.problem
        meetings_at: dict[str, list[int]] = defaultdict(list)
        for index, meeting in enumerate(problem.meetings):
            if meeting.venue is not None and meeting.mode != "online" and not self._is_held[index]:
                meetings_at[meeting.venue].append(index)
        return [
            (tuple(meetings_at[venue.id]), venue.rooms)
            for venue in problem.venues
            if venue.rooms < len(meetings_at[venue.id])
            and RuleInstance(rule="rooms", venue=venue.id) not in self._instance.aside
        ]

    @cached_property
    def _neighbours(self) -> dict[int, int]:
        """By meeting, the other meetings that cannot overlap it, as bits."""
        single_rooms = (meetings for meetings, rooms in self._at_venues if rooms == 1)
        neighbours: dict[int, int] = defaultdict(int)
        for meetings in (*self._of_people, *single_rooms):
            all_bits = bits_of(meetings)
            for meeting in meetings:
                neighbours[meeting] |= all_bits & ~(1 << meeting)
        return neighbours

    def _cliques(self, open_slots: OpenSlots) -> Iterator[tuple[int, ...]]:
        """Yield cliques of meetings that exclude each other in pairs, grown from those with the fewest days."""
        # A meeting that has more days than the meetings it excludes is in no deficient set.
        meetings = [
            meeting
            for meeting, others in self._neighbours.items()
            if open_slots.num_days[meeting] <= others.bit_count()
        ]
        meetings.sort(key=lambda meeting: int(open_slots.num_days[meeting]))
        covered: set[int] = set()
        num_cliques = 0
        for meeting in meetings[:MAX_GROWN_FROM]:
            if meeting in covered:
                continue
            # Only meetings with a day in common compete for moments.
            competing = [other for other in meetings if open_slots.share_a_day(meeting, other)]
            candidates = self._neighbours[meeting] & bits_of(competing)
            clique = tuple(nodes_of(grown_clique(1 << meeting, candidates, self._neighbours, MAX_COMPARED)))
            covered.update(clique)
            yield clique
            num_cliques += 1
            if num_cliques == MAX_CLIQUES:
                return

    def _least_travel(self, meetings: Sequence[int]) -> int:
        """Return the fewest seconds that part any two of the meetings."""
        if len(meetings) > MAX_WITH_TRAVEL or not self._has_travel:
            return 0
        least = None
        for pair in combinations(meetings, 2):
            travel = self._travel_between(pair)
            least = travel if least is None else min(least, travel)
            if not least:
                break
        return least or 0

    @cached_property
    def _has_travel(self) -> bool:
        problem = self._instance.problem
        between_venues = any(venue.travel_minutes for venue in problem.venues)
        return between_venues or any(party.travel_minutes for party in problem.parties)

    @cached_property
    def _people_at(self) -> dict[int, set[str]]:
        people_at: dict[int, set[str]] = defaultdict(set)
        for person, meetings in self._people.items():
            for meeting in meetings:
                people_at[meeting].add(person)
        return people_at

    def _travel_between(self, pair: tuple[int, int]) -> int:
        """Return the seconds that part two meetings: the most of all people whom they share."""
        if pair not in self._travel:
            problem = self._instance.problem
            meeting, other = (problem.meetings[index] for index in pair)
            shared = self._people_at[pair[0]] & self._people_at[pair[1]]
            minutes = [travel_minutes(problem, person, meeting, other) for person in shared]
            self._travel[pair] = 60 * max(minutes, default=0)
        return self._travel[pair]
