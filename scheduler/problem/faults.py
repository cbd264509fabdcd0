"""Validation errors of pydantic as faults: translated sentences with the value at fault, and the closest known one."""

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from string import Formatter
from typing import Any, get_args
from zoneinfo import available_timezones

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from scheduler.errors import MAX_LISTED_FAULTS, Choices, Fault
from scheduler.problem.document import Document
from scheduler.problem.field_types import ENDS_BEFORE_START
from scheduler.problem.json_place import MAX_WRITTEN, shorten
from scheduler.problem.schema import BRANCHES
from scheduler.problem.strict_json import pointer_token

MAX_SHOWN_NUMBER = 10**20
MAX_LOOKUPS = 20  # similar names that are looked for in a document: a comparison is slow

# Sentences for the error types of pydantic; their values are taken from the context of the error. `value` is the
# invalid value: never a text for people, such as a name, nor an address.
SENTENCES = {
    "missing": "The key '{key}' is required; add it.",
    "extra_forbidden": "The key '{key}' is unknown; remove it, or write one of {known}.",
    "string_type": "{value} is not text; write text in quotation marks.",
    "string_too_short": "The text is too short; write at least {min_length} character.",
    "string_too_long": "The text is too long; write at most {max_length} characters.",
    "float_type": "{value} is not a number; write a number without quotation marks, with a point before decimals.",
    "float_parsing": "{value} is not a number; write a number without quotation marks, with a point before decimals.",
    "int_type": "{value} is not a whole number; write a whole number without quotation marks.",
    "int_parsing": "{value} is not a whole number; write a whole number without quotation marks.",
    "int_from_float": "{value} is not a whole number; write a whole number without quotation marks.",
    "int_parsing_size": "{value} is not a whole number; write a whole number without quotation marks.",
    "finite_number": "The number is not finite; write a finite number.",
    "greater_than_equal": "{value} is too small; write a number that is at least {ge}.",
    "less_than_equal": "{value} is too large; write a number that is at most {le}.",
    "literal_error": "{value} is not allowed here; choose {expected}.",
    "model_type": "{value} stands where an object belongs; write an object in braces.",
    "model_attributes_type": "{value} stands where an object belongs; write an object in braces.",
    "dict_type": "{value} stands where an object belongs; write an object in braces.",
    "tuple_type": "{value} stands where a list belongs; write a list in brackets.",
    "too_short": "The list is too short; list at least {min_length}.",
    "too_long": "The list is too long; list at most {max_length}.",
    "ends_before_start": ENDS_BEFORE_START,
}
OTHER_SENTENCE = "The value is not valid; correct it by the JSON Schema of a problem."

NULL = "The value null is not allowed here; leave the key '{key}' out to use its default."
UNKNOWN_KEY = "The key '{key}' is unknown; remove it or check its spelling."
MISSPELT_KEY = "The key '{key}' is unknown; did you mean '{similar}'? Correct it."
MISSPELT_CHOICE = "{value} is not allowed here; did you mean '{similar}'? Choose {expected}."
MISSPELT_ZONE = "Unknown time zone {value}; did you mean '{similar}'? Correct it."

_PYDANTIC_TYPES = frozenset(get_args(ErrorType))
_NO_KEYS = BRANCHES | {"[key]"}  # steps of pydantic's paths that are not keys of the document

Location = tuple[int | str, ...]


def faults_of(errors: list[ErrorDetails]) -> list[Fault]:
    """
    Return the errors of pydantic as faults.

    A list with invalid items counts as too short, too, because they are missing from it; that error is omitted.
    """
    inside = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    reported = [error for error in errors if error["type"] != "too_short" or error["loc"] not in inside]
    names = _SimilarNames()
    faults = [_fault(error, names) for error in reported[:MAX_LISTED_FAULTS]]
    # The others are only counted: of a million unknown keys, few are looked up.
    return faults + [Fault("", OTHER_SENTENCE)] * (len(reported) - len(faults))


def _fault(error: ErrorDetails, names: "_SimilarNames") -> Fault:
    steps = [step for step in error["loc"] if step not in _NO_KEYS]
    pointer = "".join(f"/{pointer_token(step)}" for step in steps)
    key = shorten(str(steps[-1])) if steps else ""
    values: dict[str, object] = {**error.get("ctx", {}), "key": key, "value": shown(error.get("input"))}
    error_type = error["type"]
    if error_type == "extra_forbidden":
        return _unknown_key(error["loc"], pointer, values, names)
    if error.get("input", ...) is None and _may_be_left_out(error["loc"]):
        return _fill(pointer, NULL, values)
    if error_type == "literal_error":
        return _wrong_choice(error, pointer, values, names)
    if error_type == "no_such_zone":
        similar = names.find(str(error.get("input")), available_timezones())
        if similar is not None:
            return _fill(pointer, MISSPELT_ZONE, {**values, "similar": similar})
    if error_type in SENTENCES:
        return _fill(pointer, SENTENCES[error_type], values)
    # The messages of pydantic exist in English only; those of this package's validators have translations.
    sentence = OTHER_SENTENCE if error_type in _PYDANTIC_TYPES else error["msg"]
    return _fill(pointer, sentence, values)


def _unknown_key(loc: Location, pointer: str, values: dict[str, object], names: "_SimilarNames") -> Fault:
    known = sorted(_known_keys(loc[:-1]))
    similar = names.find(str(loc[-1]), known)
    if similar is not None:
        return _fill(pointer, MISSPELT_KEY, {**values, "similar": similar})
    if not known:
        return _fill(pointer, UNKNOWN_KEY, values)
    return _fill(pointer, SENTENCES["extra_forbidden"], {**values, "known": Choices(tuple(known))})


def _wrong_choice(error: ErrorDetails, pointer: str, values: dict[str, object], names: "_SimilarNames") -> Fault:
    # Pydantic lists the values in English, such as "'MO', 'TU' or 'WE'".
    listed = re.split(r", | or ", error.get("ctx", {})["expected"])
    expected = Choices(tuple(value.strip("'") for value in listed))
    similar = names.find(str(error.get("input")), expected.values)
    if similar is not None:
        return _fill(pointer, MISSPELT_CHOICE, {**values, "expected": expected, "similar": similar})
    return _fill(pointer, SENTENCES["literal_error"], {**values, "expected": expected})


def _fill(pointer: str, sentence: str, values: dict[str, object]) -> Fault:
    """Return a fault with the values that its sentence has places for, and no other text of the document."""
    places = {name for _, name, _, _ in Formatter().parse(sentence)}
    return Fault(pointer, sentence, {name: value for name, value in values.items() if name in places})


class _SimilarNames:
    """Looks for similar names a limited number of times, so that a document full of errors is rejected at once."""

    def __init__(self) -> None:
        self._num_left = MAX_LOOKUPS

    def find(self, name: str, known: Iterable[str]) -> str | None:
        """Return the known name that is most similar; None if there is none, or the limit is reached."""
        if self._num_left == 0 or len(name) > MAX_WRITTEN:
            return None
        self._num_left -= 1
        by_folded = {other.casefold(): other for other in sorted(known)}
        matches = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.75)
        return by_folded[matches[0]] if matches else None


def shown(value: object) -> str:
    """Return a value as JSON writes it, cut off; of lists and objects only the brackets."""
    match value:
        case str():
            return json.dumps(shorten(value), ensure_ascii=False)
        case int() if abs(value) >= MAX_SHOWN_NUMBER:
            return "…"  # Python refuses to write thousands of digits
        case None | bool() | int() | float():
            return json.dumps(value)
        case list() | tuple():
            return "[…]" if value else "[]"
        case dict():
            return "{…}" if value else "{}"
        case _:
            return shorten(str(value))


def _may_be_left_out(loc: Location) -> bool:
    field = _find_field(loc)
    return field is not None and not field.is_required()


def _find_field(loc: Location) -> FieldInfo | None:
    """Return the field of the document at a path of pydantic's; None for an item of a list or of an object."""
    field: FieldInfo | None = None
    annotation: Any = Document
    for step in loc:
        if step in _NO_KEYS:
            continue
        fields = dict(_fields(annotation))
        field = fields.get(str(step))
        # The item of a list or of an object without fixed keys has the models of the whole.
        if field is not None:
            annotation = field.annotation
    return field


def _known_keys(loc: Location) -> set[str]:
    """Return the keys of the object at a path."""
    keys = [step for step in loc if step not in _NO_KEYS]
    field = _find_field(tuple(step for step in keys if isinstance(step, str)))
    if keys and field is None:
        return set()
    return {key for key, _ in _fields(field.annotation if field is not None else Document)}


def _fields(annotation: Any) -> Iterator[tuple[str, FieldInfo]]:
    """Yield the fields of the models in an annotation, by the key that JSON has for them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield field.alias or name, field
    else:
        for argument in get_args(annotation):
            yield from _fields(argument)
