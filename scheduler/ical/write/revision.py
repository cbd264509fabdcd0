"""Who counts the revisions: which meetings are new, moved, reworded or cancelled since the last time they were sent."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from scheduler.ical.write.invitation import Content, Receiver, Revision, meeting_uid


def revise(
    previous: Mapping[str, Revision],
    contents: Sequence[Content],
    receivers: Mapping[str, Sequence[Receiver]],
    today: date,
) -> dict[str, Revision]:
    """
    Return the revision of every meeting, by its id: those now planned in their order, then those no longer planned.

    One that is no longer planned is cancelled, unless it was held before ``today``.

    A new time or place, a cancelling and a return from it raise SEQUENCE; a new wording only renews DTSTAMP (RFC 5546,
    section 2.1.4). DTSTAMP is made from ``today``, so that the same input gives the same bytes.
    """
    midnight = datetime.combine(today, time(), UTC)
    revisions = {}
    for content in contents:
        invited = tuple(receivers.get(content.meeting, ()))
        before = previous.get(content.meeting)
        revisions[content.meeting] = (
            _first(content, invited, midnight) if before is None else _next(before, content, invited, midnight)
        )
    for meeting, before in previous.items():
        if meeting not in revisions:
            is_past = before.content.ends_at <= midnight
            revisions[meeting] = before if before.is_cancelled or is_past else _cancelled(before, midnight)
    return revisions


def _first(content: Content, receivers: tuple[Receiver, ...], midnight: datetime) -> Revision:
    uid = meeting_uid(content.organizer_email, content.meeting)
    return Revision(uid=uid, sequence=0, dtstamp=midnight, content=content, receivers=receivers)


def _next(before: Revision, content: Content, receivers: tuple[Receiver, ...], midnight: datetime) -> Revision:
    invited = {receiver.email for receiver in receivers}
    sequence = before.sequence + (before.is_cancelled or not content.is_held_like(before.content))
    # who was withdrawn and comes back believes only what is newer than the withdrawal: then all get it anew
    sequence = max(
        sequence, *(1 + withdrawn for address, withdrawn in before.withdrawn.items() if address in invited), 0
    )
    is_same = sequence == before.sequence and content == before.content
    if is_same and receivers == before.receivers:
        return before
    withdrawn = {address: number for address, number in before.withdrawn.items() if address not in invited}
    gone = {receiver.email: sequence + 1 for receiver in before.receivers if receiver.email not in invited}
    return Revision(
        uid=before.uid,
        sequence=sequence,
        dtstamp=before.dtstamp if is_same else _later(before, midnight),
        content=content,
        receivers=receivers,
        withdrawn={**withdrawn, **({} if before.is_cancelled else gone)},
    )


def _cancelled(before: Revision, midnight: datetime) -> Revision:
    changes = {"is_cancelled": True, "sequence": before.sequence + 1, "dtstamp": _later(before, midnight)}
    return before.model_copy(update=changes)


def _later(before: Revision, midnight: datetime) -> datetime:
    return max(midnight, before.dtstamp + timedelta(seconds=1))
