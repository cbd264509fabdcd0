"""Who says which clash is worth moving: whose, what it is, when, what that gains, and what is then held when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from api.i18n import Wording
from api.presenting.amounts import describe_weights, format_parties
from api.presenting.dates import StartByMeeting, format_interval, format_moment
from api.presenting.explanation_view import ClashItem, ClashList
from api.presenting.names import Names, capitalised, some_of, with_party
from scheduler.explaining.explanation import Clash, Clashes, MeetingStart
from scheduler.problem import Commitment, Problem

MOST_SHOWN = 10
MOST_NAMED = 3  # parties, or people of a pair
MOST_MOVED = 4  # other meetings
MOST_CHOICES = 5  # of one person, equally good


def build_clash_list(
    found: Clashes, starts: StartByMeeting, problem: Problem, names: Names, wording: Wording
) -> ClashList | None:
    """Return what is worth moving; None when there is no plan that could gain."""
    if found.objective is None:
        return None
    singles = [clash for clash in found.clashes if not clash.pair]
    pairs = [clash for clash in found.clashes if clash.pair]
    concerned = {one for clash in found.clashes for one in clash.commitments}
    by_id = {one.id: one for one in problem.commitments if one.id in concerned}
    telling = ClashWriter(by_id, starts, problem, names, wording)
    shown = telling.grouped(singles)[:MOST_SHOWN]
    return ClashList(
        tuple(_told(found, singles, problem, wording)),
        tuple(map(telling.one_of, shown)),
        _more(len(singles) - sum(map(len, shown)), wording),
        tuple(map(telling.both, pairs[:MOST_SHOWN])),
    )


def _told(found: Clashes, singles: Sequence[Clash], problem: Problem, wording: Wording) -> Iterator[str]:
    if singles:
        yield wording.say("What the best plan would gain, if an event in people's calendars were not there.")
    elif found.status == "optimal":
        yield wording.say("No single clash is worth moving: without any one of them the best plan is worth the same.")
    else:
        yield wording.say("The time ran out before any single clash was found that is worth moving.")
    if not found.clashes:
        return
    yield from describe_weights(problem, wording)
    if found.status != "optimal":
        yield wording.say("The time ran out before all was proven, so these figures may change with more time.")


def _more(count: int, wording: Wording) -> str | None:
    if count <= 0:
        return None
    return wording.say_many(
        "{count} more event would gain no more than these.",
        "{count} more events would gain no more than these.",
        count,
    )


@dataclass(frozen=True, slots=True)
class ClashWriter:
    """What every sentence about a clash looks things up in."""

    commitments: Mapping[str, Commitment]
    starts: StartByMeeting
    problem: Problem
    names: Names
    wording: Wording

    def grouped(self, singles: Sequence[Clash]) -> list[list[Clash]]:
        """Return neighbours together that are one person's and gain the same, as far as figures show."""

        def alike(clash: Clash) -> tuple[object, str]:
            whose = clash.people if len(clash.people) == 1 else clash.commitments
            return whose, self._gain(clash)

        return [list(several) for _, several in groupby(singles, key=alike)]

    def one_of(self, several: Sequence[Clash]) -> ClashItem:
        """Return one event, or several of one person of which moving one is enough."""
        first, say = several[0], self.wording.say
        if len(several) == 1:
            gained = say("If it is moved, the plan gains {gain}.", gain=self._gain(first))
            return ClashItem(self._title(first), (gained, *self._then(first)))
        gained = say("If one of these is moved, the plan gains {gain}.", gain=self._gain(first))
        choices = (" ".join((f"{self._events(one)}.", *self._then(one))) for one in several[:MOST_CHOICES])
        left = len(several) - MOST_CHOICES
        more = (self.wording.say("and {count} more", count=left),) if left > 0 else ()
        return ClashItem(self._whose(first), (gained,), (*choices, *more))

    def both(self, pair: Clash) -> ClashItem:
        """Return two events of which only both together help."""
        gained = self.wording.say("If both are moved, the plan gains {gain}.", gain=self._gain(pair))
        return ClashItem(self._title(pair), (gained, *self._then(pair)))

    def _gain(self, clash: Clash) -> str:
        return format_parties(clash.gain, self.problem, self.wording)

    def _title(self, clash: Clash) -> str:
        return self.wording.say("{whose}: {events}", whose=self._whose(clash), events=self._events(clash))

    def _events(self, clash: Clash) -> str:
        return capitalised(self.wording.listing(self._titles(clash)))

    def _titles(self, clash: Clash) -> Iterator[str]:
        """Yield each event once, with when it is: the label of its calendar, or else the clash's own."""
        events: dict[str, list[Commitment]] = {}
        for one in (self.commitments[name] for name in clash.commitments):
            events.setdefault(one.event or one.id, []).append(one)
        for several in events.values():
            calendar = self.problem.calendars_by_id.get(several[0].calendar or "")
            label = clash.label if clash.label and not clash.pair else calendar.label if calendar else None
            start = min(self.problem.instant(one.start) for one in several)
            end = max(self.problem.instant(one.end) for one in several)
            shown = label or self.wording.say("another engagement")
            yield self.wording.say(
                "{label}, {time}", label=shown, time=format_interval(start, end, self.problem, self.wording)
            )

    def _whose(self, clash: Clash) -> str:
        people = list(dict.fromkeys(clash.people))
        if len(people) == 1 or (clash.pair and len(people) <= MOST_NAMED):
            return capitalised(self.wording.listing(with_party(one, self.problem, self.wording) for one in people))
        of_people = (self.problem.people_by_id[one].party for one in people)
        parties = list(dict.fromkeys(self.problem.parties_by_id[party].name for party in of_people))
        if len(parties) > MOST_NAMED:
            return self.wording.say_many("{count} party", "{count} parties", len(parties))
        return capitalised(self.wording.listing(parties))

    def _then(self, clash: Clash) -> Iterator[str]:
        """Yield what is then held when: in the time that is left, and elsewhere."""
        yield from map(self._held, clash.meetings)
        if clash.moved:
            yield self.wording.say_many(
                "Another meeting then moves: {moves}.",
                "{count} other meetings then move: {moves}.",
                len(clash.moved),
                moves=some_of(list(map(self._move, clash.moved)), MOST_MOVED, self.wording),
            )

    def _held(self, held: MeetingStart) -> str:
        meeting, time, say = self.names.meetings[held.meeting], self._moment(held.starts_at), self.wording.say
        planned = self.starts.get(held.meeting)
        if planned is None:
            return say("{meeting} is then held {time}.", meeting=meeting, time=time)
        if planned == held.starts_at:
            return say("{meeting} stays where it is, {time}.", meeting=meeting, time=time)
        before = self._moment(planned)
        return say("{meeting} is then held {time} instead of {before}.", meeting=meeting, time=time, before=before)

    def _move(self, held: MeetingStart) -> str:
        meeting, time = self.names.meetings[held.meeting], self._moment(held.starts_at)
        return self.wording.say("{meeting} to {time}", meeting=meeting, time=time)

    def _moment(self, moment: datetime) -> str:
        return format_moment(moment, self.problem, self.wording)
