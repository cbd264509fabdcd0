"""Number the revisions of meetings: which are new, moved, reworded or cancelled since they were last sent."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.ical.write.invitation import Content, Receiver, Revision, meeting_uid

_ONE_SECOND = timedelta(seconds=1)


def revise(
    previous: Mapping[str, Revision],
    contents: Sequence[Content],
    receivers: Mapping[str, Sequence[Receiver]],
    today: date,
) -> dict[str, Revision]:
    """
    Return the revision of every meeting, by its id: first the planned meetings in their order, then the others.

    A meeting that is no longer planned is cancelled. What was sent for a date before ``today`` stays as it was, and
    nobody is invited to a meeting before ``today`` that was not sent.

    A new time or place, a cancellation and a return from it raise SEQUENCE; a new wording only renews DTSTAMP
    (RFC 5546, section 2.1.4). DTSTAMP is derived from ``today``, so that the same input gives the same bytes.
    """
    midnight = datetime.combine(today, time(), UTC)
    revisions = {}
    for content in contents:
        invited = tuple(receivers.get(content.meeting, ()))
        before = previous.get(content.meeting)
        if before is not None and (is_past(before, today) or _is_before(content, today)):
            revisions[content.meeting] = before
        elif before is None:
            invited = () if _is_before(content, today) else invited
            revisions[content.meeting] = _first_revision(content, invited, midnight)
        else:
            revisions[content.meeting] = _next_revision(before, content, invited, midnight)

    for meeting, before in previous.items():
        if meeting not in revisions:
            is_final = before.is_cancelled or is_past(before, today)
            revisions[meeting] = before if is_final else _cancellation(before, midnight)
    return revisions


def is_past(revision: Revision, today: date) -> bool:
    """Return whether a meeting was sent, and not cancelled, for a date before ``today``: it was held."""
    return not revision.is_cancelled and _is_before(revision.content, today)


def _is_before(content: Content, today: date) -> bool:
    return content.starts_at.astimezone(ZoneInfo(content.timezone)).date() < today


def _first_revision(content: Content, receivers: tuple[Receiver, ...], midnight: datetime) -> Revision:
    uid = meeting_uid(content.organizer_email, content.meeting)
    return Revision(uid=uid, sequence=0, dtstamp=midnight, content=content, receivers=receivers)


def _next_revision(before: Revision, content: Content, receivers: tuple[Receiver, ...], midnight: datetime) -> Revision:
    invited = {receiver.email for receiver in receivers}
    sequence = _next_sequence(before, content, invited)
    is_unchanged = sequence == before.sequence and content == before.content
    if is_unchanged and receivers == before.receivers:
        return before

    withdrawn = {email: number for email, number in before.withdrawn.items() if email not in invited}
    # Removed receivers get a CANCEL with this SEQUENCE. After a cancellation they have had one already.
    if not before.is_cancelled:
        removed = [receiver.email for receiver in before.receivers if receiver.email not in invited]
        withdrawn |= dict.fromkeys(removed, sequence + 1)

    return Revision(
        uid=before.uid,
        sequence=sequence,
        dtstamp=before.dtstamp if is_unchanged else _next_dtstamp(before, midnight),
        content=content,
        receivers=receivers,
        withdrawn=withdrawn,
    )


def _next_sequence(before: Revision, content: Content, invited: set[str]) -> int:
    is_rescheduled = before.is_cancelled or not content.has_same_schedule(before.content)
    sequence = before.sequence + is_rescheduled
    # A client ignores a REQUEST whose SEQUENCE is not higher than that of the CANCEL before it (RFC 5546, section
    # 2.1.5). SEQUENCE belongs to the event, so a receiver who returns raises it for all receivers.
    for email, withdrawn_sequence in before.withdrawn.items():
        if email in invited:
            sequence = max(sequence, withdrawn_sequence + 1)
    return sequence


def _cancellation(before: Revision, midnight: datetime) -> Revision:
    changes = {
        "is_cancelled": True,
        "sequence": before.sequence + 1,
        "dtstamp": _next_dtstamp(before, midnight),
    }
    return before.model_copy(update=changes)


def _next_dtstamp(before: Revision, midnight: datetime) -> datetime:
    """Return midnight, or a second after the previous DTSTAMP: DTSTAMP orders revisions with the same SEQUENCE."""
    return max(midnight, before.dtstamp + _ONE_SECOND)
