"""The revision of a meeting: the content of its invitation, its receivers, and the numbers that order revisions."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Field

from scheduler.days import zone_exists
from scheduler.problem.field_types import FIRST_YEAR, LAST_YEAR, Email, Frozen, WebLink

Role = Literal["chair", "member", "substitute"]

MAX_SEQUENCE = 2**31 - 1  # of the type INTEGER (RFC 5545, section 3.3.8)


def _to_utc(moment: datetime) -> datetime:
    """Return ``moment`` in UTC: in local time, two instants of the hour that the clock repeats would be equal."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        message = f"the year is not between {FIRST_YEAR} and {LAST_YEAR}"
        raise ValueError(message)
    return moment.astimezone(UTC)


def _zone_name(name: str) -> str:
    if not zone_exists(name):
        message = "the time zone is unknown"
        raise ValueError(message)
    return name


def _by_mailbox(sequences: dict[str, int]) -> dict[str, int]:
    return {mailbox_of(email): sequence for email, sequence in sequences.items()}


def mailbox_of(email: str) -> str:
    """Return the mailbox of an address: addresses that differ in letter case only are the same."""
    return email.casefold()


# A revision is read from a file that others may have changed, so that each field admits only what can be written.
UtcDatetime = Annotated[AwareDatetime, AfterValidator(_to_utc)]
ZoneName = Annotated[str, AfterValidator(_zone_name)]
Uid = Annotated[str, Field(pattern=r"^[!-~]{1,255}$")]
Sequence = Annotated[int, Field(ge=0, le=MAX_SEQUENCE)]


class Content(Frozen):
    """
    The content of a meeting's invitation, which is the same for all receivers.

    ``summary`` is the title in the calendar of the plan; an invitation has ``request_summary``, if there is one.
    """

    meeting: str
    summary: str
    request_summary: str | None = None
    description: str = ""
    location: str | None = None
    link: WebLink | None = None  # of the online meeting
    timezone: ZoneName
    starts_at: UtcDatetime
    ends_at: UtcDatetime
    organizer_name: str
    organizer_email: Email
    status: Literal["confirmed", "tentative"] = "confirmed"

    @property
    def day(self) -> date:
        """The date on which the meeting starts, in its time zone."""
        return self.starts_at.astimezone(ZoneInfo(self.timezone)).date()

    def has_same_schedule(self, other: "Content") -> bool:
        """Return whether time, place and organizer are the same; otherwise receivers have to reply again."""
        return (
            self.starts_at == other.starts_at
            and self.ends_at == other.ends_at
            and self.location == other.location
            and mailbox_of(self.organizer_email) == mailbox_of(other.organizer_email)
        )


class Receiver(Frozen):
    """
    A mailbox that is invited, and whom the invitation concerns.

    ``note`` is the text for this receiver alone. ``sequence`` and ``dtstamp`` are those of the receiver's own
    invitation where they are later than the meeting's: a change for one receiver requires no reply of the others.
    """

    person: str
    name: str
    email: Email
    role: Role = "member"
    note: str = ""
    sequence: Sequence | None = None
    dtstamp: UtcDatetime | None = None

    @property
    def mailbox(self) -> str:
        """The address without the difference between capital and small letters."""
        return mailbox_of(self.email)


class Revision(Frozen):
    """
    A state of a meeting as it was sent; ``sequence`` and ``dtstamp`` order the states (RFC 5546, section 2.1.5).

    ``withdrawn`` maps the mailbox of each receiver who was removed to the SEQUENCE of their cancellation.
    """

    uid: Uid
    sequence: Sequence
    dtstamp: UtcDatetime
    is_cancelled: bool = False
    content: Content
    receivers: tuple[Receiver, ...] = ()
    withdrawn: Annotated[dict[str, Sequence], AfterValidator(_by_mailbox)] = Field(default_factory=dict)

    @property
    def highest_sequence(self) -> int:
        """The highest SEQUENCE of the invitations to this revision."""
        return max([self.sequence, *(self.sequence_for(receiver) for receiver in self.receivers)])

    @property
    def latest_dtstamp(self) -> datetime:
        """The latest DTSTAMP of the invitations to this revision."""
        return max([self.dtstamp, *(self.dtstamp_for(receiver) for receiver in self.receivers)])

    def sequence_for(self, receiver: Receiver) -> int:
        """Return the SEQUENCE of the invitation for ``receiver``."""
        return max(self.sequence, receiver.sequence or 0)

    def dtstamp_for(self, receiver: Receiver) -> datetime:
        """Return the DTSTAMP of the invitation for ``receiver``."""
        return max(self.dtstamp, receiver.dtstamp or self.dtstamp)


def meeting_uid(organizer_email: str, meeting_id: str) -> str:
    """
    Return the UID of a meeting, derived from its organizer and id. It does not change when the meeting moves.

    Examples
    --------
    >>> meeting_uid("kansli@example.org", "kultur-1") == meeting_uid("Kansli@example.org", "kultur-1")
    True
    """
    return str(uuid5(NAMESPACE_URL, f"mailto:{organizer_email.casefold()}\n{meeting_id}"))
