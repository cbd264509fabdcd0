"""The commitments of a document as columns; a single commitment is built on access."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from json.encoder import encode_basestring
from types import EllipsisType
from typing import Any, get_args, overload
from unicodedata import is_normalized
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import TypeAdapter, ValidationError

from scheduler.intervals import FloatArray, IntArray, Seconds
from scheduler.problem.field_types import MAX_ID, Importance, Probability
from scheduler.problem.schema import Commitment
from scheduler.problem.written_times import WrittenTimes

UNSET = ...  # of a key that is left out

_FIELDS = tuple(Commitment.model_fields)
_TIMES = ("start", "end", "at")
_REQUIRED = frozenset(name for name, field in Commitment.model_fields.items() if field.is_required())
_KINDS = frozenset(get_args(Commitment.model_fields["kind"].annotation))
_IDS = ("id", "person", "calendar", "event", "meeting")
_NUMBERS: Mapping[str, TypeAdapter[Any]] = {
    "importance": TypeAdapter(list[Importance]),
    "yields": TypeAdapter(list[Probability]),
}
_ABSENT = (type(None), EllipsisType)

Columns = Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class CommitmentTable:
    """
    Commitments as arrays.

    Attributes
    ----------
    start, end
        Seconds since 1970.
    at
        Seconds since 1970; the least 64-bit integer without a date.
    first_day, last_day
        Ordinals of the dates that are written.
    importance, yields
        NaN without one.
    """

    start: Seconds
    end: Seconds
    at: IntArray
    first_day: IntArray
    last_day: IntArray
    importance: FloatArray
    yields: FloatArray


class Commitments(Sequence[Commitment]):
    """
    A sequence of commitments that holds a list for every field.

    Times are texts as in the document, or datetimes. A list has `UNSET` where a document leaves the key out.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    @classmethod
    def of(cls, commitments: Sequence[Commitment]) -> "Commitments":
        """Return any sequence of commitments as columns."""
        if isinstance(commitments, Commitments):
            return commitments
        return cls(
            {
                name: [getattr(each, name) if name in each.model_fields_set else UNSET for each in commitments]
                for name in _FIELDS
            }
        )

    @classmethod
    def read(cls, documents: Sequence[Any]) -> "Commitments | None":
        """
        Return the commitments of a parsed JSON document.

        Returns
        -------
        Commitments or None
            None when a value is not of the usual form: it may be valid all the same, which the models of
            `scheduler.problem.schema` decide for each commitment.
        """
        if set(map(type, documents)) != {dict}:
            return None
        stated = set().union(*documents)
        if not stated.issubset(_FIELDS):
            return None
        columns = {name: [UNSET] * len(documents) for name in _FIELDS}
        for name in stated:
            columns[name] = [document.get(name, UNSET) for document in documents]
        for name in _FIELDS:
            absent = () if name in _REQUIRED else _ABSENT
            if not _is_usual(name, columns[name], set(map(type, columns[name])).difference(absent)):
                return None
        columns["yields"] = [float(value) if isinstance(value, int) else value for value in columns["yields"]]
        commitments = cls(columns)
        return None if any(times is None for times in commitments._times.values()) else commitments

    def __len__(self) -> int:
        return len(self._columns["id"])

    @overload
    def __getitem__(self, index: int) -> Commitment: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Commitment]: ...

    def __getitem__(self, index: int | slice) -> Commitment | Sequence[Commitment]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        values: dict[str, Any] = {
            name: column[index] for name, column in self._columns.items() if column[index] is not UNSET
        }
        for name in _TIMES:
            if isinstance(values.get(name), str):
                values[name] = datetime.fromisoformat(values[name])
        return Commitment.model_construct(**values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(Commitment.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]  # as a list

    def __getstate__(self) -> Columns:
        return self._columns

    def __setstate__(self, columns: Columns) -> None:
        self._columns = columns

    def column(self, name: str, default: Any = None) -> list[Any]:
        """Return the values of a field, with ``default`` where a document leaves the key out."""
        column = self._columns[name]
        if EllipsisType not in set(map(type, column)):
            return column
        return [default if value is UNSET else value for value in column]

    def table(self, zone: ZoneInfo) -> CommitmentTable:
        """Return the commitments as arrays; times without an offset are wall times of ``zone``."""
        times = {name: times for name, times in self._times.items() if times is not None}
        at = np.full(len(self), np.iinfo(np.int64).min)
        at[self._is_dated] = times["at"].seconds(zone)
        return CommitmentTable(
            start=times["start"].seconds(zone),
            end=times["end"].seconds(zone),
            at=at,
            first_day=times["start"].day,
            last_day=times["end"].day,
            importance=np.array(self.column("importance"), dtype=np.float64),
            yields=np.array(self.column("yields"), dtype=np.float64),
        )

    def canonical_json(self) -> Iterator[str]:
        """Yield every commitment as JSON: keys sorted, defaults filled in, without null and white space."""
        parts = [self._canonical_column(name) for name in sorted(_FIELDS) if name == "kind" or self._has(name)]
        for written in zip(*parts, strict=True):
            yield f"{{{''.join(written)[:-1]}}}"

    def _has(self, name: str) -> bool:
        """Return whether any commitment has a value of a field."""
        return not set(map(type, self._columns[name])).issubset(_ABSENT)

    def _canonical_column(self, name: str) -> list[str]:
        """Return a field of every commitment as a key with its value and a comma; empty where it has none."""
        column = self.column(name, default="busy" if name == "kind" else None)
        write: Callable[[Any], str] = repr
        if name in _TIMES:
            write = _write_time
        elif name == "kind" or name in _IDS:
            write = encode_basestring
        return ["" if value is None else f'"{name}":{write(value)},' for value in column]

    @cached_property
    def _is_dated(self) -> list[bool]:
        return [value is not None for value in self.column("at")]

    @cached_property
    def _times(self) -> Mapping[str, WrittenTimes | None]:
        """The times of each field, None where one of them has to be read by itself."""
        return {name: _read_times([time for time in self.column(name) if time is not None]) for name in _TIMES}


def _is_usual(name: str, column: list[Any], types: set[type]) -> bool:
    """Return whether the values of a column, those that are absent left out, are valid in the usual form."""
    if name in _IDS:
        return types <= {str} and _are_ids({value for value in column if type(value) is str})
    if name in _TIMES:
        return types <= {str}
    if name == "kind":
        return types <= {str} and {value for value in column if value is not UNSET} <= _KINDS
    # True equals 1: by their types, values are no booleans before the distinct ones are validated.
    if not types <= {int, float}:
        return False
    try:
        _NUMBERS[name].validate_python(list({value for value in column if type(value) not in _ABSENT}))
    except ValidationError:
        return False
    return True


def _are_ids(texts: set[str]) -> bool:
    """Return whether all texts are ids: of 1 to 100 printable characters, composed (NFC), not blank."""
    joined = "".join(texts)
    # Every part of a normalised text is normalised.
    return (
        joined.isprintable()
        and is_normalized("NFC", joined)
        and all(0 < len(text) <= MAX_ID and not text.isspace() for text in texts)
    )


def _read_times(times: list[Any]) -> WrittenTimes | None:
    if all(isinstance(time, datetime) for time in times):
        return WrittenTimes.of(times)
    return WrittenTimes.read(times)


def _write_time(time: str | datetime) -> str:
    """Return a time as the models of the schema write it: in full, in UTC with a Z."""
    text = time if isinstance(time, str) else time.isoformat()
    if len(text) == len("0000-00-00T00:00"):
        text += ":00"
    if text[-6:] in ("+00:00", "-00:00"):
        text = f"{text[:-6]}Z"
    return f'"{text}"'
