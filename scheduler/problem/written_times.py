"""Times as they are written in a document, read all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from scheduler import days
from scheduler.intervals import IntArray, Seconds
from scheduler.problem.field_types import FIRST_YEAR, LAST_YEAR

SECONDS_A_DAY = 86_400
FIRST_ORDINAL = 719_163  # of 1970-01-01
NO_OFFSET = 2**31  # of a wall time in the document's zone

# The forms that are read at once; a 0 stands for any digit, and + for either sign. No two have the same length.
_IN_MINUTES = b"0000-00-00T00:00"
_IN_SECONDS = b"0000-00-00T00:00:00"
_IN_UTC = b"0000-00-00T00:00:00Z"
_WITH_OFFSET = b"0000-00-00T00:00:00+00:00"
_FORM_BY_LENGTH = {len(form): form for form in (_IN_MINUTES, _IN_SECONDS, _IN_UTC, _WITH_OFFSET)}
_DIGIT, _PLUS, _MINUS = b"0+-"

_Characters = npt.NDArray[np.uint8]  # shape (times, characters of each)


@dataclass(frozen=True, slots=True)
class WrittenTimes:
    """
    Wall times with their offsets from UTC.

    ``wall`` are seconds since 1970-01-01T00:00 on the clock that is written, ``offset`` seconds, or `NO_OFFSET`.
    """

    wall: Seconds
    offset: IntArray

    @classmethod
    def of(cls, times: Sequence[datetime]) -> "WrittenTimes":
        """Return the times that datetimes state."""
        walls = [int(time.replace(tzinfo=UTC).timestamp()) for time in times]
        offsets = [time.utcoffset() for time in times]
        seconds = [NO_OFFSET if offset is None else int(offset.total_seconds()) for offset in offsets]
        return cls(np.array(walls, dtype=np.int64), np.array(seconds, dtype=np.int64))

    @classmethod
    def read(cls, texts: Sequence[str]) -> "WrittenTimes | None":
        """
        Return the times that texts state.

        Returns
        -------
        WrittenTimes or None
            None when a text is not a time in one of the usual forms, as ``2027-03-03T13:00:00+01:00``: it may be valid
            all the same.
        """
        wall = np.empty(len(texts), dtype=np.int64)
        offset = np.empty(len(texts), dtype=np.int64)
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        for length in np.unique(lengths).tolist():
            index = np.flatnonzero(lengths == length)
            form = _FORM_BY_LENGTH.get(length)
            chosen = texts if len(index) == len(texts) else [texts[i] for i in index.tolist()]
            joined = "".join(chosen)
            if form is None or not joined.isascii():
                return None
            table = np.frombuffer(joined.encode(), dtype=np.uint8).reshape(-1, length)
            found = _wall_and_offset(table, form) if _has_form(table, form) else None
            if found is None:
                return None
            wall[index], offset[index] = found
        return cls(wall, offset)

    @property
    def day(self) -> IntArray:
        """The ordinals of the dates that are written."""
        return np.asarray(self.wall // SECONDS_A_DAY + FIRST_ORDINAL, dtype=np.int64)

    def seconds(self, zone: ZoneInfo) -> Seconds:
        """Return the times as seconds since 1970 in UTC; those without an offset are wall times of ``zone``."""
        seconds = self.wall - self.offset
        is_local = self.offset == NO_OFFSET
        if is_local.any():
            walls, index = np.unique(self.wall[is_local], return_inverse=True)
            local = [days.instant(datetime.fromtimestamp(wall, UTC).replace(tzinfo=None), zone) for wall in walls]
            seconds[is_local] = np.array([int(instant.timestamp()) for instant in local])[index]
        return np.asarray(seconds, dtype=np.int64)


def _has_form(table: _Characters, form: bytes) -> bool:
    """Return whether every row has digits, signs and other characters where the form has them."""
    expected = np.frombuffer(form, dtype=np.uint8)
    is_digit = expected == _DIGIT
    is_sign = expected == _PLUS
    digits = table[:, is_digit]
    signs = table[:, is_sign]
    others = ~(is_digit | is_sign)
    return bool(
        ((digits >= _DIGIT) & (digits < _DIGIT + 10)).all()
        and ((signs == _PLUS) | (signs == _MINUS)).all()
        and (table[:, others] == expected[others]).all()
    )


def _wall_and_offset(table: _Characters, form: bytes) -> tuple[Seconds, IntArray] | None:
    """Return the seconds of the wall times and their offsets; None when a number is out of its range."""

    def number(first: int, num_digits: int = 2) -> IntArray:
        value = np.zeros(len(table), dtype=np.int64)
        for column in range(first, first + num_digits):
            value = 10 * value + table[:, column] - _DIGIT
        return value

    year, month, day = number(0, 4), number(5), number(8)
    hour, minute = number(11), number(14)
    second = number(17) if form != _IN_MINUTES else np.zeros_like(hour)
    is_date = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    is_time = (hour < 24) & (minute < 60) & (second < 60)
    if not (is_date & is_time).all():
        return None
    months = (12 * (year - 1970) + month - 1).astype("datetime64[M]")
    first_of_month = months.astype("datetime64[D]").astype(np.int64)
    first_of_next = (months + 1).astype("datetime64[D]").astype(np.int64)
    if (first_of_month + day > first_of_next).any():
        return None
    wall = SECONDS_A_DAY * (first_of_month + day - 1) + 3600 * hour + 60 * minute + second
    if form != _WITH_OFFSET:
        return wall, np.full(len(table), 0 if form == _IN_UTC else NO_OFFSET)
    hours, minutes = number(20), number(23)
    if not ((hours < 24) & (minutes < 60)).all():
        return None
    sign = np.where(table[:, form.index(_PLUS)] == _MINUS, -1, 1)
    return wall, sign * (3600 * hours + 60 * minutes)
