"""A text that is not JSON is explained: what the slip is, its line and column, and what to write instead."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import InvalidProblem, Problem
from scheduler.errors import Fault
from scheduler.problem import json_slips
from tests.builders import a_document


def fault_of(text: str) -> Fault:
    with pytest.raises(InvalidProblem) as caught:
        Problem.read(text.encode())
    (fault,) = caught.value.faults
    return fault


SLIPS: list[tuple[str, str]] = [
    ("", "The document is empty"),
    ('{"a": 0,95}', "Line 1, column 7: 0,95 has a decimal comma; write 0.95."),
    ('{"a": -0,95,\n"b": 1}', "Line 1, column 7: -0,95 has a decimal comma; write -0.95."),
    ('{"a": 1,}', "Line 1, column 8: the last entry before } has a comma after it"),
    ('{"a": [1,\n2,\n]}', "Line 2, column 2: the last entry before ] has a comma after it"),
    ('{"a": 1,,"b": 2}', "Line 1, column 9: there is no value before this comma"),
    ("[,1]", "Line 1, column 2: there is no value before this comma"),
    ("{'a': 1}", "Line 1, column 2: ' is not the quotation mark of JSON"),
    ("{\"a\": 'x'}", "Line 1, column 7: ' is not the quotation mark of JSON"),
    ("{“a”: 1}", "Line 1, column 2: “ is not the quotation mark of JSON"),
    ('{"a”: "b"}', "Line 1, column 4: ” is not the quotation mark of JSON"),
    ('{"a": ”b”}', "Line 1, column 7: ” is not the quotation mark of JSON"),
    ('{"a": "x”,\n "b": 1}', "Line 1, column 9: ” is not the quotation mark of JSON"),
    ('{"a": »b«}', "Line 1, column 7: » is not the quotation mark of JSON"),
    ('{"a": `b`}', "Line 1, column 7: ` is not the quotation mark of JSON"),
    ('{\n // why\n"a": 1}', "Line 2, column 2: JSON has no comments"),
    ('// why\n{"a": 1}', "Line 1, column 1: JSON has no comments"),
    ('{"a": 1 /* why */}', "Line 1, column 9: JSON has no comments"),
    ('{"a": 1, # why\n"b": 2}', "Line 1, column 10: JSON has no comments"),
    ("{a: 1}", 'Line 1, column 2: the key a has no quotation marks; write "a".'),
    ('{"a": 1, b: 2}', "Line 1, column 10: the key b has no quotation marks"),
    ('{"a": Kumla kommun}', "Line 1, column 7: Kumla has no quotation marks"),
    ('{"a": True}', "Line 1, column 7: True is written true in JSON."),
    ('{"a": None}', "Line 1, column 7: None is written null in JSON."),
    ('{"a": 1 "b": 2}', "Line 1, column 8: a comma is missing after this entry"),
    ('{"a": "x"\n"b": 2}', "Line 1, column 10: a comma is missing after this entry"),
    ('{"a": {"b": 1}\n{"b": 1}}', "Line 1, column 15: a comma is missing after this entry"),
    ('{"a": 1\n2: 3}', "Line 1, column 8: a comma is missing after this entry"),
    ('{"a" 1}', "Line 1, column 5: a colon is missing"),
    ('{"a" = 1}', "Line 1, column 6: = stands where : belongs"),
    ('{"a", 1}', "Line 1, column 5: , stands where : belongs"),
    ('{"a": 1; "b": 2}', "Line 1, column 8: ; stands where , belongs"),
    ('{"a": }', "Line 1, column 7: a value is missing before }"),
    ('{"a": , "b": 1}', "Line 1, column 7: a value is missing before ,"),
    ('{"a"}', "Line 1, column 5: a value is missing before }"),
    ("{1: 2}", "Line 1, column 2: a key is expected here"),
    ('{"a": .5}', "Line 1, column 7: .5 is not written as a number of JSON"),
    ('{"a": 5.}', "Line 1, column 7: 5. is not written as a number of JSON"),
    ('{"a": +1}', "Line 1, column 7: +1 is not written as a number of JSON"),
    ('{"a": 1 000}', "Line 1, column 7: 1 000 is not written as a number of JSON"),
    ('{"a": 1_000}', "Line 1, column 7: 1_000 is not written as a number of JSON"),
    ('{"a": 95%}', "Line 1, column 7: 95% is not written as a number of JSON"),
    ('{"a": 120min}', "Line 1, column 7: 120min is not written as a number of JSON"),
    ('{"a": −5}', "Line 1, column 7: −5 is not written as a number of JSON"),
    ('{"a": 007}', "Line 1, column 7: 007 begins with a zero; write 7."),
    ('{"a": 2027-03-03}', "Line 1, column 7: 2027-03-03 is a date or a time without quotation marks; write "),
    ('{"a": 9.00.}', "Line 1, column 7: 9.00. is not written as a number of JSON"),
    ('{"a": 9:00}', 'Line 1, column 7: 9:00 is a date or a time without quotation marks; write "09:00".'),
    ('{"a": 2027-3-3}', 'Line 1, column 7: 2027-3-3 is a date or a time without quotation marks; write "2027-03-03".'),
    ('{"a": 2027-03-03T09:00}', "Line 1, column 7: 2027-03-03T09:00 is a date or a time without quotation marks"),
    ('{"a": 09:00}', "Line 1, column 7: 09:00 is a date or a time without quotation marks"),
    ('{"a": [13:00]}', "Line 1, column 8: 13:00 is a date or a time without quotation marks"),
    ('{"a": "b}', "Line 1, column 7: the text that begins here has no closing quotation mark"),
    ('{"a": "b\n}', "Line 1, column 9: a text in quotation marks reaches the end of the line"),
    ('{"a": "b\tc"}', "Line 1, column 9: a text contains a tab or a control character"),
    ('{"a": "C:\\kalendrar"}', "Line 1, column 10: a single backslash means nothing here"),
    ('{"name: "Kumla", "b": 1}', "Line 1, column 10: Kumla follows a quotation mark directly"),
    ('{"a": "Kumla"s", "b": 1}', "Line 1, column 14: s follows a quotation mark directly"),
    ('{"a": 1', "The text ends before the bracket { of line 1, column 1 is closed; add }."),
    ('{"a":\n [1, "]"', "The text ends before the bracket [ of line 2, column 2 is closed; add ]."),
    ('{"a": [1, 2}', "Line 1, column 12: } does not fit the bracket [ of line 1; write ]"),
    ('{"a": 1]', "Line 1, column 8: ] does not fit the bracket { of line 1; write }"),
    ('{"a": 1}}', "Line 1, column 9: } closes no bracket"),
    ('{"a": 1}\n{"b": 2}', "Line 2, column 1: the document ends before this place"),
    ('{"a": 1} x', "Line 1, column 10: the document ends before this place"),
    ('"a": 1', "Line 1, column 1: the document must begin with a brace; write { before it and } after it."),
    ("Kumla", "Line 1, column 1: the document must begin with a brace"),
    ("<html>", "Line 1, column 1: the document must begin with a brace"),
    ('{"a": ~1}', "Line 1, column 7: this is not JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), SLIPS)
def test_a_slip_is_explained_by_what_it_is(text: str, message: str) -> None:
    fault = fault_of(text)
    assert fault.message.startswith(message)
    assert fault.pointer == ""


def test_every_explanation_has_a_case() -> None:
    sentences = {value for name, value in vars(json_slips).items() if name.isupper() and isinstance(value, str)}
    assert {fault_of(text).sentence for text, _ in SLIPS} == sentences


WHOLE = json.dumps(a_document(), indent=1, ensure_ascii=False)


@given(
    st.integers(0, len(WHOLE) - 1), st.sampled_from(["", ",", ";", "'", '"', "”", "}", "]", ":", "x", "0", "//", "\\"])
)
def test_any_slip_in_a_whole_document_is_explained_in_one_line(place: int, inserted: str) -> None:
    text = WHOLE[:place] + inserted + WHOLE[place + 1 :]
    try:
        json.loads(text)
    except json.JSONDecodeError:
        fault = fault_of(text)
        assert fault.message.isprintable()
        lines = [int(str(fault.values["line"]))] if "line" in fault.values else []
        assert all(1 <= line <= WHOLE.count("\n") + 1 for line in lines)


@pytest.mark.parametrize("end", ["", "\\", '"}}'])
def test_a_text_of_many_escaped_quotation_marks_is_read_once(end: str) -> None:
    started = time.process_time()
    fault_of('{"a": "' + '\\"' * 500_000 + end)
    assert time.process_time() - started < 5


def test_a_slip_at_the_end_of_a_large_document_is_found_at_once() -> None:
    entries: list[Any] = [{"id": f"c{number}", "text": "[" * 10} for number in range(100_000)]
    text = json.dumps({"entries": entries})[:-2] + ",]}"
    assert "the last entry before ] has a comma" in fault_of(text).message
