"""Parsing of a problem: JSON text to a validated document, or an exception with every fault."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from annotated_types import MaxLen
from pydantic import TypeAdapter, ValidationError

from scheduler.errors import Fault, InvalidProblem
from scheduler.problem.commitments import Commitments
from scheduler.problem.consistency import contradictions
from scheduler.problem.document import Document
from scheduler.problem.faults import SENTENCES, faults_of, shown
from scheduler.problem.field_types import FOR_READING
from scheduler.problem.schema import Meeting
from scheduler.problem.strict_json import strict_json

CHUNK_SIZE = 1000  # items of a long list that are validated at once
MAX_COUNTED_FAULTS = 1000  # validation of a list stops after so many

_LISTS: dict[str, TypeAdapter[list[Any]]] = {
    name: TypeAdapter(list[get_args(field.annotation)[0]])  # type: ignore[arg-type, misc]  # known at run time only
    for name, field in Document.model_fields.items()
    if get_origin(field.annotation) is tuple
}


class Problem(Document):
    """
    A planning problem whose parts are consistent.

    Raises
    ------
    InvalidProblem
        If its parts are inconsistent. :meth:`read` and :meth:`of` raise it for malformed parts too.
    """

    def model_post_init(self, _: Any, /) -> None:
        faults = list(contradictions(self))
        if faults:
            raise InvalidProblem(faults)

    def with_meetings(self, meetings: tuple[Meeting, ...]) -> "Problem":
        """Return a copy with other meetings."""
        return self.with_parts(meetings=meetings)

    def with_parts(self, **parts: Any) -> "Problem":
        """Return a copy with some parts replaced. The copy is not validated."""
        return self.model_copy(update=parts)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Problem":
        """Return the problem of a parsed JSON document; raise :class:`InvalidProblem` with every fault."""
        try:
            return cls.model_validate({**document, **_validate_long_lists(document)})
        except ValidationError as invalid:
            raise InvalidProblem(faults_of(invalid.errors(include_url=False))) from None

    @classmethod
    def read(cls, raw: bytes) -> "Problem":
        """Return the problem of a JSON text in UTF-8; raise :class:`InvalidProblem` with every fault."""
        document = strict_json(raw)
        if not isinstance(document, dict):
            raise InvalidProblem([Fault("", SENTENCES["model_type"], {"value": shown(document)})])
        return cls.of(document)

    def to_json(self) -> bytes:
        """
        Return the problem as a JSON text in UTF-8 from which :meth:`read` returns an equal problem.

        Keys that were left out when the problem was read are left out again.
        """
        return self.model_dump_json(by_alias=True, exclude_unset=True, context=FOR_READING).encode()


def _validate_long_lists(document: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    """
    Return the commitments, and the long lists of a document with their well-formed chunks validated.

    Raises
    ------
    InvalidProblem
        If a list exceeds its limit or has more faults than are counted.
    """
    validated: dict[str, Sequence[Any]] = {}
    for name, reader in _LISTS.items():
        items = document.get(name)
        if not isinstance(items, list):
            continue
        limit = _max_length(name)
        if len(items) > max(limit, CHUNK_SIZE):
            raise InvalidProblem([Fault(f"/{name}", SENTENCES["too_long"], {"max_length": limit})])
        columns = Commitments.read(items) if name == "commitments" else None
        if columns is not None:
            validated[name] = columns
        elif len(items) > CHUNK_SIZE:
            validated[name] = _validate_list(name, items, reader)
    return validated


def _max_length(name: str) -> int:
    bounds = Document.model_fields[name].metadata
    return next(bound.max_length for bound in bounds if isinstance(bound, MaxLen))


def _validate_list(name: str, items: list[Any], reader: TypeAdapter[list[Any]]) -> list[Any]:
    validated: list[Any] = []
    faults: list[Fault] = []
    for offset in range(0, len(items), CHUNK_SIZE):
        chunk = items[offset : offset + CHUNK_SIZE]
        try:
            validated.extend(reader.validate_python(chunk))
        except ValidationError as invalid:
            validated.extend(chunk)
            errors = invalid.errors(include_url=False)
            located: list[Any] = [{**error, "loc": _location(name, offset, error["loc"])} for error in errors]
            faults.extend(faults_of(located))
        if len(faults) > MAX_COUNTED_FAULTS:
            raise InvalidProblem(faults)
    return validated


def _location(name: str, offset: int, loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    first, *rest = loc
    return (name, offset + int(first), *rest)
