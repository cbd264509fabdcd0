"""Parse recurrence rules (RFC 5545, section 3.3.10), and estimate how many steps their expansion takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.values import DateValue, InvalidValue, TimeValue, WallTime, parse_time

MAX_DATES = 5000  # RDATEs or EXDATEs of one series
MAX_PER_DAY = 24  # occurrences of a rule, unless it has MAX_DATES steps at most
MAX_STEPS = 200_000  # from the start of a rule to the end of the window: one or two seconds of work
MAX_DAYS_BETWEEN = 4 * 366  # from one occurrence of a valid rule to the next: 29 February

TOO_OFTEN = "An event repeats too often or for too long; give it fewer repetitions."
BAD_RULE = "An event's recurrence rule is invalid; correct it."

_STEPS_PER_DAY = {
    "SECONDLY": 86_400,
    "MINUTELY": 1440,
    "HOURLY": 24,
    "DAILY": 1,
    "WEEKLY": 1,
    "MONTHLY": 1,
    "YEARLY": 1,
}
_SHORTER_THAN_A_DAY = ("SECONDLY", "MINUTELY", "HOURLY")
_CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")
_DAY_PARTS = frozenset({"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS"})
_KNOWN_PARTS = _DAY_PARTS | {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "RSCALE", "SKIP", *_CLOCK_PARTS}
_MAX_DIGITS = 11  # of INTERVAL and COUNT
_MAX_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class RecurrenceRule:
    """A valid rule; ``parts`` maps the names of its known parts to their texts, in the order in which they occur."""

    parts: Mapping[str, str]
    frequency: str
    interval: int
    count: int | None
    until: TimeValue | None

    def has(self, part: str) -> bool:
        return part in self.parts

    @property
    def is_short(self) -> bool:
        """Whether the rule steps by less than a day."""
        return self.frequency in _SHORTER_THAN_A_DAY

    @property
    def never_occurs(self) -> bool:
        """
        Whether the rule asks for days that no year has, such as 30 February.

        The recurrence library would search for them until the year 9999.

        Examples
        --------
        >>> parse_rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").never_occurs, parse_rule("FREQ=YEARLY").never_occurs
        (True, False)
        """
        months = self.parts.get("BYMONTH", "").split(",")
        days = self.parts.get("BYMONTHDAY", "").split(",")
        if not all(month.isdecimal() and 1 <= int(month) <= len(_MAX_DAYS_OF_MONTH) for month in months):
            return False
        if not all(day.lstrip("+-").isdecimal() for day in days):
            return False
        longest = max(_MAX_DAYS_OF_MONTH[int(month) - 1] for month in months)
        return all(abs(int(day)) > longest for day in days)

    def check_size(self, start: date, window_end: date) -> None:
        """
        Raise :class:`UnreadableCalendar` when expanding the rule up to the window's end takes too many steps.

        The recurrence library steps from the start of a rule through every candidate, and BYDAY or BYSETPOS may discard
        nearly all of them. The number of candidates is therefore the measure, not the number of occurrences.
        """
        steps_per_day = _STEPS_PER_DAY[self.frequency] / (self.interval if self.is_short else 1)
        for part in _CLOCK_PARTS:
            steps_per_day *= 1 + self.parts.get(part, "").count(",")

        last_day = window_end
        if self.until is not None and self.until.day is not None:
            last_day = min(self.until.day, window_end)
        num_days = max((last_day - start).days + 1, 1)
        total = num_days * steps_per_day

        # COUNT bounds the steps too, unless a BY part discards candidates of a rule by the hour, minute or second.
        is_filtered = any(part.startswith("BY") for part in self.parts)
        if self.count is not None and not (self.is_short and is_filtered):
            steps_per_occurrence = 1 if self.is_short else MAX_DAYS_BETWEEN * steps_per_day
            total = min(total, self.count * steps_per_occurrence)
        if total > MAX_STEPS or (steps_per_day > MAX_PER_DAY and total > MAX_DATES):
            raise UnreadableCalendar(TOO_OFTEN)


def parse_rule(text: str) -> RecurrenceRule | InvalidValue:
    """Return the rule in an RRULE; an :class:`InvalidValue` unless its parts are known and its numbers are valid."""
    parts = _parse_parts(text)
    if parts is None or parts.get("FREQ") not in _STEPS_PER_DAY:
        return InvalidValue(text)
    interval = _parse_positive(parts.get("INTERVAL", "1"))
    count = _parse_positive(parts.get("COUNT", "1"))
    if interval is None or count is None:
        return InvalidValue(text)
    # RFC 7529: other calendar scales, and the treatment of days that a month lacks.
    if parts.pop("RSCALE", "GREGORIAN") != "GREGORIAN" or parts.pop("SKIP", "OMIT") != "OMIT":
        return InvalidValue(text)
    return RecurrenceRule(
        parts=parts,
        frequency=parts["FREQ"],
        interval=interval,
        count=count if "COUNT" in parts else None,
        until=parse_until(parts["UNTIL"]) if "UNTIL" in parts else None,
    )


def valid_rule(rule: RecurrenceRule | InvalidValue) -> RecurrenceRule:
    """Return a rule that is valid; raise :class:`UnreadableCalendar` for an invalid value."""
    if isinstance(rule, InvalidValue):
        raise UnreadableCalendar(BAD_RULE)
    return rule


def _parse_parts(text: str) -> dict[str, str] | None:
    """Return the known parts of a rule; None when a part is repeated or unknown. Extensions (X-…) are dropped."""
    parts: dict[str, str] = {}
    for part in text.upper().replace(" ", "").split(";"):
        name, _, value = part.partition("=")
        if not part or (name.startswith("X-") and name not in parts):
            continue
        if name in parts or name not in _KNOWN_PARTS:
            return None
        parts[name] = value
    return parts


def _parse_positive(text: str) -> int | None:
    if not text.isdecimal() or len(text) > _MAX_DIGITS:
        return None
    return int(text) or None


def parse_until(text: str) -> TimeValue:
    """
    Return UNTIL; a time without Z is wall time in the zone in which the series starts.

    RFC 5545, section 3.3.10, requires a date or UTC. Some writers give local time, and some leave out the seconds.
    """
    value = parse_time(text)
    if text.endswith("Z") or isinstance(value, DateValue):
        return value
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return value
    return WallTime(moment.replace(tzinfo=None), None) if "T" in text else value
