"""The command ``read``: the busy times of a calendar file or link, and what could not be read."""

import json
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.failure import Failure
from api.cli.option_types import settings_of_environment
from api.cli.parser_language import add_language
from api.cli.tables import add_row, create_console, create_table, print_lines
from api.fetching import FetchError, download
from api.i18n import Wording
from scheduler import UnreadableCalendar
from scheduler.days import instant, zone_exists
from scheduler.ical.isolation.pool import shared_pool
from scheduler.ical.isolation.protocol import ReadRequest
from scheduler.ical.read.content_lines import MAX_BYTES
from scheduler.ical.read.reader import BAD_ROW
from scheduler.ical.read.reading import Reading
from scheduler.ical.read.timeline import busy_timeline, unknown_timeline
from scheduler.intervals import Interval
from scheduler.regular_file import read_limited

DEFAULT_ZONE = "Europe/Stockholm"
DEFAULT_PERIOD = timedelta(days=365)
STANDARD_INPUT = "-"

# A day inside the range of datetime, so that a conversion between time zones cannot leave it.
EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)


def add_options(parser: ArgumentParser, wording: Wording) -> None:
    """Add the arguments and options of the command ``read``."""
    parser.add_argument(
        "calendar",
        metavar=wording.say("FILE|LINK"),
        help=wording.say("a calendar file or its link, or rows of date;start;end; - reads standard input"),
    )
    parser.add_argument(
        "--from",
        dest="start",
        metavar=wording.say("DATE"),
        help=wording.say("the first day or moment, such as 2027-01-01 (default today)"),
    )
    parser.add_argument(
        "--to",
        dest="end",
        metavar=wording.say("DATE"),
        help=wording.say("the day or moment at which the period ends, not included (default a year later)"),
    )
    parser.add_argument(
        "--zone",
        default=DEFAULT_ZONE,
        metavar=wording.say("ZONE"),
        help=wording.say("the time zone of times that name none (default %(default)s)"),
    )
    parser.add_argument(
        "--owner",
        metavar=wording.say("ADDRESS"),
        help=wording.say("the owner's e-mail address; meetings that it declined count as free"),
    )
    parser.add_argument("--json", action="store_true", help=wording.say("print JSON, with times in UTC"))
    add_language(parser, wording)
    parser.set_defaults(run=run)


def run(options: Namespace, wording: Wording) -> int:
    """Read the calendar in a worker process and print its busy times; the status is 2 if it is no calendar."""
    zone = _find_zone(options.zone)
    period = _parse_period(options.start, options.end, zone)
    content = _read_source(options.calendar)
    try:
        reading = shared_pool().read(ReadRequest(content, period, zone, options.owner))
    except UnreadableCalendar as unreadable:
        if options.json:
            nothing = Reading.nothing(period, str(unreadable))
            print(_to_json(nothing, period, wording))
        raise Failure(str(unreadable)) from None
    if options.json:
        print(_to_json(reading, period, wording))
    else:
        _print_reading(reading, period, zone, wording)
    return 0


def _read_source(source: str) -> bytes:
    """Return the content of a file, a link or standard input, or enough of it to be rejected as too large."""
    if source == STANDARD_INPUT:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if "://" in source:
        return _download(source)
    try:
        return read_limited(Path(source), MAX_BYTES)
    except FileNotFoundError:
        raise Failure("There is no file {path}; check its name.", path=source) from None
    except (OSError, ValueError):
        raise Failure("{path} cannot be read; check that it is a file and not damaged.", path=source) from None


def _download(link: str) -> bytes:
    try:
        return download(link, settings_of_environment())
    except FetchError as error:
        raise Failure.from_fault(error.fault) from None


def _find_zone(name: str) -> ZoneInfo:
    if not zone_exists(name):
        raise Failure("There is no time zone {zone}; write a name such as Europe/Stockholm.", zone=name)
    return ZoneInfo(name)


def _parse_period(start: str | None, end: str | None, zone: ZoneInfo) -> Interval:
    today = f"{datetime.now(zone):%Y-%m-%d}"
    first = _parse_moment(start or today, zone)
    default_last = min(first, LATEST - DEFAULT_PERIOD) + DEFAULT_PERIOD
    last = _parse_moment(end, zone) if end else default_last
    if last <= first:
        raise Failure("The period ends before it begins; make --to later than --from.")
    return Interval(first, last)


def _parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """Return the midnight that begins a date, or a time; in ``zone`` unless the text has a UTC offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Failure("{written} is no date; write it as 2027-03-31.", written=text) from None
    try:
        return min(max(instant(moment, zone), EARLIEST), LATEST)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST


def _to_json(reading: Reading, period: Interval, wording: Wording) -> str:
    busy_times: list[dict[str, str]] = []
    for busy in busy_timeline(reading, period):
        busy_times.append({**_json_bounds(busy.interval), "kind": busy.kind})

    unknown_times: list[dict[str, str]] = []
    for unknown in unknown_timeline(reading, period):
        unknown_times.append({**_json_bounds(unknown.interval), "reason": wording.say(unknown.sentence)})

    skipped_events: list[dict[str, str | None]] = []
    for skipped in reading.skipped:
        if skipped.sentence == BAD_ROW:
            continue
        day = skipped.day.isoformat() if skipped.day else None
        skipped_events.append({"reason": wording.say(skipped.sentence), "day": day})
    for row in reading.invalid_rows:
        skipped_events.append({"reason": wording.say(row.sentence, **row.values), "day": None})

    document = {
        "busy": busy_times,
        "unknown": unknown_times,
        "skipped": skipped_events,
        "events": reading.num_events,
    }
    return json.dumps(document, ensure_ascii=False)


def _json_bounds(interval: Interval) -> dict[str, str]:
    return {"start": _utc(interval.start), "end": _utc(interval.end)}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _print_reading(reading: Reading, period: Interval, zone: ZoneInfo, wording: Wording) -> None:
    console = create_console()
    console.print(Text(_headline(reading, wording), style="bold"))
    table = _busy_table(reading, period, zone, wording)
    if table.row_count:
        console.print(table)
    _print_gaps(console, reading, period, zone, wording)


def _busy_table(reading: Reading, period: Interval, zone: ZoneInfo, wording: Wording) -> Table:
    kinds = {
        "busy": wording.say("busy"),
        "busy_tentative": wording.say("tentatively busy"),
        "busy_unavailable": wording.say("away"),
    }
    headings = [wording.say("From"), wording.say("To"), wording.say("Kind")]
    table = create_table(headings)
    for busy in busy_timeline(reading, period):
        start = _format_moment(busy.interval.start, zone, wording)
        end = _format_moment(busy.interval.end, zone, wording)
        add_row(table, [start, end, kinds[busy.kind]])
    return table


def _print_gaps(console: Console, reading: Reading, period: Interval, zone: ZoneInfo, wording: Wording) -> None:
    """Print the times of which nothing is known, and the events that were not read."""
    for unknown in unknown_timeline(reading, period):
        start = _format_moment(unknown.interval.start, zone, wording)
        end = _format_moment(unknown.interval.end, zone, wording)
        bounds = wording.say("Unknown from {start} to {end}:", start=start, end=end)
        reason = wording.say(unknown.sentence)
        print_lines(console, [f"{bounds} {reason}"])
    for row in reading.invalid_rows:
        print_lines(console, [wording.say(row.sentence, **row.values)])
    for skipped in reading.skipped:
        if skipped.sentence == BAD_ROW:
            continue
        reason = wording.say(skipped.sentence)
        day = f" ({wording.plain_day(skipped.day)})" if skipped.day else ""
        print_lines(console, [f"{wording.say('Not read:')} {reason}{day}"])


def _headline(reading: Reading, wording: Wording) -> str:
    num_events = reading.num_events
    events = wording.say_many("{count} event in the calendar", "{count} events in the calendar", num_events)
    if reading.written_at is None:
        return events
    newest = wording.plain_day(reading.written_at.date())
    return f"{events}, {wording.say('the newest written on {day}', day=newest)}"


def _format_moment(moment: datetime, zone: ZoneInfo, wording: Wording) -> str:
    local = moment.astimezone(zone)
    return f"{wording.day(local)} {wording.clock(local)}"
