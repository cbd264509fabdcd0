"""Who reads JSON that nobody vouches for: only what RFC 8259 means, and nothing that overflows."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scheduler.errors import Fault, InvalidProblem

MAX_DEPTH = 50
MAX_WHOLE_NUMBER = 2**53
MAX_TOKEN = 200

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKET = re.compile(r"[][{}]")

_NOT_UTF_8 = "This is not UTF-8 text; save the file as UTF-8."
_MARKED = "The text begins with a byte order mark; save the file as UTF-8 without it."
_NOT_JSON = "This is not JSON (line {line}, column {column}); check the file."
_TOO_DEEP = "The nesting is too deep; nest at most {limit} levels."
_HALF_A_PAIR = "A text contains half of a surrogate pair; write the whole character."
_NO_NUMBER = "NaN and Infinity are not numbers in JSON; write a finite number or leave the key out."
_TOO_LARGE = "The number is too large; write one below 2^53."
_TWICE = "The object has the same key twice; keep one."


@dataclass(frozen=True, slots=True)
class _Refused:
    """Stands where a value was that JSON allows, or Python's reader, but we do not."""

    sentence: str


def strict_json(raw: bytes) -> Any:
    """
    Parse JSON as RFC 8259 means it, for input that nobody vouches for.

    Raises
    ------
    InvalidProblem
        On anything but UTF-8; NaN and infinities; a number beyond 2^53 or one that overflows; a lone surrogate;
        a key twice in one object; nesting deeper than 50.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidProblem([Fault("", _NOT_UTF_8)]) from None
    if text.startswith("\ufeff"):
        raise InvalidProblem([Fault("", _MARKED)])
    _check_depth(text)
    refused: list[_Refused] = []

    def refuse(sentence: str) -> _Refused:
        refused.append(_Refused(sentence))
        return refused[-1]

    def number(digits: str) -> float | _Refused:
        return value if abs(value := float(digits)) <= MAX_WHOLE_NUMBER else refuse(_TOO_LARGE)

    def whole(digits: str) -> int | _Refused:
        is_short = len(digits) <= len(str(-MAX_WHOLE_NUMBER))  # Python refuses to read 5,000 digits at all
        return value if is_short and abs(value := int(digits)) <= MAX_WHOLE_NUMBER else refuse(_TOO_LARGE)

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Refused:
        return built if len(built := dict(pairs)) == len(pairs) else refuse(_TWICE)

    try:
        parsed = json.loads(
            text,
            parse_constant=lambda _: refuse(_NO_NUMBER),
            parse_float=number,
            parse_int=whole,
            object_pairs_hook=members,
        )
    except json.JSONDecodeError as broken:
        raise InvalidProblem([Fault("", _NOT_JSON, {"line": broken.lineno, "column": broken.colno})]) from None
    if refused:
        raise InvalidProblem(list(_find_refused(parsed, "")))
    _check_surrogates(text, parsed)
    return parsed


def pointer_token(step: int | str) -> str:
    """Return one reference token of a JSON Pointer (RFC 6901, section 3), printable and not endless."""
    shown = "".join(mark if mark.isprintable() else "?" for mark in str(step)[:MAX_TOKEN])
    return shown.replace("~", "~0").replace("/", "~1")


def _find_refused(value: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(value, _Refused):
        yield Fault(pointer, value.sentence)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _find_refused(item, f"{pointer}/{pointer_token(key)}")
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _find_refused(item, f"{pointer}/{at}")


def _check_depth(text: str) -> None:
    depth = 0
    for mark in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if mark in "[{" else -1
        if depth > MAX_DEPTH:
            raise InvalidProblem([Fault("", _TOO_DEEP, {"limit": MAX_DEPTH})])


def _check_surrogates(text: str, parsed: Any) -> None:
    if "\\u" in text:  # the only way to write half a pair
        try:
            json.dumps(parsed, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise InvalidProblem([Fault("", _HALF_A_PAIR)]) from None
