"""Check recurrence rules against limits, and rewrite series in the form that the library expands correctly."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.event import ENDS_FIRST, end_line, start_line
from scheduler.ical.read.redact import Component, ContentLine
from scheduler.ical.read.values import duration, figures, near, placed, zone_of
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

MAX_DATES = 5000  # RDATEs or EXDATEs of one series
MAX_A_DAY = 24  # occurrences of one rule, unless they are soon over
MAX_STEPS = 200_000  # from a rule's start to the end of the window; a second or two of work

RAREST = 4 * 366  # days from one occurrence of a sound rule to the next: 29 February

TOO_OFTEN = "An event repeats too often or for too long; give it fewer repetitions."
BAD_RULE = "An event's recurrence rule is invalid; correct it."

_STEPS_A_DAY = {"SECONDLY": 86_400, "MINUTELY": 1440, "HOURLY": 24, "DAILY": 1, "WEEKLY": 1, "MONTHLY": 1, "YEARLY": 1}
_OF_THE_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
_OF_DAYS = frozenset({"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS"})
_UNDERSTOOD = _OF_DAYS | {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "RSCALE", "SKIP", *_OF_THE_CLOCK}
DAYS_AT_MOST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # of each month
_FOLLOWING = ";RANGE=THISANDFUTURE"


class Writer:
    """Writes the components of one series anew: times without doubt, rules without traps, nothing else."""

    def __init__(self, zones: Zones, window: Interval) -> None:
        self._zones = zones
        self._window = near(window)
        self._num_dates = 0

    def calendar(self, events: list[Component]) -> bytes:
        names_days = len(start_line(events[0]).value) == len("YYYYMMDD")
        body = [line for number, event in enumerate(events) for line in self._event(number, event, names_days)]
        zoned = [line.parameters["TZID"] for event in events for line in event.lines if "TZID" in line.parameters]
        definitions = sorted({zone.definition for tzid in zoned if (zone := self._zones.find(tzid))})
        whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *filter(None, definitions), *body, "END:VCALENDAR", ""]
        return "\r\n".join(whole).encode()

    def _event(self, number: int, component: Component, names_days: bool) -> Iterator[str]:
        yield from ("BEGIN:VEVENT", "UID:x", f"X-NUMBER:{number}")
        start = start_line(component)
        written = placed(start, start.value, self._zones)
        yield f"DTSTART{written}"
        yield from self._end(component, start, written)
        for line in component.every("RECURRENCE-ID"):
            yield f"RECURRENCE-ID{_FOLLOWING if is_followed(line) else ''}{self._like(line, line.value, names_days)}"
        for line in component.every("RRULE"):
            rule = self._rule(line.value, start, written)
            if not names_no_day(rule_parts(line.value)):
                yield f"RRULE:{rule}"
        for name in ("RDATE", "EXDATE"):
            for line in component.every(name):
                yield from (f"{name}{text}" for text in self._dates(line, names_days and name == "EXDATE"))
        yield "END:VEVENT"

    def _end(self, component: Component, start: ContentLine, written: str) -> Iterator[str]:
        line = end_line(component, start, self._zones)
        if line is not None:
            end = placed(line, line.value, self._zones)
            if not (end == written and end.startswith(";VALUE=DATE")):  # a day that ends as it starts is one day
                yield f"DTEND{end}"
            return  # careless writers give a duration too; readers then go by the end
        for line in component.every("DURATION"):
            if line.value.startswith("-"):
                raise UnreadableCalendar(ENDS_FIRST)
            duration(line.value)
            yield f"DURATION:{line.value.strip().upper()}"

    def _like(self, line: ContentLine, value: str, names_days: bool) -> str:
        """Return a moment that names an occurrence: a date when the series is of whole days."""
        return placed(line, value.strip()[:8] if names_days else value, self._zones)

    def _dates(self, line: ContentLine, names_days: bool) -> Iterator[str]:
        values = line.value.split(",")
        self._num_dates += len(values)
        if self._num_dates > MAX_DATES:
            raise UnreadableCalendar(TOO_OFTEN)
        for value in filter(None, values):
            start, slash, end = value.partition("/")
            text = self._like(line, start, names_days)
            if slash:
                closing = end if end.startswith("P") else placed(line, end, self._zones).rpartition(":")[2]
                text = f";VALUE=PERIOD{text}/{closing}"
            yield text

    def _rule(self, rule: str, start: ContentLine, written: str) -> str:
        parts = rule_parts(rule)
        self._refuse_bombs(parts, written)
        if "UNTIL" in parts:
            parts["UNTIL"] = self._until(parts["UNTIL"], start, written)
        return ";".join(f"{key}={value}" for key, value in parts.items() if key not in ("RSCALE", "SKIP"))

    def _refuse_bombs(self, parts: dict[str, str], written: str) -> None:
        steps = _STEPS_A_DAY[parts["FREQ"]] / max(int(parts.get("INTERVAL", "1")) if _is_short(parts) else 1, 1)
        for key in _OF_THE_CLOCK:
            steps *= 1 + parts.get(key, "").count(",")
        last_day = min(parts.get("UNTIL", "99991231")[:8], figures(self._window.end))
        total = max((_day(last_day) - _day(written.rpartition(":")[2])).days + 1, 1) * steps
        if "COUNT" in parts and not (_is_short(parts) and any(key.startswith("BY") for key in parts)):
            total = min(total, int(parts["COUNT"]) * (1 if _is_short(parts) else RAREST * steps))
        if total > MAX_STEPS or (steps > MAX_A_DAY and total > MAX_DATES):
            raise UnreadableCalendar(TOO_OFTEN)

    def _until(self, until: str, start: ContentLine, written: str) -> str:
        """Return UNTIL as the library wants it; one without Z is wall time where the series starts."""
        if written.startswith(";VALUE=DATE"):
            return until[:8]
        if until.endswith("Z"):
            return until
        # a date is not allowed here (RFC 5545, section 3.3.10); parsers agree to read the midnight that begins it
        last = datetime.fromisoformat(until if "T" in until else f"{until}T000000")
        rules = UTC if written.endswith("Z") else zone_of(start, self._zones).rules
        last = last.replace(tzinfo=rules).astimezone(UTC)
        return f"{figures(last)}T{last:%H%M%SZ}"


def is_followed(line: ContentLine) -> bool:
    """Tell whether what a RECURRENCE-ID changes is changed from there on."""
    return line.parameters.get("RANGE", "").upper() == "THISANDFUTURE"


def rule_parts(rule: str) -> dict[str, str]:
    """Return what an RRULE says; raise :class:`UnreadableCalendar` unless its parts are known and its numbers sound."""
    parts = {}
    for part in filter(None, rule.upper().replace(" ", "").split(";")):
        key, _, value = part.partition("=")
        if key in parts or (key not in _UNDERSTOOD and not key.startswith("X-")):
            raise UnreadableCalendar(BAD_RULE)
        if key in _UNDERSTOOD:
            parts[key] = value
    numbers = [parts.get("INTERVAL", "1"), parts.get("COUNT", "1")]
    if parts.get("FREQ") not in _STEPS_A_DAY or not all(number.isdecimal() and len(number) < 12 for number in numbers):
        raise UnreadableCalendar(BAD_RULE)
    if "0" in (numbers[0].lstrip("0") or "0", numbers[1].lstrip("0") or "0"):
        raise UnreadableCalendar(BAD_RULE)
    if parts.get("RSCALE", "GREGORIAN") != "GREGORIAN" or parts.get("SKIP", "OMIT") != "OMIT":
        raise UnreadableCalendar(BAD_RULE)
    return parts


def names_no_day(parts: dict[str, str]) -> bool:
    """
    Tell whether a rule asks for days that no year has, as 30 February: it adds nothing, and is long looked for.

    Examples
    --------
    >>> names_no_day(rule_parts("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")), names_no_day(rule_parts("FREQ=YEARLY"))
    (True, False)
    """
    months, days = (parts.get(key, "").split(",") for key in ("BYMONTH", "BYMONTHDAY"))
    if not all(month.isdecimal() and 1 <= int(month) <= len(DAYS_AT_MOST) for month in months):
        return False
    if not all(day.lstrip("+-").isdecimal() for day in days):
        return False
    return all(abs(int(day)) > DAYS_AT_MOST[int(month) - 1] for month in months for day in days)


def _is_short(parts: dict[str, str]) -> bool:
    return parts["FREQ"] in ("SECONDLY", "MINUTELY", "HOURLY")


def _day(written: str) -> date:
    return date.fromisoformat(written[:8])
