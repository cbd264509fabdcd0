"""Meetings on every slot of the horizon, and the slots that each rule allows by itself."""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

import numpy as np

from scheduler.attendance import party_chances
from scheduler.availability import Slots
from scheduler.candidates import MeetingCandidates
from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.infeasibility.plan_search import bare_candidates
from scheduler.planning.infeasibility.quickxplain import Undecided
from scheduler.planning.infeasibility.relaxed_problem import RelaxedProblem
from scheduler.problem import Meeting
from scheduler.proposal import RuleInstance

MAX_SLOTS = 1_000_000  # twice as many as a problem may have


class RuleMasks:
    """
    Some meetings on all slots of the background, the horizon and the meetings' own starts, and on their pins' slots.

    A pinned meeting has no rule about its slot but the pin; without it, it may take any slot of the horizon. A held
    meeting has its own slot and no rule. For ``bystanders``, indices among the meetings, only the rules about all
    meetings are looked at, and with ``only_days`` one slot of each day.

    Raises
    ------
    Undecided
        If the background leaves a meeting no slot, or if there are too many slots.
    """

    def __init__(
        self,
        relaxed: RelaxedProblem,
        meetings: Sequence[Meeting],
        bystanders: Collection[int] = (),
        *,
        only_days: bool = False,
    ) -> None:
        self._relaxed = relaxed
        self._only_days = only_days
        self.meetings = meetings
        self.slots: list[Slots] = []
        self._background: list[BoolArray] = []
        self._masks: list[Mapping[RuleInstance, BoolArray]] = []
        for index, meeting in enumerate(meetings):
            self._add(meeting, is_bystander=index in bystanders)
        if sum(map(len, self.slots)) > MAX_SLOTS:
            raise Undecided

    def _add(
        self,
        meeting: Meeting,
        *,
        is_bystander: bool,
    ) -> None:
        is_by_day = is_bystander and self._only_days
        slots, background = self._every_day(meeting) if is_by_day else self._every_slot(meeting)
        if not background.any():
            raise Undecided
        masks = self._common_masks(meeting, slots) if is_bystander else self._all_masks(meeting, slots)
        forbidding = {rule: mask for rule, mask in masks.items() if rule not in self._relaxed.aside and not mask.all()}
        self.slots.append(slots)
        self._background.append(background)
        self._masks.append(forbidding)

    @property
    def rules(self) -> list[RuleInstance]:
        """The rules about one slot that forbid some and are not set aside, those about all meetings last."""
        distinct = dict.fromkeys(chain.from_iterable(self._masks))
        return sorted(distinct, key=lambda rule: (rule.meeting is None, rule.index or 0))

    def allowed(self, rules: Collection[RuleInstance]) -> list[BoolArray]:
        """Return for each meeting the slots that the background and these rules allow."""
        wanted = frozenset(rules)
        allowed = []
        for meeting, background, masks in zip(self.meetings, self._background, self._masks, strict=True):
            applied = [mask for rule, mask in masks.items() if rule in wanted]
            if meeting.pinned is not None and applied:
                allowed.append(applied[0])  # the pin's slot may lie outside the background
            else:
                allowed.append(np.asarray(np.logical_and.reduce([background, *applied]), dtype=np.bool_))
        return allowed

    def days(self, rules: Collection[RuleInstance]) -> list[IntArray]:
        """Return for each meeting the days of the slots that these rules allow."""
        return [slots.days[mask] for slots, mask in zip(self.slots, self.allowed(rules), strict=True)]

    def choices(self) -> tuple[MeetingCandidates, ...]:
        """Return all meetings with all their slots, without chances and values."""
        return tuple(map(bare_candidates, self.meetings, self.slots))

    def _every_slot(self, meeting: Meeting) -> tuple[Slots, BoolArray]:
        """Return the slots of the horizon and the pin's, and which of them can be taken without the pin."""
        candidates = self._relaxed.candidates
        free = candidates.grid(meeting.model_copy(update={"pinned": None}))
        if meeting.pinned is None or self._is_held(meeting):
            return free, np.ones(len(free), dtype=np.bool_)

        pin = candidates.grid(meeting)
        if np.isin(pin.starts, free.starts).all():
            return free, np.ones(len(free), dtype=np.bool_)

        # The pin's slot is inserted where it keeps the slots sorted by start.
        index = int(np.searchsorted(free.starts, pin.starts[0]))
        slots = Slots(
            days=np.insert(free.days, index, pin.days[0]),
            starts=np.insert(free.starts, index, pin.starts[0]),
            ends=np.insert(free.ends, index, pin.ends[0]),
        )
        return slots, np.arange(len(slots)) != index

    def _every_day(self, meeting: Meeting) -> tuple[Slots, BoolArray]:
        """Return a slot of every day that the horizon and the meeting's own starts leave."""
        candidates = self._relaxed.candidates
        is_held = self._is_held(meeting)
        free = candidates.grid(meeting) if is_held else candidates.grid_of(meeting.start_clocks)
        slots = free[np.unique(free.days, return_index=True)[1]]
        return slots, np.ones(len(slots), dtype=np.bool_)

    def _is_held(self, meeting: Meeting) -> bool:
        return meeting.id in self._relaxed.problem.held

    def _common_masks(self, meeting: Meeting, slots: Slots) -> Mapping[RuleInstance, BoolArray]:
        if meeting.pinned is not None or self._is_held(meeting):
            return {}
        return dict(self._relaxed.candidates.common_masks(meeting, slots))

    def _all_masks(self, meeting: Meeting, slots: Slots) -> Mapping[RuleInstance, BoolArray]:
        candidates = self._relaxed.candidates
        if self._is_held(meeting):
            return {}
        if meeting.pinned is not None:
            is_pin = slots.starts == candidates.grid(meeting).starts[0]
            return {RuleInstance(rule="pinned", meeting=meeting.id): is_pin}

        masks = dict(candidates.date_masks(meeting, slots))
        if meeting.required or meeting.quorum_probability is not None:
            chances = party_chances(candidates.availability, meeting, slots)
            masks |= dict(candidates.chance_masks(meeting, chances))
        return masks
