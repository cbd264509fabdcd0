"""A strict JSON parser for untrusted input: RFC 8259 with limits on depth and numbers."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.errors import Fault, InvalidProblem
from scheduler.problem.json_place import shorten
from scheduler.problem.json_slips import explain_slip

MAX_DEPTH = 50
MAX_WHOLE_NUMBER = 2**53
MAX_TOKEN = 200

_WHITE_SPACE = b" \t\r\n"
_OUTLINE = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * len(str(MAX_WHOLE_NUMBER))  # in the outline; a text can hold one as well
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

_NOT_UTF_8 = "This is not UTF-8 text; save the file as UTF-8."
_HAS_BYTE_ORDER_MARK = "The text begins with a byte order mark; save the file as UTF-8 without it."
_TOO_DEEP = "The nesting is too deep; nest at most {limit} levels."
_LONE_SURROGATE = "A text contains half of a surrogate pair; write the whole character."
_NOT_FINITE = "NaN and Infinity are not numbers in JSON; write a finite number or leave the key out."
_TOO_LARGE = "The number is too large; write one below 2^53."
_DUPLICATE_KEY = "The object has the key '{key}' twice; keep one."
_TOO_DEEPLY_NESTED = Fault("", _TOO_DEEP, {"limit": MAX_DEPTH})

_NESTED = frozenset((dict, list))


@dataclass(frozen=True, slots=True)
class _RejectedValue:
    """Placeholder for a value that is rejected once its JSON Pointer is known."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)


class _Hooks:
    """Hooks of Python's JSON parser, which accepts more than RFC 8259 does."""

    def __init__(self) -> None:
        self.has_rejected = False

    def parse_constant(self, _: str) -> _RejectedValue:
        return self._reject(_NOT_FINITE)

    def parse_float(self, digits: str) -> float | _RejectedValue:
        value = float(digits)
        return value if abs(value) <= MAX_WHOLE_NUMBER else self._reject(_TOO_LARGE)

    def parse_int(self, digits: str) -> int | _RejectedValue:
        # Python refuses to convert thousands of digits, and the time grows with their square.
        if len(digits) > len(str(-MAX_WHOLE_NUMBER)):
            return self._reject(_TOO_LARGE)
        value = int(digits)
        return value if abs(value) <= MAX_WHOLE_NUMBER else self._reject(_TOO_LARGE)

    def build_object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any] | _RejectedValue:
        built = dict(pairs)
        if len(built) == len(pairs):
            return built
        repeated, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        return self._reject(_DUPLICATE_KEY, key=shorten(repeated))

    def _reject(self, sentence: str, **values: object) -> _RejectedValue:
        self.has_rejected = True
        return _RejectedValue(sentence, values)


def strict_json(raw: bytes) -> Any:
    """
    Parse untrusted JSON by RFC 8259.

    Raises
    ------
    InvalidProblem
        For text that is not UTF-8; NaN and infinities; a number beyond 2^53; a lone surrogate; a duplicate key;
        nesting deeper than 50 levels.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidProblem([Fault("", _NOT_UTF_8)]) from None
    if text.startswith("\ufeff"):
        raise InvalidProblem([Fault("", _HAS_BYTE_ORDER_MARK)])
    # The hooks are called for every whole number and every object, and are needed for few documents.
    outline = raw.translate(_OUTLINE, _WHITE_SPACE)
    has_long_numbers = _LONG_NUMBER in outline
    parsed, num_keys = _parse(text, has_long_numbers=has_long_numbers)
    # Every key of the text is followed by a quotation mark and a colon, which texts can contain, too: their number is
    # at least that of the keys. If the parsed objects have as many, no key has replaced an equal one.
    if num_keys != outline.count(b'":'):
        parsed, _ = _parse(text, has_long_numbers=has_long_numbers, may_repeat_keys=True)
    _check_surrogates(text, parsed)
    return parsed


def _parse(text: str, *, has_long_numbers: bool, may_repeat_keys: bool = False) -> tuple[Any, int]:
    """Parse a text, with the hooks that reject the numbers and the keys that it may have; return its keys' number."""
    hooks = _Hooks()
    try:
        parsed = json.loads(
            text,
            parse_constant=hooks.parse_constant,
            parse_float=hooks.parse_float,
            parse_int=hooks.parse_int if has_long_numbers else None,
            object_pairs_hook=hooks.build_object if may_repeat_keys else None,
        )
    except json.JSONDecodeError as broken:
        raise InvalidProblem([explain_slip(text, broken)]) from None
    except RecursionError:
        raise InvalidProblem([_TOO_DEEPLY_NESTED]) from None
    # The depth is checked first: the search for rejected values is recursive.
    num_keys = _num_keys(parsed)
    if hooks.has_rejected:
        raise InvalidProblem(list(_find_rejected(parsed, "")))
    return parsed, num_keys


def pointer_token(step: int | str) -> str:
    """Return a reference token of a JSON Pointer (RFC 6901, section 3), printable and of limited length."""
    characters = str(step)[:MAX_TOKEN]
    printable = "".join(character if character.isprintable() else "?" for character in characters)
    return printable.replace("~", "~0").replace("/", "~1")


def _find_rejected(value: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(value, _RejectedValue):
        yield Fault(pointer, value.sentence, value.values)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _find_rejected(item, f"{pointer}/{pointer_token(key)}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _find_rejected(item, f"{pointer}/{index}")


def _num_keys(parsed: Any) -> int:
    """Return the number of keys of all objects; raise `InvalidProblem` for a value that is nested too deeply."""
    num_keys = 0
    level = [parsed] if type(parsed) in _NESTED else []
    for _ in range(MAX_DEPTH):
        inner: list[Any] = []
        for value in level:
            items = value
            if type(value) is dict:
                num_keys += len(value)
                items = value.values()
            if not _NESTED.isdisjoint(map(type, items)):
                inner += [item for item in items if type(item) in _NESTED]
        level = inner
        if not level:
            return num_keys
    raise InvalidProblem([_TOO_DEEPLY_NESTED])


def _check_surrogates(text: str, parsed: Any) -> None:
    # UTF-8 cannot encode a surrogate, so that only an escape sequence can hold one.
    if _SURROGATE.search(text):
        try:
            json.dumps(parsed, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise InvalidProblem([Fault("", _LONE_SURROGATE)]) from None
