"""Hypothesis strategies for problems of which a part is over: any day of planning, any published plan."""

from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from scheduler.problem import Meeting, Problem
from tests.strategies import DAYS, problems

FIRST_DAYS = [f"2027-03-{day:02d}" for day in range(16, 22)]  # before the horizon
CLOCKS = [time(9), time(10), time(13), time(18, 30), time(23, 30)]  # some meetings last into the next day


@st.composite
def problems_with_a_past(draw: st.DrawFn, max_meetings: int = 3) -> Problem:
    """A problem planned on any day, with some meetings held and a part of the others published."""
    problem = draw(problems(max_meetings))
    today = date.fromisoformat(draw(st.sampled_from([*FIRST_DAYS[-1:], *DAYS[1:-2]])))
    past_days = [day for text in (*FIRST_DAYS, *DAYS) if (day := date.fromisoformat(text)) < today]
    held: dict[str, datetime] = {}
    for meetings in problem.meetings_by_council.values():
        days = draw(st.lists(st.sampled_from(past_days[-5:]), unique=True, max_size=len(meetings)))
        for meeting, day in zip(meetings, sorted(days), strict=False):
            held[meeting.id] = datetime.combine(day, draw(st.sampled_from(CLOCKS)))

    to_come = st.integers(0, 6).map(lambda days: today + timedelta(days))
    published = dict(held)
    planned: list[Meeting] = []
    for meeting in problem.meetings:
        is_pinned = meeting.id in held and draw(st.booleans())
        if meeting.id not in held and draw(st.integers(0, 2)) == 0:
            published[meeting.id] = datetime.combine(draw(to_come), draw(st.sampled_from(CLOCKS)))
        pinned = held[meeting.id] if is_pinned else None
        if meeting.id not in published:
            pinned = _pin_to_come(problem, meeting, today)
        is_over = meeting.window is not None and meeting.window.end < today
        changes = {"pinned": pinned, **({"window": None} if is_over else {})}
        planned.append(meeting.model_copy(update=changes))
        if is_pinned and draw(st.booleans()):
            del published[meeting.id]
    document = {name: getattr(problem, name) for name in Problem.model_fields}
    return Problem.of({**document, "today": today, "meetings": tuple(planned), "published": published})


def _pin_to_come(problem: Problem, meeting: Meeting, today: date) -> datetime | None:
    """The meeting's pin, unless it is over."""
    if meeting.pinned is None or problem.instant(meeting.pinned).astimezone(problem.zone).date() < today:
        return None
    return meeting.pinned
