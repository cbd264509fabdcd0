"""Consistency checks about ``today``: what is over cannot be planned, and what was held is stated in one way."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from scheduler.errors import Fault
from scheduler.problem.document import Document
from scheduler.problem.schema import Meeting


def past_is_settled(document: Document) -> Iterator[Fault]:
    """Find a horizon that is over, meetings that are over and were not held, and contradictory held meetings."""
    if document.horizon.end < document.today:
        sentence = "Today, {today}, lies after the horizon, which ends on {end}; extend the horizon or correct today."
        yield Fault("/today", sentence, {"today": document.today.isoformat(), "end": document.horizon.end.isoformat()})
        return
    index_of = {meeting.id: index for index, meeting in enumerate(document.meetings)}
    for meeting in document.meetings:
        yield from _meeting_faults(document, meeting, f"/meetings/{index_of[meeting.id]}")
    for meetings in document.meetings_by_council.values():
        for meeting, following in pairwise(meetings):
            if following.id in document.held:
                yield from _order_faults(document, meeting, following, f"/meetings/{index_of[meeting.id]}")


def _meeting_faults(document: Document, meeting: Meeting, pointer: str) -> Iterator[Fault]:
    published = document.published.get(meeting.id)
    pinned = meeting.pinned
    first, last = document.window(meeting)
    if published is None and pinned is None and first <= last < document.today:
        sentence = (
            "The window of '{meeting}' ended on {end}, before today; move the window, or, if the meeting was held,"
            " name the published plan with --published, or give its start under published."
        )
        yield Fault(f"{pointer}/window", sentence, {"meeting": meeting.id, "end": last.isoformat()})
    if published is None or pinned is None or meeting.id not in document.held:
        return
    if document.instant(published) != document.instant(pinned):
        sentence = (
            "The meeting '{meeting}' is published for {published} but pinned to {pinned}, and not both are still to"
            " come; keep the start at which it was held."
        )
        values = {
            "meeting": meeting.id,
            "published": _written(document, published),
            "pinned": _written(document, pinned),
        }
        yield Fault(f"{pointer}/pinned", sentence, values)


def _order_faults(document: Document, meeting: Meeting, held: Meeting, pointer: str) -> Iterator[Fault]:
    """Find that ``meeting``, listed just before a held meeting of its council, was not held on an earlier date."""
    start = document.held.get(meeting.id)
    if start is None:
        sentence = (
            "The meeting '{meeting}' is listed before '{held}', which was held on {date}, but was not held itself;"
            " list it after that, or give its start under published."
        )
        yield Fault(pointer, sentence, {"meeting": meeting.id, "held": held.id, "date": _date(document, held)})
    elif _date(document, meeting) >= _date(document, held):
        sentence = (
            "The meeting '{meeting}' was held on {first} and '{held}', listed after it, on {second}; list a council's"
            " meetings by date, at most one a day."
        )
        values = {
            "meeting": meeting.id,
            "first": _date(document, meeting),
            "held": held.id,
            "second": _date(document, held),
        }
        yield Fault(pointer, sentence, values)


def _date(document: Document, held: Meeting) -> str:
    return document.held[held.id].astimezone(document.zone).date().isoformat()


def _written(document: Document, time: datetime) -> str:
    return document.instant(time).astimezone(document.zone).isoformat(timespec="minutes")
