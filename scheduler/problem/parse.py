"""Parsing of a problem: JSON text to a validated document, or an exception with every fault."""

import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from annotated_types import MaxLen
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from scheduler.errors import Choices, Fault, InvalidProblem
from scheduler.problem.consistency import contradictions
from scheduler.problem.document import Document
from scheduler.problem.field_types import FOR_READING
from scheduler.problem.schema import BRANCHES, Meeting
from scheduler.problem.strict_json import pointer_token, strict_json

# Sentences for the error types of pydantic; their values are taken from the context of the error.
_SENTENCES = {
    "missing": "This key is required; add it.",
    "extra_forbidden": "This key is unknown; remove it or check its spelling.",
    "string_type": "This is not a string; write text in quotation marks.",
    "string_too_short": "The text is too short; write at least {min_length} character.",
    "string_too_long": "The text is too long; write at most {max_length} characters.",
    "float_type": "This is not a number; write a number without quotation marks.",
    "float_parsing": "This is not a number; write a number without quotation marks.",
    "int_type": "This is not a whole number; write a whole number without quotation marks.",
    "int_parsing": "This is not a whole number; write a whole number without quotation marks.",
    "int_from_float": "This is not a whole number; write a whole number without quotation marks.",
    "int_parsing_size": "This is not a whole number; write a whole number without quotation marks.",
    "finite_number": "The number is not finite; write a finite number.",
    "greater_than_equal": "The number is too small; write a number that is at least {ge}.",
    "less_than_equal": "The number is too large; write a number that is at most {le}.",
    "literal_error": "The value is not one of those allowed; choose {expected}.",
    "model_type": "This is not an object; write an object in braces.",
    "model_attributes_type": "This is not an object; write an object in braces.",
    "dict_type": "This is not an object; write an object in braces.",
    "tuple_type": "This is not a list; write a list in brackets.",
    "too_short": "The list is too short; list at least {min_length}.",
    "too_long": "The list is too long; list at most {max_length}.",
}
_OTHER_SENTENCE = "The value is not valid; correct it by the JSON Schema of a problem."
_PYDANTIC_TYPES = frozenset(get_args(ErrorType))

_NO_KEYS = BRANCHES | {"[key]"}  # steps of pydantic's paths that are not keys of the document

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
        changed = self.model_copy(update=parts)
        # Cached properties were computed from the old parts.
        for cached in changed.__dict__.keys() - type(self).model_fields.keys():
            del changed.__dict__[cached]
        return changed

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Problem":
        """Return the problem of a parsed JSON document; raise :class:`InvalidProblem` with every fault."""
        try:
            return cls.model_validate({**document, **_validate_long_lists(document)})
        except ValidationError as invalid:
            raise InvalidProblem(faults_of(invalid.errors(include_url=False, include_input=False))) from None

    @classmethod
    def read(cls, raw: bytes) -> "Problem":
        """Return the problem of a JSON text in UTF-8; raise :class:`InvalidProblem` with every fault."""
        document = strict_json(raw)
        if not isinstance(document, dict):
            raise InvalidProblem([Fault("", "This is not an object; write an object in braces.")])
        return cls.of(document)

    def to_json(self) -> bytes:
        """
        Return the problem as a JSON text in UTF-8 from which :meth:`read` returns an equal problem.

        Keys that were left out when the problem was read are left out again.
        """
        return self.model_dump_json(by_alias=True, exclude_unset=True, context=FOR_READING).encode()


def _validate_long_lists(document: Mapping[str, Any]) -> dict[str, list[Any]]:
    """
    Return the long lists of a document with their well-formed chunks validated.

    Raises
    ------
    InvalidProblem
        If a list exceeds its limit or has more faults than are counted.
    """
    validated = {}
    for name, reader in _LISTS.items():
        items = document.get(name)
        if isinstance(items, list) and len(items) > CHUNK_SIZE:
            limit = _max_length(name)
            if len(items) > limit:
                raise InvalidProblem([Fault(f"/{name}", _SENTENCES["too_long"], {"max_length": limit})])
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
            errors = invalid.errors(include_url=False, include_input=False)
            located: list[Any] = [{**error, "loc": _location(name, offset, error["loc"])} for error in errors]
            faults.extend(faults_of(located))
        if len(faults) > MAX_COUNTED_FAULTS:
            raise InvalidProblem(faults)
    return validated


def _location(name: str, offset: int, loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    first, *rest = loc
    return (name, offset + int(first), *rest)


def faults_of(errors: list[ErrorDetails]) -> list[Fault]:
    """
    Return the errors of pydantic as faults.

    A list with invalid items counts as too short, too, because they are missing from it; that error is omitted.
    """
    inside = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [_fault(error) for error in errors if error["type"] != "too_short" or error["loc"] not in inside]


def _fault(error: ErrorDetails) -> Fault:
    pointer = "".join(f"/{pointer_token(step)}" for step in error["loc"] if step not in _NO_KEYS)
    error_type = error["type"]
    context = dict(error.get("ctx", {}))
    if error_type == "literal_error":
        context["expected"] = _choices(context["expected"])
    if error_type in _SENTENCES:
        return Fault(pointer, _SENTENCES[error_type], context)
    # The messages of pydantic exist in English only; those of this package's validators have translations.
    sentence = _OTHER_SENTENCE if error_type in _PYDANTIC_TYPES else error["msg"]
    return Fault(pointer, sentence)


def _choices(expected: str) -> Choices:
    """Return the values that pydantic lists in English, such as ``'MO', 'TU' or 'WE'``."""
    values = [value.strip("'") for value in re.split(r", | or ", expected)]
    return Choices(tuple(values))
