"""Field types of the problem: strict numbers, normalised text, dates and times in fixed formats."""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    WrapSerializer,
)
from pydantic_core import PydanticCustomError

from scheduler.text import is_clean, printable

FIRST_YEAR, LAST_YEAR = 2000, 2100
MAX_ID = 100  # characters

ENDS_BEFORE_START = "The end, {end}, lies before the start, {start}; swap or correct them."

# Serialisation context of JSON that is to be read again, see `Problem.to_json`.
FOR_READING = {"clock": "HH:MM"}

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.0+)?)?([Zz]|[+-]\d\d:\d\d)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CLOCK = re.compile(r"\d\d:\d\d")
# RFC 5322 allows ?, # and % as well; in the URI `mailto:…` these begin header fields, a fragment and an escape.
_ADDRESS = re.compile(r"[A-Za-z0-9.!$&'*+/=^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_LINK = re.compile(r"https?://[A-Za-z0-9\[][!#-;=?-\[\]_a-z~]*", re.IGNORECASE)  # the characters of RFC 3986


class Frozen(BaseModel):
    """Base class of the models of a problem: immutable, without unknown keys, NaN and infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _text(text: str) -> str:
    # `isprintable` is many times faster than `is_clean` and true of nearly every text.
    if not text.isprintable() and not is_clean(text):
        raise PydanticCustomError("unclean_text", "The text contains control characters; remove them.")
    if text.isspace():
        raise PydanticCustomError("blank_text", "The text is blank; write at least one visible character.")
    return unicodedata.normalize("NFC", text)


# The place {value} in a message is filled in by `scheduler.problem.faults`.


def _match(value: object, pattern: re.Pattern[str], kind: str, message: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise PydanticCustomError(kind, message)
    return value


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PydanticCustomError(
            "year_out_of_range", "The year of {value} is out of range; use a year from 2000 to 2100."
        )


def _instant(value: object) -> datetime:
    if not isinstance(value, datetime):
        text = _match(
            value,
            _INSTANT,
            "not_a_time",
            "{value} is not a date and time; write it in whole seconds, as 2027-03-03T13:00:00+01:00.",
        )
        try:
            value = datetime.fromisoformat(text.upper())
        except ValueError:
            raise PydanticCustomError("no_such_time", "There is no date and time {value}; correct it.") from None
    _check_year(value.year)
    return value


def _day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        text = _match(value, _DAY, "not_a_day", "{value} is not a date; write a date as 2027-03-03.")
        try:
            value = date.fromisoformat(text)
        except ValueError:
            raise PydanticCustomError("no_such_day", "There is no date {value}; correct it.") from None
    _check_year(value.year)
    return value


def _clock(value: object) -> time:
    if isinstance(value, time):
        return value
    text = _match(value, _CLOCK, "not_a_clock_time", "{value} is not a time of day; write a time of day as 09:00.")
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("no_such_clock_time", "There is no time of day {value}; correct it.") from None


def _write_clock(clock: time, default: SerializerFunctionWrapHandler, info: SerializationInfo) -> str:
    """Serialise a time of day as ``09:00`` for documents, which is what :func:`_clock` reads, else as ``09:00:00``."""
    if info.context == FOR_READING:
        return clock.strftime("%H:%M")
    # The longer form stays the default: the hash of a problem is taken over it.
    return str(default(clock))


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise PydanticCustomError("not_an_address", "This is not an e-mail address; write it as name@example.org.")
    return text


def _link(text: str) -> str:
    if not _LINK.fullmatch(text):
        raise PydanticCustomError(
            "not_a_link",
            "This is not a link; write it as https://example.org/meeting, without spaces and letters as å.",
        )
    return text


Text = Annotated[str, Field(strict=True, min_length=1, max_length=500), AfterValidator(_text)]
Id = Annotated[str, Field(strict=True, min_length=1, max_length=MAX_ID), AfterValidator(_text)]
Email = Annotated[str, Field(strict=True, max_length=254), AfterValidator(_address)]
Printable = Annotated[str, BeforeValidator(lambda value: printable(value) if isinstance(value, str) else value)]
WebLink = Annotated[str, Field(strict=True, max_length=2000), AfterValidator(_link)]
Probability = Annotated[float, Field(strict=True, ge=0, le=1)]
Weight = Annotated[float, Field(strict=True, ge=0, le=1000)]
Importance = Annotated[int, Field(strict=True, ge=1, le=5)]
Minutes = Annotated[int, Field(strict=True, ge=0, le=1440)]
Days = Annotated[int, Field(strict=True, ge=0, le=1100)]
Instant = Annotated[  # aware, or wall time in the problem's zone
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "pattern": f"^{_INSTANT.pattern}$", "examples": ["2027-03-03T13:00:00+01:00"]}),
]
Day = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2027-03-03"]})
]
Clock = Annotated[
    time,
    BeforeValidator(_clock),
    WrapSerializer(_write_clock, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["09:00"]}),
]
Weekday = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
