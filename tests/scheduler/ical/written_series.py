"""Calendars of every notation that programs use for a series, each with the definition that it means."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.scheduler.ical.plain_series import ONE_DAY, Move, Rule, SeriesDefinition, is_named
from tests.scheduler.ical.samples import a_zone

WINDOW = (datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC))
READERS = ["Europe/Stockholm", "Europe/London", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "UTC"]
DEFINED_ZONES = {
    "GMT": ("Europe/London", a_zone("GMT", "+0000", "+0100", rules="EU")),
    "EST": ("America/New_York", a_zone("EST", "-0500", "-0400", rules="US")),
    "Own zone": ("Europe/Stockholm", a_zone("Own zone", "+0100", "+0200", rules="EU")),
}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
UNREADABLE_ENDS = [
    ("DTEND:None", ONE_DAY),
    ("DTEND;VALUE=DATE:", ONE_DAY),
    ("DURATION:one hour", ONE_DAY),
    ("DURATION:-PT1H", ONE_DAY),
    ("DURATION:P999999999W", timedelta(days=31)),
]
CANCELLED = [["STATUS:CANCELLED"], ["STATUS:CANCELED"]]
BUSY = [[], [], ["STATUS:CONFIRMED", "STATUS:CANCELLED"], ["STATUS:CANCELLED", "STATUS:CONFIRMED"]]
NO_LENGTHS = [("", timedelta(hours=6)), ("DURATION:P", timedelta(hours=6)), ("DURATION:PT0S", timedelta(hours=6))]
CLOCKS = [time(9), time(13, 30), time(18), time(22, 30), time(0), time(2, 30)]


@dataclass(frozen=True)
class Written:
    """A calendar, the zone of its reader, and the definitions of what it contains."""

    text: str
    reader: ZoneInfo
    definitions: tuple[SeriesDefinition, ...]


@dataclass(frozen=True)
class Notation:
    """The zone in which a series is written; of whole days the zone of the reader, whose days they are."""

    tzid: str | None  # None is floating time
    zone: ZoneInfo
    is_whole_day: bool
    clock: time

    def start(self, name: str, day: date, clock: time | None = None) -> str:
        if self.is_whole_day:
            return f"{name};VALUE=DATE:{day:%Y%m%d}"
        return f"{name}{self._wall(day, self.clock if clock is None else clock)}"

    def _wall(self, day: date, clock: time) -> str:
        if self.tzid == "UTC":
            return f":{day:%Y%m%d}T{clock:%H%M%S}Z"
        return f"{'' if self.tzid is None else f';TZID={self.tzid}'}:{day:%Y%m%d}T{clock:%H%M%S}"

    def names_of(self, day: date) -> list[str]:
        """Return the forms in which programs name the occurrence of a day."""
        if self.is_whole_day:
            return [
                f";VALUE=DATE:{day:%Y%m%d}",
                f":{day:%Y%m%d}Z",
                f":{in_utc(day, time(), self.zone)}",
                f":{day:%Y%m%d}T000000Z",
                f":{day:%Y%m%d}T000000",
                f";TZID={self.zone.key}:{day:%Y%m%d}T000000",
            ]
        names = [self._wall(day, self.clock), f":{in_utc(day, self.clock, self.zone)}"]
        kolkata = datetime.combine(day, self.clock, self.zone).astimezone(UTC).astimezone(ZoneInfo("Asia/Kolkata"))
        names.append(f";TZID=Asia/Kolkata:{kolkata:%Y%m%dT%H%M%S}")
        # For a series in UTC it would not be known in which zone the day is meant.
        return names if self.tzid == "UTC" else [*names, f";VALUE=DATE:{day:%Y%m%d}"]

    def limits(self, day: date) -> list[str]:
        """Return the forms of UNTIL that include the occurrence of a day as the last."""
        if self.is_whole_day:
            local_midnight = in_utc(day, time(), self.zone)
            return [
                f"{day:%Y%m%d}",
                local_midnight,
                f"{day:%Y%m%d}T000000Z",
                f"{day:%Y%m%d}T235959Z",
                f"{day:%Y%m%d}T000000",
            ]
        limits = [in_utc(day, self.clock, self.zone), in_utc(day, time(23, 59, 59), self.zone)]
        limits.append(f"{day:%Y%m%d}T{self.clock:%H%M%S}")
        return limits if self.tzid == "UTC" else [*limits, f"{day:%Y%m%d}"]


def in_utc(day: date, clock: time, zone: ZoneInfo) -> str:
    return f"{datetime.combine(day, clock, zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"


@st.composite
def rules(draw: st.DrawFn, first: date) -> Rule:
    """Return a rule that names the day of the start."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    rule = Rule(frequency, draw(st.integers(1, 3)))
    if frequency in ("DAILY", "WEEKLY") and draw(st.booleans()):
        weekdays = frozenset({first.weekday(), *draw(st.sets(st.integers(0, 6), max_size=3))})
        rule = replace(rule, weekdays=weekdays, week_start=draw(st.sampled_from([0, 6])))
    if frequency in ("MONTHLY", "YEARLY"):
        is_last = (first + ONE_DAY).month != first.month
        is_last_week = (first + 7 * ONE_DAY).month != first.month
        choices = [rule, replace(rule, month_day=first.day), replace(rule, nth_weekday=(first.day - 1) // 7 + 1)]
        choices += [replace(rule, month_day=-1)] if is_last else []
        choices += [replace(rule, nth_weekday=-1)] if is_last_week else []
        rule = draw(st.sampled_from(choices))
    ending = draw(st.sampled_from(["never", "count", "until", "until", "until"]))
    if ending == "count":
        return replace(rule, count=draw(st.integers(1, 400)))
    last_day = draw(st.dates(max(first, date(2027, 2, 1)), date(2027, 5, 28)))
    # The occurrence of the last day is the one that a wrong limit loses.
    while last_day > first and not is_named(last_day, first, rule):
        last_day -= ONE_DAY
    return replace(rule, last_day=last_day) if ending == "until" else rule


def rule_text(rule: Rule, first: date, limit: str | None) -> str:
    parts = [f"FREQ={rule.frequency}", f"INTERVAL={rule.interval}"]
    if rule.week_start:
        parts.append(f"WKST={WEEKDAYS[rule.week_start]}")
    if rule.weekdays is not None:
        parts.append("BYDAY=" + ",".join(WEEKDAYS[number] for number in sorted(rule.weekdays)))
    if rule.nth_weekday is not None:
        parts.append(f"BYDAY={rule.nth_weekday}{WEEKDAYS[first.weekday()]}")
    if rule.month_day is not None:
        parts.append(f"BYMONTHDAY={rule.month_day}")
    if rule.frequency == "YEARLY" and (rule.nth_weekday or rule.month_day):
        parts.append(f"BYMONTH={first.month}")
    parts += [f"COUNT={rule.count}"] if rule.count is not None else []
    parts += [f"UNTIL={limit}"] if limit is not None else []
    return "RRULE:" + ";".join(parts)


@st.composite
def notations(draw: st.DrawFn, reader: ZoneInfo, calendar_zone: ZoneInfo) -> Notation:
    clock = draw(st.sampled_from(CLOCKS))
    choices = [
        *(Notation(name, ZoneInfo(zone), False, clock) for name, (zone, _) in DEFINED_ZONES.items()),
        *(Notation(name, ZoneInfo(name), False, clock) for name in READERS),
        Notation(None, calendar_zone, False, clock),
    ]
    return draw(st.sampled_from([*choices, *[Notation(None, reader, True, time())] * 6]))


@st.composite
def lengths(draw: st.DrawFn, notation: Notation, day: date) -> tuple[timedelta, str]:
    """Return a length and a line that states it for an event on a day."""
    if notation.is_whole_day:
        days = draw(st.sampled_from([1, 1, 2, 7]))
        lines = [f"DTEND;VALUE=DATE:{day + days * ONE_DAY:%Y%m%d}", f"DURATION:P{days}D"]
        lines += ["DURATION:PT1W"] if days == 7 else ["DURATION:P1W" if days == 7 else f"DURATION:P{days}D"]
        return days * ONE_DAY, draw(st.sampled_from(lines))
    length = timedelta(minutes=draw(st.sampled_from([30, 60, 150, 600])))
    end = datetime.combine(day, notation.clock, notation.zone).astimezone(UTC) + length
    local = end.astimezone(notation.zone)
    lines = [f"DURATION:PT{int(length.total_seconds()) // 60}M", f"DTEND:{end:%Y%m%dT%H%M%SZ}"]
    lines += [] if local.fold else [notation.start("DTEND", local.date(), local.time())]
    return length, draw(st.sampled_from(lines))


@dataclass(frozen=True)
class WrittenEvent:
    """The lines of the components of a UID, the first of them the series, and their definitions."""

    components: list[list[str]]
    definitions: list[SeriesDefinition]


@st.composite
def series(draw: st.DrawFn, notation: Notation) -> WrittenEvent:
    """Return a series with exceptions, added dates and overrides, each written in a form of its own."""
    first = draw(st.dates(date(2025, 1, 1), date(2027, 5, 20)))
    rule = draw(st.none() | rules(first) | rules(first))
    length, end = draw(lengths(notation, first))
    days = draw(st.sets(st.dates(date(2027, 2, 1), date(2027, 5, 30)) | st.just(first), max_size=6))
    uses = {day: draw(st.sampled_from(["excluded", "added", "moved", "cancelled"])) for day in sorted(days)}
    definition = SeriesDefinition(
        first_day=first,
        clock=None if notation.is_whole_day else notation.clock,
        length=length,
        zone=notation.zone,
        has_wall_end=not notation.is_whole_day and end.startswith("DTEND") and not end.endswith("Z"),
        rule=rule,
        excluded=frozenset(day for day, use in uses.items() if use == "excluded"),
        added=frozenset(day for day, use in uses.items() if use == "added"),
    )
    lines = [notation.start("DTSTART", first), end]
    if rule is not None:
        limit = None if rule.last_day is None else draw(st.sampled_from(notation.limits(rule.last_day)))
        lines.append(rule_text(rule, first, limit))
    for day, use in uses.items():
        if use in ("excluded", "added"):
            name = "EXDATE" if use == "excluded" else "RDATE"
            lines.append(name + draw(st.sampled_from(notation.names_of(day))))
    components = [lines + draw(st.sampled_from(BUSY))]
    moves = {}
    for day, use in uses.items():
        if use in ("moved", "cancelled"):
            to = draw(st.dates(date(2027, 2, 1), date(2027, 5, 30)))
            clock = time() if notation.is_whole_day else draw(st.sampled_from(CLOCKS))
            moves[day] = Move(None) if use == "cancelled" else Move(to, clock)
            stated = f"DURATION:P{length.days}D" if notation.is_whole_day else f"DURATION:PT{length.seconds // 60}M"
            override = [
                "RECURRENCE-ID" + draw(st.sampled_from(notation.names_of(day))),
                notation.start("DTSTART", to, clock),
                stated,
            ]
            components.append([*override, *draw(st.sampled_from(CANCELLED if use == "cancelled" else BUSY))])
    return WrittenEvent(components, [replace(definition, moves=moves)])


@st.composite
def doubtful_events(draw: st.DrawFn, notation: Notation) -> WrittenEvent:
    """Return an event of which a part cannot be read, and the time that this leaves in doubt."""
    first = draw(st.dates(date(2026, 12, 1), date(2027, 5, 20)))
    clock = None if notation.is_whole_day else notation.clock
    length, end = draw(lengths(notation, first))
    has_wall_end = clock is not None and end.startswith("DTEND") and not end.endswith("Z")
    plain = SeriesDefinition(first, clock, length, notation.zone, has_wall_end=has_wall_end)
    start = notation.start("DTSTART", first)
    weekly = Rule("WEEKLY", 1, last_day=draw(st.none() | st.dates(max(first, date(2027, 2, 1)), date(2027, 5, 28))))
    limit = None if weekly.last_day is None else notation.limits(weekly.last_day)[0]
    kinds = ["end", "rule", "no length"] if clock is not None else ["end", "rule"]
    # The day of a date in UTC would be ambiguous, and the date of a whole day needs no clock time.
    kinds += [] if clock is None or notation.tzid == "UTC" else ["exception", "addition"]
    kind = draw(st.sampled_from(kinds))
    if kind == "rule":
        text = rule_text(weekly, first, limit) + draw(st.sampled_from([";COUNT=0", ";BYEASTER=1", ";INTERVAL=2"]))
        return WrittenEvent([[start, end, text]], [replace(plain, rule=weekly, has_doubtful_rule=True)])
    if kind in ("end", "no length"):
        text, longest = draw(st.sampled_from(UNREADABLE_ENDS if kind == "end" else NO_LENGTHS))
        is_repeated = draw(st.booleans())
        definition = replace(plain, length=None, longest=longest, rule=weekly if is_repeated else None)
        rule_lines = [rule_text(weekly, first, limit)] if is_repeated else []
        return WrittenEvent([[start, *([text] if text else []), *rule_lines]], [definition])
    day = draw(st.dates(max(first, date(2027, 2, 1)), date(2027, 5, 28)))
    name = "EXDATE" if kind == "exception" else "RDATE"
    text = f"{name}:{day:%Y%m%d}T" + draw(st.sampled_from(["", "25", "noon", "999999"]))
    definition = replace(plain, rule=weekly)
    if kind == "exception":
        definition = replace(definition, doubtful_exceptions=frozenset({day}))
    else:
        definition = replace(definition, doubtful_additions=frozenset({day}))
    return WrittenEvent([[start, end, rule_text(weekly, first, limit), text]], [definition])


@st.composite
def calendars(draw: st.DrawFn) -> Written:
    """Return a calendar with an event of one of the kinds, and another event of the same UID."""
    reader = ZoneInfo(draw(st.sampled_from(READERS)))
    zone_name = draw(st.none() | st.sampled_from(READERS))
    notation = draw(notations(reader, ZoneInfo(zone_name) if zone_name else reader))
    event = draw(st.one_of(series(notation), series(notation), doubtful_events(notation)))
    definitions = list(event.definitions)
    components = list(event.components)
    stamps = ["20260101T000000Z"] * len(components)
    if draw(st.booleans()):
        # Another event of the same UID, newer and at a time of its own: busy, or cancelled. On the day that an override
        # names, it would not be known which of the two is replaced.
        day = draw(st.dates(date(2027, 2, 1), date(2027, 5, 30)).filter(lambda day: day not in definitions[0].moves))
        is_cancelled = draw(st.booleans())
        components.append([f"DTSTART:{day:%Y%m%d}T051700Z", "DURATION:PT1H"])
        components[-1] += draw(st.sampled_from(CANCELLED if is_cancelled else BUSY))
        stamps.append("20260102T000000Z")
        hour = SeriesDefinition(day, time(5, 17), timedelta(hours=1), ZoneInfo("UTC"))
        definitions += [] if is_cancelled else [hour]
    texts = [
        "\n".join(["BEGIN:VEVENT", "UID:1", f"DTSTAMP:{stamp}", *lines, "END:VEVENT"])
        for lines, stamp in zip(components, stamps, strict=True)
    ]
    head = [f"X-WR-TIMEZONE:{zone_name}"] if zone_name else []
    head += [DEFINED_ZONES[notation.tzid][1]] if notation.tzid in DEFINED_ZONES else []
    groups = [[text] for text in texts] if draw(st.booleans()) else [texts]
    calendars = ["\n".join(["BEGIN:VCALENDAR", *head, *group, "END:VCALENDAR"]) for group in groups]
    return Written("\n".join(calendars) + "\n", reader, tuple(definitions))
