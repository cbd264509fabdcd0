"""Who writes a rule that is loosened into the question, as a person would."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from scheduler.problem import Council, DateRange, Meeting, Problem, Spacing, Venue
from scheduler.proposal import Loosened

Part = TypeVar("Part", Meeting, Council, Venue)


def loosened(problem: Problem, changes: Iterable[Loosened]) -> Problem:
    """Return the question with these rules loosened; those that are dropped stay as they are."""
    for one in changes:
        if one.change == "loosen":
            problem = _WRITTEN[one.rule](problem, one, one.to)
    return problem


def _window(problem: Problem, rule: Loosened, to: tuple[str, str]) -> Problem:
    first, last = map(date.fromisoformat, to)
    return _with_meeting(problem, rule, window=DateRange(start=first, end=last))


def _weekdays(problem: Problem, rule: Loosened, to: tuple[str, ...]) -> Problem:
    return _with_meeting(problem, rule, weekdays=to)


def _notice(problem: Problem, rule: Loosened, to: int) -> Problem:
    return _with_meeting(problem, rule, notice_days=to)


def _required(problem: Problem, rule: Loosened, to: float) -> Problem:
    required = problem.meetings_by_id[rule.meeting or ""].required
    loose = (one.model_copy(update={"at_least": to}) if one.person == rule.person else one for one in required)
    return _with_meeting(problem, rule, required=tuple(loose))


def _quorum(problem: Problem, rule: Loosened, to: float) -> Problem:
    return _with_meeting(problem, rule, quorum_probability=to)


def _spacing(problem: Problem, rule: Loosened, to: int) -> Problem:
    limits = problem.councils_by_id[rule.council or ""].spacing_days or Spacing()
    spacing = limits.model_copy(update={rule.rule.removeprefix("spacing_"): to})
    return problem.with_parts(councils=_changed(problem.councils, rule.council, spacing_days=spacing))


def _rooms(problem: Problem, rule: Loosened, to: int) -> Problem:
    return problem.with_parts(venues=_changed(problem.venues, rule.venue, rooms=to))


def _with_meeting(problem: Problem, rule: Loosened, **changes: Any) -> Problem:
    return problem.with_meetings(_changed(problem.meetings, rule.meeting, **changes))


def _changed(parts: Sequence[Part], name: str | None, **changes: Any) -> tuple[Part, ...]:
    return tuple(one.model_copy(update=changes) if one.id == name else one for one in parts)


_WRITTEN: Mapping[str, Callable[[Problem, Loosened, Any], Problem]] = {
    "window": _window,
    "weekday_and_start": _weekdays,
    "notice": _notice,
    "required_person": _required,
    "quorum_likely": _quorum,
    "spacing_min": _spacing,
    "spacing_max": _spacing,
    "rooms": _rooms,
}
