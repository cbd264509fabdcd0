"""The document of a planning problem: its parts, each well formed, without checks between them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SerializerFunctionWrapHandler, ValidatorFunctionWrapHandler
from pydantic.functional_serializers import WrapSerializer
from pydantic.functional_validators import WrapValidator
from pydantic_core import PydanticCustomError

from scheduler import days
from scheduler.problem.commitments import Commitments, CommitmentTable
from scheduler.problem.field_types import Day, Frozen, Id, Instant, Text
from scheduler.problem.schema import (
    Answer,
    Assumptions,
    Blackout,
    Calendar,
    Commitment,
    Council,
    DateRange,
    Meeting,
    Party,
    Person,
    Relation,
    Venue,
)


def _zone(name: str) -> str:
    if not days.zone_exists(name):
        raise PydanticCustomError(
            "no_such_zone", "Unknown time zone {value}; name a zone of the IANA database, as Europe/Stockholm."
        )
    return name


def _country(code: str) -> str:
    if not days.country_exists(code):
        raise PydanticCustomError(
            "no_such_country",
            "The holidays of the country {value} are unknown; name another country, as SE, or write null.",
        )
    return code


def _validate_commitments(value: Any, handler: ValidatorFunctionWrapHandler) -> Sequence[Commitment]:
    """Accept columns, which are valid; validate anything else as a list of models."""
    return value if isinstance(value, Commitments) else handler(value)


def _write_commitments(commitments: Sequence[Commitment], handler: SerializerFunctionWrapHandler) -> Any:
    return handler(tuple(commitments))


class Document(Frozen):
    """A planning problem: people and their commitments, councils, meetings and the rules between them."""

    title: Text
    timezone: Annotated[str, Field(strict=True, max_length=100), AfterValidator(_zone)]
    horizon: DateRange
    today: Day
    parties: tuple[Party, ...] = Field(min_length=1, max_length=5000)
    people: tuple[Person, ...] = Field(max_length=20_000)
    calendars: tuple[Calendar, ...] = Field(default=(), max_length=20_000)
    commitments: Annotated[
        tuple[Commitment, ...],
        Field(max_length=2_000_000),
        WrapValidator(_validate_commitments),
        WrapSerializer(_write_commitments),
    ] = ()
    answers: tuple[Answer, ...] = Field(default=(), max_length=500_000)
    venues: tuple[Venue, ...] = Field(default=(), max_length=1000)
    councils: tuple[Council, ...] = Field(min_length=1, max_length=500)
    meetings: tuple[Meeting, ...] = Field(min_length=1, max_length=3000)
    relations: tuple[Relation, ...] = Field(default=(), max_length=3000)
    blackouts: tuple[Blackout, ...] = Field(default=(), max_length=1000)
    holidays: Annotated[str, Field(strict=True, max_length=10), AfterValidator(_country)] | None = "SE"
    published: dict[Id, Instant] = Field(default_factory=dict)
    assumptions: Assumptions = Assumptions()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some parts replaced. The copy is not validated."""
        copied = super().model_copy(update=update, deep=deep)
        # Cached properties were computed from the old parts.
        for cached in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[cached]
        return copied

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def commitment_columns(self) -> Commitments:
        """The commitments as columns, in whichever way they were given."""
        return Commitments.of(self.commitments)

    @cached_property
    def commitment_table(self) -> CommitmentTable:
        """The numbers of the commitments as arrays."""
        return self.commitment_columns.table(self.zone)

    @cached_property
    def people_by_id(self) -> dict[str, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def parties_by_id(self) -> dict[str, Party]:
        return {party.id: party for party in self.parties}

    @cached_property
    def councils_by_id(self) -> dict[str, Council]:
        return {council.id: council for council in self.councils}

    @cached_property
    def calendars_by_id(self) -> dict[str, Calendar]:
        return {calendar.id: calendar for calendar in self.calendars}

    @cached_property
    def venues_by_id(self) -> dict[str, Venue]:
        return {venue.id: venue for venue in self.venues}

    @cached_property
    def meetings_by_id(self) -> dict[str, Meeting]:
        return {meeting.id: meeting for meeting in self.meetings}

    @cached_property
    def meetings_by_council(self) -> dict[str, tuple[Meeting, ...]]:
        """The meetings of each council in the order in which they must take place."""
        grouped: dict[str, list[Meeting]] = {council.id: [] for council in self.councils}
        for meeting in self.meetings:
            if meeting.council in grouped:
                grouped[meeting.council].append(meeting)
        return {council: tuple(meetings) for council, meetings in grouped.items()}

    @cached_property
    def held(self) -> dict[str, datetime]:
        """The start, in UTC, of every meeting that is pinned or published before ``today``: it cannot move any more."""
        held = {}
        for meeting in self.meetings:
            for written in (meeting.pinned, self.published.get(meeting.id)):
                if written is not None and self.is_past(written):
                    held[meeting.id] = self.instant(written)
        return held

    def is_past(self, written: datetime) -> bool:
        """Return whether a time of this document lies on a date before ``today``."""
        return self.instant(written).astimezone(self.zone).date() < self.today

    def fixed_start(self, meeting: Meeting) -> datetime | None:
        """Return the start, in UTC, of a meeting that is held or pinned; None of any other."""
        if meeting.id in self.held:
            return self.held[meeting.id]
        return None if meeting.pinned is None else self.instant(meeting.pinned)

    def instant(self, written: datetime) -> datetime:
        """Return a time of this document in UTC; a time without an offset is wall time in the document's zone."""
        return days.instant(written, self.zone)

    def window(self, meeting: Meeting) -> tuple[date, date]:
        """Return the first and last date of the horizon that lie in the window of ``meeting``."""
        if meeting.window is None:
            return self.horizon.start, self.horizon.end
        return max(meeting.window.start, self.horizon.start), min(meeting.window.end, self.horizon.end)
