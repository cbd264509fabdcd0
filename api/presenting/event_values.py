"""Clashes worth moving: the person, the event, its time, the gain, and the dates that follow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from api.i18n import Wording
from api.presenting.amounts import describe_weights, format_more
from api.presenting.dates import StartByMeeting, format_interval, format_moment
from api.presenting.explanation_view import ClashItem, ClashList
from api.presenting.names import Names, capitalised, list_some, with_party
from scheduler.explaining.explanation import Clash, Clashes, MeetingStart
from scheduler.problem import Commitment, Problem

MOST_SHOWN = 10
MOST_NAMED = 3  # parties, or people of a pair
MOST_MOVED = 4  # other meetings
MOST_CHOICES = 5  # of one person, with equal gain


def build_clash_list(
    clashes: Clashes,
    starts: StartByMeeting,
    problem: Problem,
    names: Names,
    wording: Wording,
) -> ClashList | None:
    """Return the clashes worth moving; None when there is no plan that could gain."""
    if clashes.objective is None:
        return None

    singles = [clash for clash in clashes.clashes if not clash.pair]
    pairs = [clash for clash in clashes.clashes if clash.pair]

    commitment_ids = {commitment for clash in clashes.clashes for commitment in clash.commitments}
    commitments = {commitment.id: commitment for commitment in problem.commitments if commitment.id in commitment_ids}
    writer = ClashWriter(commitments, starts, problem, names, wording)
    groups = writer.group(singles)[:MOST_SHOWN]
    num_listed = sum(len(group) for group in groups)
    return ClashList(
        introduction=tuple(_introduction(clashes, singles, problem, wording)),
        singles=tuple(writer.write_group(group) for group in groups),
        more=_num_unlisted(len(singles) - num_listed, wording),
        pairs=tuple(writer.write_pair(pair) for pair in pairs[:MOST_SHOWN]),
    )


def _introduction(
    clashes: Clashes,
    singles: Sequence[Clash],
    problem: Problem,
    wording: Wording,
) -> Iterator[str]:
    if singles:
        yield wording.say("How much the attendance grows if the clash is moved.")
    elif clashes.status == "optimal":
        yield wording.say("No single clash is worth moving: the plan does not become better.")
    else:
        yield wording.say("The calculation found no single clash worth moving in the time it had.")

    if not clashes.clashes:
        return
    yield from describe_weights(problem, wording)
    if clashes.status != "optimal":
        yield wording.say("The calculation was not finished in time, so the figures may change with more time.")


def _num_unlisted(count: int, wording: Wording) -> str | None:
    if count <= 0:
        return None
    return wording.say_many(
        "The other clash gives no more.",
        "None of the other {count} clashes gives more.",
        count,
    )


@dataclass(frozen=True, slots=True)
class ClashWriter:
    """Writes the sentences about clashes; ``commitments`` are those of the clashes, by id."""

    commitments: Mapping[str, Commitment]
    starts: StartByMeeting
    problem: Problem
    names: Names
    wording: Wording

    def group(self, singles: Sequence[Clash]) -> list[list[Clash]]:
        """Return consecutive clashes of one person together when their gains are shown by the same figure."""

        def group_key(clash: Clash) -> tuple[object, str]:
            owner = clash.people if len(clash.people) == 1 else clash.commitments
            return owner, self._gain(clash)

        return [list(group) for _, group in groupby(singles, key=group_key)]

    def write_group(self, group: Sequence[Clash]) -> ClashItem:
        """Return an event, or the events of one person of which moving any is enough."""
        first = group[0]
        if len(group) == 1:
            gained = self.wording.say("If it is moved, expect {gain}.", gain=self._gain(first))
            return ClashItem(self._title(first), (gained, *self._dates_then(first)))

        gained = self.wording.say("If one of them is moved, expect {gain}.", gain=self._gain(first))
        choices = [self._choice(clash) for clash in group[:MOST_CHOICES]]
        num_left = len(group) - MOST_CHOICES
        if num_left > 0:
            choices.append(self.wording.say("and {count} more", count=num_left))
        return ClashItem(self._owner(first), (gained,), tuple(choices))

    def write_pair(self, pair: Clash) -> ClashItem:
        """Return two events that help only when both are moved."""
        gained = self.wording.say("If both are moved, expect {gain}.", gain=self._gain(pair))
        return ClashItem(self._title(pair), (gained, *self._dates_then(pair)))

    def _gain(self, clash: Clash) -> str:
        return format_more(clash.gain, self.problem, self.wording)

    def _choice(self, clash: Clash) -> str:
        events = capitalised(self._events(clash))
        sentences = (f"{events}.", *self._dates_then(clash))
        return " ".join(sentences)

    def _title(self, clash: Clash) -> str:
        return self.wording.say("{whose}: {events}", whose=self._owner(clash), events=self._events(clash))

    def _events(self, clash: Clash) -> str:
        return self.wording.listing(self._event_titles(clash))

    def _event_titles(self, clash: Clash) -> Iterator[str]:
        """Yield the label and the time of each event; commitments of one event count as one."""
        events: dict[str, list[Commitment]] = {}
        for commitment_id in clash.commitments:
            commitment = self.commitments[commitment_id]
            events.setdefault(commitment.event or commitment.id, []).append(commitment)

        for commitments in events.values():
            start = min(self.problem.instant(commitment.start) for commitment in commitments)
            end = max(self.problem.instant(commitment.end) for commitment in commitments)
            time = format_interval(start, end, self.problem, self.wording)
            yield self.wording.say("{label}, {time}", label=self._event_label(clash, commitments[0]), time=time)

    def _event_label(self, clash: Clash, commitment: Commitment) -> str:
        """Return the clash's own label; for a pair, whose events differ, the label of the event's calendar."""
        if clash.label and not clash.pair:
            return clash.label
        calendar = self.problem.calendars_by_id.get(commitment.calendar or "")
        if calendar is not None and calendar.label:
            return calendar.label
        return self.wording.say("another engagement")

    def _owner(self, clash: Clash) -> str:
        """Return the people of a clash, or their parties when many people attend the event."""
        people = list(dict.fromkeys(clash.people))
        names_people = len(people) == 1 or (clash.pair and len(people) <= MOST_NAMED)
        if names_people:
            named = [with_party(person, self.problem, self.wording) for person in people]
            return capitalised(self.wording.listing(named))

        party_ids = dict.fromkeys(self.problem.people_by_id[person].party for person in people)
        parties = list(dict.fromkeys(self.problem.parties_by_id[party].name for party in party_ids))
        if len(parties) > MOST_NAMED:
            return self.wording.say_many("{count} party", "{count} parties", len(parties))
        return capitalised(self.wording.listing(parties))

    def _dates_then(self, clash: Clash) -> Iterator[str]:
        """Yield the dates once the clash is moved: of its own meetings, then of other meetings that follow."""
        for meeting_start in clash.meetings:
            yield self._date_then(meeting_start)

        if clash.moved:
            moves = [self._move(meeting_start) for meeting_start in clash.moved]
            yield self.wording.say_many(
                "Another meeting then moves: {moves}.",
                "{count} other meetings then move: {moves}.",
                len(moves),
                moves=list_some(moves, MOST_MOVED, self.wording),
            )

    def _date_then(self, meeting_start: MeetingStart) -> str:
        say = self.wording.say
        meeting = self.names.meetings[meeting_start.meeting]
        time = self._format_moment(meeting_start.starts_at)
        planned = self.starts.get(meeting_start.meeting)
        if planned is None:
            return say("{meeting} is then held {time}.", meeting=meeting, time=time)
        if planned == meeting_start.starts_at:
            return say("{meeting} stays where it is, {time}.", meeting=meeting, time=time)

        before = self._format_moment(planned)
        return say("{meeting} is then held {time} instead of {before}.", meeting=meeting, time=time, before=before)

    def _move(self, meeting_start: MeetingStart) -> str:
        meeting = self.names.meetings[meeting_start.meeting]
        time = self._format_moment(meeting_start.starts_at)
        return self.wording.say("{meeting} to {time}", meeting=meeting, time=time)

    def _format_moment(self, moment: datetime) -> str:
        return format_moment(moment, self.problem, self.wording)
