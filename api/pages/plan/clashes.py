"""Who says which clash is worth moving: what it is, when, whose, what that gains, and what is then held when."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from api.pages.plan.moments import short_moment, stretch
from api.pages.plan.names import Names, capitalised, with_party
from api.pages.plan.why_view import Movable, Movables
from api.pages.plan.worth import in_parties
from api.wording import Wording
from scheduler.explaining.explanation import Clash, Clashes, MeetingStart
from scheduler.problem import Commitment, Problem

MOST_SHOWN = 10
MOST_NAMED = 3  # parties, or people of a pair

Starts = Mapping[str, datetime]


def movables(found: Clashes, starts: Starts, problem: Problem, names: Names, wording: Wording) -> Movables | None:
    """Return what is worth moving; None when there is no plan that could gain."""
    if found.objective is None:
        return None
    singles = [clash for clash in found.clashes if not clash.pair]
    pairs = [clash for clash in found.clashes if clash.pair]
    concerned = {one for clash in found.clashes for one in clash.commitments}
    by_id = {one.id: one for one in problem.commitments if one.id in concerned}

    def told(clashes: Sequence[Clash]) -> tuple[Movable, ...]:
        return tuple(_movable(clash, by_id, starts, problem, names, wording) for clash in clashes[:MOST_SHOWN])

    return Movables(tuple(_told(found, singles, wording)), told(singles), _more(len(singles), wording), told(pairs))


def _told(found: Clashes, singles: Sequence[Clash], wording: Wording) -> Iterator[str]:
    if singles:
        yield wording.say("What the best plan would gain, if an event in people's calendars were not there.")
    else:
        yield wording.say("No single clash is worth moving: without any one of them the best plan is worth the same.")
    if found.status != "optimal":
        yield wording.say("The plan is not proven to be the best, so these figures may change with more time.")


def _more(count: int, wording: Wording) -> str | None:
    if count <= MOST_SHOWN:
        return None
    return wording.say_many(
        "{count} more event would give a smaller gain.",
        "{count} more events would give smaller gains.",
        count - MOST_SHOWN,
    )


def _movable(
    clash: Clash, by_id: Mapping[str, Commitment], starts: Starts, problem: Problem, names: Names, wording: Wording
) -> Movable:
    whose = _whose(clash, problem, wording)
    gain = in_parties(clash.gain, problem, wording)
    if clash.pair:
        gained = wording.say("{whose}: if both are moved, the plan gains {gain}.", whose=whose, gain=gain)
    else:
        gained = wording.say("{whose}: if it is moved, the plan gains {gain}.", whose=whose, gain=gain)
    then = (_then(held, starts, problem, names, wording) for held in clash.meetings)
    return Movable(capitalised(wording.listing(_titles(clash, by_id, problem, wording))), (gained, *then))


def _titles(clash: Clash, by_id: Mapping[str, Commitment], problem: Problem, wording: Wording) -> Iterator[str]:
    """Yield each event once, with when it is: the label of its calendar, or else the clash's own."""
    events: dict[str, list[Commitment]] = {}
    for one in (by_id[name] for name in clash.commitments):
        events.setdefault(one.event or one.id, []).append(one)
    for several in events.values():
        calendar = problem.calendars_by_id.get(several[0].calendar or "")
        label = clash.label if clash.label and not clash.pair else calendar.label if calendar else None
        start = min(problem.instant(one.start) for one in several)
        end = max(problem.instant(one.end) for one in several)
        shown = label or wording.say("another engagement")
        yield wording.say("{label}, {time}", label=shown, time=stretch(start, end, problem, wording))


def _whose(clash: Clash, problem: Problem, wording: Wording) -> str:
    people = list(dict.fromkeys(clash.people))
    if len(people) == 1 or (clash.pair and len(people) <= MOST_NAMED):
        return capitalised(wording.listing(with_party(one, problem, wording) for one in people))
    parties = list(dict.fromkeys(problem.parties_by_id[problem.people_by_id[one].party].name for one in people))
    if len(parties) > MOST_NAMED:
        return wording.say_many("{count} party", "{count} parties", len(parties))
    return capitalised(wording.listing(parties))


def _then(held: MeetingStart, starts: Starts, problem: Problem, names: Names, wording: Wording) -> str:
    meeting, time = names.meetings[held.meeting], short_moment(held.starts_at, problem, wording)
    planned = starts.get(held.meeting)
    if planned is None:
        return wording.say("{meeting} is then held {time}.", meeting=meeting, time=time)
    if planned == held.starts_at:
        return wording.say("{meeting} stays where it is, {time}.", meeting=meeting, time=time)
    before = short_moment(planned, problem, wording)
    return wording.say("{meeting} is then held {time} instead of {before}.", meeting=meeting, time=time, before=before)
