"""Where rules can be taken one by one: some meetings on every slot of the horizon, and what each rule allows."""

from collections.abc import Collection, Sequence
from itertools import chain

import numpy as np

from scheduler.attendance import PartyChances, PersonChances, party_chances
from scheduler.availability import Slots
from scheduler.candidates import MeetingCandidates
from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.infeasibility.quickxplain import Undecided
from scheduler.planning.infeasibility.relaxed_problem import Asked
from scheduler.problem import Meeting
from scheduler.proposal import RuleInstance

MAX_SLOTS = 500_000  # as many as a question may have


class Ground:
    """
    Some meetings on all slots that the background leaves them: the horizon and their own starts, and their pins.

    A pinned meeting has no rule about its slot but the pin; without it, it may take any slot of the horizon. Of
    ``bystanders``, places among the meetings, days alone are looked at, and the rules that speak of all meetings.

    Raises
    ------
    Undecided
        When a meeting has no slot whatever the rules say, or when there are too many slots to look at.
    """

    def __init__(self, asked: Asked, meetings: Sequence[Meeting], bystanders: Collection[int] = ()) -> None:
        self._asked = asked
        self.meetings = meetings
        self.slots: list[Slots] = []
        self._background: list[BoolArray] = []
        self._ruled: list[dict[RuleInstance, BoolArray]] = []
        num_slots = 0
        for at, meeting in enumerate(meetings):
            slots, is_free = self._every_day(meeting) if at in bystanders else self._every_slot(meeting)
            num_slots += len(slots)
            if not is_free.any() or num_slots > MAX_SLOTS:
                raise Undecided
            self.slots.append(slots)
            self._background.append(is_free)
            ruled = self._of_all(meeting, slots) if at in bystanders else self._rules(meeting, slots)
            self._ruled.append({rule: mask for rule, mask in ruled.items() if self._matters(rule, mask)})

    @property
    def rules(self) -> list[RuleInstance]:
        """Every rule about one slot that shuts some and is not given up, those of all meetings last."""
        named = dict.fromkeys(chain.from_iterable(self._ruled))
        return sorted(named, key=lambda rule: (rule.meeting is None, rule.index or 0))

    def kept(self, rules: Collection[RuleInstance]) -> list[BoolArray]:
        """Return, for each meeting, the slots that these rules and the background allow."""
        wanted = frozenset(rules)
        return [
            self._kept(at, [mask for rule, mask in ruled.items() if rule in wanted])
            for at, ruled in enumerate(self._ruled)
        ]

    def days(self, rules: Collection[RuleInstance]) -> list[IntArray]:
        """Return, for each meeting, the days of what is kept."""
        return [slots.days[kept] for slots, kept in zip(self.slots, self.kept(rules), strict=True)]

    def _matters(self, rule: RuleInstance, mask: BoolArray) -> bool:
        return rule not in self._asked.given_up and not mask.all()

    def _kept(self, at: int, masks: Sequence[BoolArray]) -> BoolArray:
        if self.meetings[at].pinned is not None:
            return masks[0] if masks else self._background[at]
        return np.asarray(np.logical_and.reduce([self._background[at], *masks]), dtype=np.bool_)

    def choices(self) -> tuple[MeetingCandidates, ...]:
        """Return all meetings with all their slots, of which nobody asks what they are worth."""
        return tuple(
            MeetingCandidates(meeting, slots, _unasked(len(slots)), np.zeros(len(slots)))
            for meeting, slots in zip(self.meetings, self.slots, strict=True)
        )

    def _every_slot(self, meeting: Meeting) -> tuple[Slots, BoolArray]:
        """Return the slots of the horizon and the pin's, and which of them can be taken without the pin."""
        free = self._asked.candidates.grid(meeting.model_copy(update={"pinned": None}))
        if meeting.pinned is None:
            return free, np.ones(len(free), dtype=np.bool_)
        pin = self._asked.candidates.grid(meeting)
        if np.isin(pin.starts, free.starts).all():
            return free, np.ones(len(free), dtype=np.bool_)
        at = int(np.searchsorted(free.starts, pin.starts[0]))
        slots = Slots(
            np.insert(free.days, at, pin.days[0]),
            np.insert(free.starts, at, pin.starts[0]),
            np.insert(free.ends, at, pin.ends[0]),
        )
        return slots, np.arange(len(slots)) != at

    def _every_day(self, meeting: Meeting) -> tuple[Slots, BoolArray]:
        """Return a slot of every day that the horizon and the meeting's starts leave it."""
        free = self._asked.candidates.grid_of(meeting.start_clocks)
        slots = free[np.unique(free.days, return_index=True)[1]]
        return slots, np.ones(len(slots), dtype=np.bool_)

    def _of_all(self, meeting: Meeting, slots: Slots) -> dict[RuleInstance, BoolArray]:
        return {} if meeting.pinned is not None else dict(self._asked.candidates.rules_of_all(slots))

    def _rules(self, meeting: Meeting, slots: Slots) -> dict[RuleInstance, BoolArray]:
        candidates = self._asked.candidates
        if meeting.pinned is not None:
            is_pin = slots.starts == candidates.grid(meeting).starts[0]
            return {RuleInstance(rule="pinned", meeting=meeting.id): is_pin}
        ruled = dict(candidates.day_rules(meeting, slots))
        if meeting.required or meeting.quorum_probability is not None:
            chances = party_chances(candidates.availability, meeting, slots)
            ruled |= dict(candidates.attendance_rules(meeting, chances))
        return ruled


def _unasked(num_slots: int) -> PartyChances:
    nobody, nothing = np.zeros((0, num_slots)), np.zeros((0, num_slots), dtype=np.bool_)
    return PartyChances(PersonChances((), nobody, nothing, nothing), nobody, np.zeros(num_slots), np.zeros(num_slots))
