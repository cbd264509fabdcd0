"""Documents are parsed as Python parses them, and what RFC 8259 or the limits forbid is rejected."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import InvalidProblem
from scheduler.problem.strict_json import MAX_DEPTH, MAX_WHOLE_NUMBER, strict_json

TOO_DEEP = "The nesting is too deep; nest at most 50 levels."

# Keys and texts that resemble what the parser counts: quotation marks with colons, long numbers, brackets.
texts = st.one_of(st.text(max_size=8), st.sampled_from(['":', '"a": 1', "1" * 20, "[{", "\\u", "NaN", 'a"', " : "]))
numbers = st.one_of(
    st.integers(-MAX_WHOLE_NUMBER, MAX_WHOLE_NUMBER), st.floats(-1e9, 1e9, allow_nan=False), st.booleans(), st.none()
)
values = st.recursive(
    st.one_of(texts, numbers),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=12,
)
separators = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t:\r\n ")])


@given(values, separators, st.booleans(), st.sampled_from([None, 1]))
def test_documents_are_parsed_as_python_parses_them(
    value: Any, marks: tuple[str, str], is_ascii: bool, indent: int | None
) -> None:
    text = json.dumps(value, separators=marks, ensure_ascii=is_ascii, indent=indent)
    try:
        raw = text.encode()
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return  # half of a surrogate pair
    assert strict_json(raw) == json.loads(text)


@given(values, texts.filter(lambda key: key not in ("beside", "x")), st.data(), st.sampled_from(["", " ", "\n\t"]))
def test_a_key_that_occurs_twice_is_rejected(other: Any, key: str, data: st.DataObject, space: str) -> None:
    """The same key is written in two ways, beside texts that hold quotation marks and colons."""
    first, second = (json.dumps(key, ensure_ascii=data.draw(st.booleans())) for _ in range(2))
    text = f'{{{first}{space}:1,"beside":{json.dumps([other])},"x":{{}},{second}{space}:{space}2}}'
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return
    with pytest.raises(InvalidProblem) as invalid:
        strict_json(raw)
    assert "twice" in invalid.value.faults[0].message


@pytest.mark.parametrize("inner", ["1", "NaN", "1e999", "9" * 30, '{"a": 1, "a": 2}', r'"\ud800"', '"]]["'])
@pytest.mark.parametrize("num_levels", [MAX_DEPTH, 300, 900, 5000])
def test_nesting_beyond_the_limit_is_rejected_whatever_is_inside(inner: str, num_levels: int) -> None:
    with pytest.raises(InvalidProblem) as invalid:
        strict_json(f'{{"a": {"[" * num_levels}{inner}{"]" * num_levels}}}'.encode())
    assert [fault.message for fault in invalid.value.faults] == [TOO_DEEP]


def test_nesting_up_to_the_limit_is_accepted() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert strict_json(text.encode()) == json.loads(text)


@pytest.mark.parametrize(
    ("number", "is_accepted"),
    [
        (str(MAX_WHOLE_NUMBER), True),
        (f"-{MAX_WHOLE_NUMBER}", True),
        (str(MAX_WHOLE_NUMBER + 1), False),
        (f"-{MAX_WHOLE_NUMBER + 1}", False),
        ("9" * 5000, False),
        ("1e15", True),
        ("1E16", False),
        ("1e999", False),
        ("0.12345678901234567", True),
        ("NaN", False),
        ("-Infinity", False),
    ],
)
def test_numbers_are_limited(number: str, is_accepted: bool) -> None:
    text = f'{{"a": {number}}}'
    if is_accepted:
        assert strict_json(text.encode()) == json.loads(text)
        return
    with pytest.raises(InvalidProblem) as invalid:
        strict_json(text.encode())
    assert [fault.pointer for fault in invalid.value.faults] == ["/a"]
