"""Where a meeting is held, in words."""

from api.i18n import Wording
from scheduler.problem import Meeting, Problem


def describe_place(meeting: Meeting, problem: Problem, wording: Wording) -> str | None:
    """Return the venue of ``meeting``, or that it is held online; None when neither is given."""
    if meeting.mode == "online":
        return wording.say("Online meeting")

    if meeting.venue is None:
        return None

    venue = problem.venues_by_id[meeting.venue].name
    if meeting.mode == "hybrid":
        return wording.say("{venue}, or online", venue=venue)
    return venue
