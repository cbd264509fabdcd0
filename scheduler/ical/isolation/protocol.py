"""What passes between a process that wants a calendar read and the child that reads it lives here."""

import json
import struct
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.reader import BusyTime, Reading, Skipped, UnknownTime
from scheduler.intervals import Interval

READY = b"!"  # what a warm process says when it is
LENGTHS = struct.Struct(">II")  # of the head and of the calendar
LENGTH = struct.Struct(">I")  # of the answer


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may take before it is stopped; processor seconds beyond these end it without a word."""

    cpu_seconds: float = 4.0
    wall_seconds: float = 8.0
    memory_mib: int = 128  # beyond what a child has when it is born

    def __post_init__(self) -> None:
        if min(self.cpu_seconds, self.wall_seconds, self.memory_mib) <= 0:
            raise ValueError("a child needs some time and some memory")


@dataclass(frozen=True, slots=True)
class Question:
    """One calendar, and what is asked of it: see :func:`scheduler.ical.read.reader.read_calendar`."""

    raw: bytes
    window: Interval
    zone: ZoneInfo
    owner: str | None = None


def question_message(question: Question, limits: Limits) -> bytes:
    """Return the question as it is sent."""
    head = {
        "window": [question.window.start.isoformat(), question.window.end.isoformat()],
        "zone": question.zone.key,
        "owner": question.owner,
        "limits": asdict(limits),
    }
    written = json.dumps(head).encode()
    return LENGTHS.pack(len(written), len(question.raw)) + written + question.raw


def asked(receive: Callable[[int], bytes]) -> tuple[Question, Limits]:
    """Return the question that arrives through ``receive``, which gives as many bytes as it is asked for."""
    head_length, length = LENGTHS.unpack(receive(LENGTHS.size))
    head = json.loads(receive(head_length))
    window = Interval(*map(datetime.fromisoformat, head["window"]))
    return Question(receive(length), window, ZoneInfo(head["zone"]), head["owner"]), Limits(**head["limits"])


def answer_message(reading: Reading | UnreadableCalendar) -> bytes:
    """Return the answer as it is sent; nothing else leaves the child."""
    written = json.dumps({"refused": str(reading)} if isinstance(reading, UnreadableCalendar) else _told(reading))
    return LENGTH.pack(len(written)) + written.encode()  # ASCII, as json writes


def answered(message: bytes) -> Reading | UnreadableCalendar | None:
    """Return the answer; None when it is not whole."""
    if len(message) < LENGTH.size or LENGTH.unpack(message[: LENGTH.size])[0] != len(message) - LENGTH.size:
        return None
    told = json.loads(message[LENGTH.size :])
    if "refused" in told:
        return UnreadableCalendar(told["refused"])
    moment = datetime.fromisoformat
    return Reading(
        busy=tuple(BusyTime(moment(start), moment(end), kind, uid) for start, end, kind, uid in told["busy"]),
        unknown=tuple(UnknownTime(Interval(moment(start), moment(end)), why) for start, end, why in told["unknown"]),
        num_events=told["num_events"],
        skipped=tuple(Skipped(why, date.fromisoformat(day) if day else None) for why, day in told["skipped"]),
        written_at=moment(told["written_at"]) if told["written_at"] else None,
    )


def _told(reading: Reading) -> dict[str, object]:
    return {
        "busy": [(busy.start.isoformat(), busy.end.isoformat(), busy.kind, busy.uid) for busy in reading.busy],
        "unknown": [(time.start.isoformat(), time.end.isoformat(), why) for time, why in reading.unknown],
        "num_events": reading.num_events,
        "skipped": [(why, day and day.isoformat()) for why, day in reading.skipped],
        "written_at": reading.written_at and reading.written_at.isoformat(),
    }
