"""Messages between a process that needs a calendar read and the worker that reads it."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.csv_rows import InvalidRow
from scheduler.ical.read.reading import BusyTime, Reading, Reply, Skipped, UnknownTime
from scheduler.intervals import Interval
from scheduler.isolation.framing import decode_message, encode_message, read_message

READY = b"!"  # sent by the fork server once its modules are loaded

ReadOutcome = Reading | UnreadableCalendar


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """
    The resources of one worker.

    Attributes
    ----------
    cpu_seconds, wall_seconds
        After either time the worker returns what it has read. It is killed when it does not.
    memory_mib
        Beyond the memory that the worker inherits from the fork server.
    """

    cpu_seconds: float = 4.0
    wall_seconds: float = 8.0
    memory_mib: int = 128

    def __post_init__(self) -> None:
        if min(self.cpu_seconds, self.wall_seconds, self.memory_mib) <= 0:
            raise ValueError("the limits of a worker must be greater than 0")


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """
    A calendar to read, with the arguments of :func:`scheduler.ical.read.reader.read_calendar`.

    ``num_people`` is the number of people whom each of its busy times binds. No worker needs it.
    """

    raw: bytes
    window: Interval
    zone: ZoneInfo
    owner: str | None = None
    num_people: int = 1


def encode_request(request: ReadRequest, limits: WorkerLimits) -> bytes:
    """Return a request as a message."""
    head = {
        "window": [request.window.start.isoformat(), request.window.end.isoformat()],
        "zone": request.zone.key,
        "owner": request.owner,
        "limits": asdict(limits),
    }
    return encode_message(head, request.raw)


def read_request(read: Callable[[int], bytes]) -> tuple[ReadRequest, WorkerLimits]:
    """
    Return the request that arrives on a stream; see :func:`scheduler.isolation.framing.read_message`.

    Raises
    ------
    EOFError
        When the stream ends before the request is complete.
    """
    message = read_message(read)
    if message is None:
        raise EOFError("the stream ended before the request was complete")
    head = json.loads(message.head)
    start, end = map(datetime.fromisoformat, head["window"])
    request = ReadRequest(message.body, Interval(start, end), ZoneInfo(head["zone"]), head["owner"])
    limits = WorkerLimits(**head["limits"])
    return request, limits


def encode_outcome(outcome: ReadOutcome) -> bytes:
    """
    Return an outcome as a message. Nothing else leaves a worker.

    The only text of a calendar in it is the beginning of each row that cannot be read, so that it can be corrected,
    and the address of the sender of a reply.
    """
    if isinstance(outcome, UnreadableCalendar):
        return encode_message({"refused": str(outcome)})
    written_at = outcome.written_at
    head = {
        "busy": [(busy.start.isoformat(), busy.end.isoformat(), busy.kind, busy.uid) for busy in outcome.busy],
        "unknown": [(time.start.isoformat(), time.end.isoformat(), sentence) for time, sentence in outcome.unknown],
        "num_events": outcome.num_events,
        "skipped": [(sentence, day and day.isoformat()) for sentence, day in outcome.skipped],
        "written_at": written_at and written_at.isoformat(),
        "invalid_rows": [_encode_row(row) for row in outcome.invalid_rows],
        "replies": [_encode_reply(reply) for reply in outcome.replies],
        "is_message": outcome.is_message,
    }
    return encode_message(head)


def decode_outcome(octets: bytes) -> ReadOutcome | None:
    """Return the outcome in a message; None when the message is not complete."""
    message = decode_message(octets)
    if message is None:
        return None
    head = json.loads(message.head)
    if "refused" in head:
        return UnreadableCalendar(head["refused"])
    written_at = head["written_at"]
    return Reading(
        busy=tuple(map(_decode_busy, head["busy"])),
        unknown=tuple(map(_decode_unknown, head["unknown"])),
        num_events=head["num_events"],
        skipped=tuple(map(_decode_skipped, head["skipped"])),
        written_at=datetime.fromisoformat(written_at) if written_at else None,
        invalid_rows=tuple(map(_decode_row, head["invalid_rows"])),
        replies=tuple(map(_decode_reply, head["replies"])),
        is_message=head["is_message"],
    )


def _encode_row(row: InvalidRow) -> Any:
    days = [day.isoformat() for day in row.days]
    return row.sentence, row.values, days


def _decode_row(fields: Any) -> InvalidRow:
    sentence, values, days = fields
    return InvalidRow(sentence, values, tuple(map(date.fromisoformat, days)))


def _encode_reply(reply: Reply) -> Any:
    time = [reply.time.start.isoformat(), reply.time.end.isoformat()] if reply.time else None
    return reply.uid, reply.attendee, reply.answer, time, reply.at and reply.at.isoformat()


def _decode_reply(fields: Any) -> Reply:
    uid, attendee, answer, time, at = fields
    interval = Interval(*map(datetime.fromisoformat, time)) if time else None
    return Reply(uid, attendee, answer, interval, datetime.fromisoformat(at) if at else None)


def _decode_busy(fields: Any) -> BusyTime:
    start, end, kind, uid = fields
    return BusyTime(datetime.fromisoformat(start), datetime.fromisoformat(end), kind, uid)


def _decode_unknown(fields: Any) -> UnknownTime:
    start, end, sentence = fields
    interval = Interval(datetime.fromisoformat(start), datetime.fromisoformat(end))
    return UnknownTime(interval, sentence)


def _decode_skipped(fields: Any) -> Skipped:
    sentence, day = fields
    return Skipped(sentence, date.fromisoformat(day) if day else None)
