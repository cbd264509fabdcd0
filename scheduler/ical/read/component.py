"""Components and properties of a calendar, with typed values (RFC 5545, sections 3.1 and 3.6)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scheduler.ical.read.rrule import RecurrenceRule
from scheduler.ical.read.values import (
    DurationValue,
    InvalidValue,
    PeriodValue,
    TimeValue,
    parse_free_busy,
    parse_list,
)

MAX_UID = 255  # octets (RFC 7986, section 5.3); a longer UID is replaced by its digest
WHOLE_DAY_MARKS = frozenset({"X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY"})
SINGLE_TIMES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID"})

PropertyValue = TimeValue | DurationValue | RecurrenceRule


@dataclass(frozen=True, slots=True)
class ContentLine:
    """
    A property: its name and parameter names in capitals, its text as written, and its typed value.

    ``value`` is None for text, for lists (see :meth:`items`) and for properties of time zones.
    """

    name: str
    parameters: Mapping[str, str]
    text: str
    value: PropertyValue | None = None

    @property
    def tzid(self) -> str | None:
        return self.parameters.get("TZID")

    @property
    def has_dates(self) -> bool:
        """Whether VALUE=DATE states that the values are dates."""
        return self.parameters.get("VALUE", "").upper() == "DATE"

    @property
    def time(self) -> TimeValue:
        """The value of DTSTART, DTEND or RECURRENCE-ID."""
        assert self.value is not None
        assert not isinstance(self.value, DurationValue | RecurrenceRule)
        return self.value

    @property
    def duration(self) -> DurationValue | InvalidValue:
        assert isinstance(self.value, DurationValue | InvalidValue)
        return self.value

    @property
    def rule(self) -> RecurrenceRule | InvalidValue:
        assert isinstance(self.value, RecurrenceRule | InvalidValue)
        return self.value

    @property
    def changes_all_following(self) -> bool:
        """Whether a RECURRENCE-ID changes all following occurrences too (RFC 5545, section 3.2.13)."""
        return self.parameters.get("RANGE", "").upper() == "THISANDFUTURE"

    @property
    def num_items(self) -> int:
        return 1 + self.text.count(",")

    def items(self) -> Iterator[TimeValue | PeriodValue]:
        """
        Yield the values of RDATE, EXDATE and FREEBUSY, as they are needed.

        A hostile line has a million items, so the consumer checks ``num_items`` before it parses any of them.
        """
        if self.name == "FREEBUSY":
            return parse_free_busy(self.text, self.tzid)
        return parse_list(self.text, self.tzid, is_date=self.has_dates)

    @property
    def first_time(self) -> TimeValue:
        """The value of DTSTART, DTEND or RECURRENCE-ID; of RDATE, the first value or the start of the first period."""
        if self.name in SINGLE_TIMES:
            return self.time
        first = next(self.items(), InvalidValue(""))
        return first.start if isinstance(first, PeriodValue) else first


@dataclass(slots=True)
class Component:
    """A component with the properties that were kept, and the components inside it."""

    name: str
    lines: list[ContentLine] = field(default_factory=list)
    components: list["Component"] = field(default_factory=list)

    def lines_named(self, name: str) -> Iterator[ContentLine]:
        return (line for line in self.lines if line.name == name)

    def has(self, *names: str) -> bool:
        return any(line.name in names for line in self.lines)

    def keyword(self, name: str) -> str:
        """Return the last value of a property that is a keyword, in capitals; empty when there is none."""
        return next((line.text.upper() for line in reversed(self.lines) if line.name == name), "")

    def keywords(self, name: str) -> set[str]:
        """Return all values of a property that is a keyword, in capitals; an empty one when there is none."""
        return {line.text.upper() for line in self.lines_named(name)} or {""}

    @property
    def is_marked_as_whole_days(self) -> bool:
        """Whether the writer says, besides the form of its times, that an event is of whole days."""
        has_mark = any(line.name in WHOLE_DAY_MARKS and line.text.upper() in ("TRUE", "1") for line in self.lines)
        return has_mark or any(line.has_dates for line in self.lines_named("DTSTART"))

    @property
    def uid(self) -> str:
        uid = next((line.text for line in self.lines_named("UID")), "")
        return uid if len(uid.encode()) <= MAX_UID else hashlib.sha256(uid.encode()).hexdigest()

    def components_named(self, name: str) -> Iterator["Component"]:
        return (component for component in self.components if component.name == name)
