"""Number the revisions of meetings: which are new, moved, reworded or cancelled since they were last sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from scheduler.ical.write.revision_types import Content, Receiver, Revision, mailbox_of, meeting_uid

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
    (RFC 5546, section 2.1.4). What changes for one receiver changes the numbers of that receiver's invitation alone.
    DTSTAMP is derived from ``today``, so that the same input gives the same bytes.
    """
    midnight = datetime.combine(today, time(), UTC)
    revisions = {}
    for content in contents:
        invited = tuple(receivers.get(content.meeting, ()))
        before = previous.get(content.meeting)
        if before is not None and (is_past(before, today) or content.day < today):
            revisions[content.meeting] = before
        elif before is None:
            invited = () if content.day < today else invited
            revisions[content.meeting] = _first_revision(content, invited, midnight)
        else:
            revisions[content.meeting] = _Change(before, content, invited, midnight).revision()

    for meeting, before in previous.items():
        if meeting not in revisions:
            is_final = before.is_cancelled or is_past(before, today)
            revisions[meeting] = before if is_final else _cancellation(before, midnight)
    return revisions


def is_past(revision: Revision, today: date) -> bool:
    """Return whether a meeting was sent, and not cancelled, for a date before ``today``: it was held."""
    return not revision.is_cancelled and revision.content.day < today


def _first_revision(content: Content, receivers: tuple[Receiver, ...], midnight: datetime) -> Revision:
    uid = meeting_uid(content.organizer_email, content.meeting)
    return Revision(uid=uid, sequence=0, dtstamp=midnight, content=content, receivers=receivers)


def _cancellation(before: Revision, midnight: datetime) -> Revision:
    changes = {
        "is_cancelled": True,
        "sequence": before.highest_sequence + 1,
        "dtstamp": _next_dtstamp(before, midnight),
        "receivers": tuple(_with_stamps(receiver, None, None) for receiver in before.receivers),
    }
    return before.model_copy(update=changes)


def _next_dtstamp(before: Revision, midnight: datetime) -> datetime:
    """Return midnight, or a second after the previous DTSTAMP: DTSTAMP orders revisions with the same SEQUENCE."""
    return max(midnight, before.latest_dtstamp + _ONE_SECOND)


def _with_stamps(receiver: Receiver, sequence: int | None, dtstamp: datetime | None) -> Receiver:
    return receiver.model_copy(update={"sequence": sequence, "dtstamp": dtstamp})


@dataclass(frozen=True, slots=True)
class _Change:
    """A planned meeting that was sent before, in the state ``before``."""

    before: Revision
    content: Content
    invited: tuple[Receiver, ...]
    midnight: datetime

    def revision(self) -> Revision:
        """Return the next revision; the same object when nothing changed."""
        before = self.before
        sequence = before.highest_sequence + 1 if self._is_rescheduled else before.sequence
        next_revision = Revision(
            uid=before.uid,
            sequence=sequence,
            dtstamp=self._next_dtstamp if self._is_renewed else before.dtstamp,
            content=self.content,
            receivers=tuple(self._stamped(receiver, sequence) for receiver in self.invited),
            withdrawn=self._withdrawn(),
        )
        return before if next_revision == before else next_revision

    @property
    def _is_rescheduled(self) -> bool:
        return self.before.is_cancelled or not self.content.has_same_schedule(self.before.content)

    @property
    def _is_renewed(self) -> bool:
        return self._is_rescheduled or self.content != self.before.content

    @property
    def _next_dtstamp(self) -> datetime:
        return _next_dtstamp(self.before, self.midnight)

    def _removed(self) -> list[Receiver]:
        """Return the receivers whose mailbox is no longer invited. After a cancellation they have had a CANCEL."""
        if self.before.is_cancelled:
            return []
        # The organizer's own calendar is no receiver's: the organizer keeps the meeting.
        kept = {receiver.mailbox for receiver in self.invited} | {mailbox_of(self.content.organizer_email)}
        return [receiver for receiver in self.before.receivers if receiver.mailbox not in kept]

    def _withdrawn(self) -> dict[str, int]:
        """Return the SEQUENCE of the CANCEL to each mailbox that is not invited any more."""
        invited = {receiver.mailbox for receiver in self.invited}
        withdrawn = {box: sequence for box, sequence in self.before.withdrawn.items() if box not in invited}
        for receiver in self._removed():
            withdrawn[receiver.mailbox] = self.before.sequence_for(receiver) + 1
        return withdrawn

    def _stamped(self, receiver: Receiver, sequence: int) -> Receiver:
        """Return an invited receiver with the numbers of their invitation where these differ from the meeting's."""
        sent = next((sent for sent in self.before.receivers if sent.mailbox == receiver.mailbox), None)
        cancelled = self._cancel_sequence(receiver)
        numbers = [sequence]
        if sent is not None and not self._is_rescheduled:
            numbers.append(self.before.sequence_for(sent))
        if cancelled is not None:
            numbers.append(cancelled + 1)
        number = max(numbers) if max(numbers) > sequence else None

        if self._is_renewed:
            return _with_stamps(receiver, number, None)
        if sent is None:
            return _with_stamps(receiver, number, None if cancelled is None else self._next_dtstamp)
        # An address that is only spelled in another way is no change.
        as_sent = receiver.model_copy(update={"email": sent.email, "sequence": number, "dtstamp": sent.dtstamp})
        return sent if as_sent == sent else _with_stamps(receiver, number, self._next_dtstamp)

    def _cancel_sequence(self, receiver: Receiver) -> int | None:
        """
        Return the SEQUENCE of the last CANCEL that the receiver got, at this address or at the one before.

        Clients ignore a REQUEST that does not outrank the CANCEL before it (RFC 5546, section 2.1.5), and both
        addresses of a person may lead to the same calendar.
        """
        sequences = [self.before.sequence_for(sent) + 1 for sent in self._removed() if sent.person == receiver.person]
        if receiver.mailbox in self.before.withdrawn:
            sequences.append(self.before.withdrawn[receiver.mailbox])
        return max(sequences, default=None)
