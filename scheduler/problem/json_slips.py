"""Explain why a text is not JSON: the slips of documents that are written by hand, each with its line and column."""

import re
from collections.abc import Callable
from json import JSONDecodeError

from scheduler.errors import Fault
from scheduler.problem.json_place import MAX_WRITTEN, TextPosition, line_and_column

EMPTY = "The document is empty; write a problem."
ENDS_EARLY = "The text ends before the bracket {bracket} of line {line}, column {column} is closed; add {closing}."
UNCLOSED_TEXT = "Line {line}, column {column}: the text that begins here has no closing quotation mark; add it."
LINE_BREAK = (
    "Line {line}, column {column}: a text in quotation marks reaches the end of the line; add the closing quotation"
    " mark, and keep the text on one line."
)
CONTROL_CHARACTER = "Line {line}, column {column}: a text contains a tab or a control character; write a space instead."
BACKSLASH = (
    "Line {line}, column {column}: a single backslash means nothing here; write two backslashes, or / in a path."
)
TYPOGRAPHIC = (
    'Line {line}, column {column}: {written} is not the quotation mark of JSON; write the straight " instead, before'
    " and after the text."
)
COMMENT = "Line {line}, column {column}: JSON has no comments; remove the one that begins here."
TRAILING_COMMA = "Line {line}, column {column}: the last entry before {closing} has a comma after it; remove the comma."
SPARE_COMMA = "Line {line}, column {column}: there is no value before this comma; write one, or remove the comma."
DECIMAL_COMMA = "Line {line}, column {column}: {written} has a decimal comma; write {corrected}."
NOT_QUOTED_TIME = (
    'Line {line}, column {column}: {written} is a date or a time without quotation marks; write "{corrected}".'
)
LEADING_ZERO = "Line {line}, column {column}: {written} begins with a zero; write {corrected}."
NOT_A_NUMBER = (
    "Line {line}, column {column}: {written} is not written as a number of JSON; write digits without spaces and units,"
    " and a point before decimals, such as 1000 or 0.95."
)
OTHER_LITERAL = "Line {line}, column {column}: {written} is written {corrected} in JSON."
NOT_QUOTED_KEY = 'Line {line}, column {column}: the key {written} has no quotation marks; write "{written}".'
NOT_QUOTED_TEXT = "Line {line}, column {column}: {written} has no quotation marks; write text in quotation marks."
STRAY_QUOTE = (
    "Line {line}, column {column}: {written} follows a quotation mark directly; remove the quotation mark that is too"
    " many, or add the one that is missing."
)
MISSING_COMMA = "Line {line}, column {column}: a comma is missing after this entry; add it."
MISSING_COLON = "Line {line}, column {column}: a colon is missing between the key and its value; add it."
MISSING_KEY = "Line {line}, column {column}: a key is expected here; write it in quotation marks, then a colon."
NO_BRACE = (
    "Line {line}, column {column}: the document must begin with a brace; write {bracket} before it and {closing} after"
    " it."
)
MISSING_VALUE = "Line {line}, column {column}: a value is missing before {written}; write it."
WRONG_SIGN = "Line {line}, column {column}: {written} stands where {corrected} belongs; replace it."
WRONG_BRACKET = (
    "Line {line}, column {column}: {written} does not fit the bracket {bracket} of line {opening_line}; write {closing}"
    ", or check the brackets between."
)
SPARE_BRACKET = "Line {line}, column {column}: {written} closes no bracket; remove it, or check the brackets before it."
MORE_TEXT = "Line {line}, column {column}: the document ends before this place; remove what follows."
NOT_JSON = "Line {line}, column {column}: this is not JSON; check the text from here."

_CLOSING = {"{": "}", "[": "]"}
_TYPOGRAPHIC_QUOTES = frozenset("\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u2033\u2032\u00ab\u00bb\u00b4`'")
_LITERALS = {"true": "true", "false": "false", "null": "null", "none": "null", "nil": "null", "undefined": "null"}
_NUMBER_SIGNS = frozenset("+-.\u2212\u2013")  # with the minus sign and the dash of word processors
_NUMBER_TOKEN = re.compile(r'[^\s,;{}\[\]"]+')
_WORD_TOKEN = re.compile(r'[^\s,;:={}\[\]"]+')
_TIME = re.compile(r"\d{4}-\d\d?-\d\d?(T.*)?|\d\d?[:.]\d\d", re.ASCII)
_WHOLE_NUMBER_BEFORE_COMMA = re.compile(r":\s*(-?\d+),$", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)


def explain_slip(text: str, broken: JSONDecodeError) -> Fault:
    """Return the fault of a text that Python's JSON parser does not accept."""
    if not text.strip():
        return Fault("", EMPTY)
    index = broken.pos
    is_in_text = broken.msg.startswith(("Invalid", "Unterminated"))
    while not is_in_text and text[index : index + 1].isspace():
        index += 1
    place = TextPosition(text, index, broken.msg)
    for explain in _EXPLANATIONS:
        fault = explain(place)
        if fault is not None:
            return fault
    return place.fault(NOT_JSON)


def _inside_text(place: TextPosition) -> Fault | None:
    """Explain a text in quotation marks that does not end, or holds a character that must be written otherwise."""
    if place.message.startswith("Unterminated"):
        return place.fault(UNCLOSED_TEXT)
    if place.message.startswith("Invalid control") and place.found in "\r\n":
        # A typographic mark at the end of the line was meant to close the text.
        last = len(place.before.rstrip(",: ")) - 1
        if place.text[last] in _TYPOGRAPHIC_QUOTES:
            return place.fault(TYPOGRAPHIC, last, written=place.text[last])
        return place.fault(LINE_BREAK)
    if place.message.startswith("Invalid control"):
        return place.fault(CONTROL_CHARACTER)
    if place.message.startswith("Invalid \\"):
        return place.fault(BACKSLASH)
    return None


def _end_of_text(place: TextPosition) -> Fault | None:
    if place.found or not place.open_brackets:
        return None
    opening = place.open_brackets[-1]
    bracket = place.text[opening]
    return place.fault(ENDS_EARLY, opening, bracket=bracket, closing=_CLOSING[bracket])


def _quotation_mark(place: TextPosition) -> Fault | None:
    """Explain quotation marks of word processors and of other languages."""
    if place.found in _TYPOGRAPHIC_QUOTES:
        return place.fault(TYPOGRAPHIC, written=place.found)
    if not place.before.endswith('"'):
        return None
    # A text that begins with a straight mark and ends with another one reaches to the next straight mark.
    opening = place.before.rfind('"', 0, len(place.before) - 1)
    for index in range(len(place.before) - 2, max(opening, 0), -1):
        if place.text[index] in _TYPOGRAPHIC_QUOTES - {"'", "\u2019"}:
            return place.fault(TYPOGRAPHIC, index, written=place.text[index])
    return None


def _beginning(place: TextPosition) -> Fault | None:
    start = len(place.text) - len(place.text.lstrip())
    if place.text[start] in _CLOSING:
        return None
    return place.fault(NO_BRACE, start, bracket="{", closing="}")


def _comment(place: TextPosition) -> Fault | None:
    is_comment = place.text.startswith(("//", "/*", "#", "--", "<!--"), place.index)
    return place.fault(COMMENT) if is_comment else None


def _comma(place: TextPosition) -> Fault | None:
    """Explain a comma that is too many."""
    last = len(place.before) - 1
    following = place.text[place.index + 1 :].lstrip()[:1]
    # Python 3.13 stops at the comma, earlier versions behind it.
    if place.found == "," and following and following in "}]" and place.before[-1:] not in ("", ",", "[", "{", ":"):
        return place.fault(TRAILING_COMMA, closing=following)
    if place.found and place.found in "}]" and place.before.endswith(","):
        return place.fault(TRAILING_COMMA, last, closing=place.found)
    if place.found == "," and not place.before.endswith(":") and not place.message.startswith("Expecting ':'"):
        return place.fault(SPARE_COMMA)
    return None


def _decimal_comma(place: TextPosition) -> Fault | None:
    """Explain ``0,95``; in a list these would be two numbers."""
    digits = _DIGITS.match(place.text, place.index)
    whole = _WHOLE_NUMBER_BEFORE_COMMA.search(place.text, max(0, place.index - MAX_WRITTEN), place.index)
    if digits is None or whole is None or not place.is_in_object:
        return None
    written = f"{whole[1]},{digits[0]}"[:MAX_WRITTEN]
    return place.fault(DECIMAL_COMMA, whole.start(1), written=written, corrected=written.replace(",", "."))


def _number(place: TextPosition) -> Fault | None:
    """Explain dates, times and numbers that are not written as JSON has them."""
    start = place.index
    # Parsing stops behind the part that is a number: in 2027-03-03 behind 2027.
    while start and not place.text[start - 1].isspace() and place.text[start - 1] not in ',;:{}[]"':
        start -= 1
    is_apart = start == place.index and place.before[-1:].isdigit() and place.found.isdigit() and place.is_in_object
    if is_apart and "\n" in place.text[len(place.before) : start]:
        return None
    if is_apart:
        thousands = place.last_word()
        written = f"{thousands} {place.written(start, _NUMBER_TOKEN)}"
        return place.fault(NOT_A_NUMBER, len(place.before) - len(thousands), written=written)
    first = place.text[start : start + 1]
    if not first or not (first.isdigit() or first in _NUMBER_SIGNS):
        return None
    is_whole = (start < place.index and place.found in ',;{}[]"') or place.found.isspace()
    if is_whole or (start == place.index and first.isdigit()):
        return None
    written = place.written(start, _NUMBER_TOKEN)
    if _TIME.fullmatch(written):
        # As the fields of a problem are written: 2027-03-03, 09:00.
        separator, unpadded = ("-", written) if "-" in written else (":", written.replace(".", ":"))
        corrected = separator.join(part if "T" in part else part.zfill(2) for part in unpadded.split(separator))
        return place.fault(NOT_QUOTED_TIME, start, written=written, corrected=corrected)
    if written.isdigit() and written.startswith("0"):
        return place.fault(LEADING_ZERO, start, written=written, corrected=written.lstrip("0") or "0")
    return place.fault(NOT_A_NUMBER, start, written=written)


def _word(place: TextPosition) -> Fault | None:
    """Explain text without quotation marks."""
    if place.message.startswith("Extra data"):
        return place.fault(MORE_TEXT) if place.found not in "}]" else None
    if not place.found.isalpha() and place.found not in ("_", "$"):
        return None
    written = place.written(place.index, _WORD_TOKEN)
    if place.before.endswith('"'):
        return place.fault(STRAY_QUOTE, written=written)
    if place.message.startswith("Expecting property name"):
        return place.fault(NOT_QUOTED_KEY, written=written)
    corrected = _LITERALS.get(written.lower())
    if corrected is not None:
        return place.fault(OTHER_LITERAL, written=written, corrected=corrected)
    if place.before[-1:] in (":", ",", "[", "") or not place.before[-1:].isalnum():
        return place.fault(NOT_QUOTED_TEXT, written=written)
    return None


def _sign(place: TextPosition) -> Fault | None:
    """Explain a sign in place of a colon or a comma, and a missing colon, comma or value."""
    is_colon_missing = place.message.startswith("Expecting ':'")
    is_comma_missing = place.message.startswith("Expecting ','")
    if is_colon_missing and place.found in ("=", ";", ","):
        return place.fault(WRONG_SIGN, written=place.found, corrected=":")
    if is_comma_missing and place.found in (";", ":", "="):
        return place.fault(WRONG_SIGN, written=place.found, corrected=",")
    if place.found and place.found in "}]" and (place.before.endswith(":") or is_colon_missing):
        return place.fault(MISSING_VALUE, written=place.found)
    if place.found == "," and place.before.endswith(":"):
        return place.fault(MISSING_VALUE, written=place.found)
    if is_colon_missing:
        return place.fault(MISSING_COLON, len(place.before))
    return None


def _bracket(place: TextPosition) -> Fault | None:
    """Explain a bracket that closes another bracket, or none."""
    if not place.found or place.found not in "}]":
        return None
    if not place.open_brackets:
        return place.fault(SPARE_BRACKET, written=place.found)
    opening = place.open_brackets[-1]
    bracket = place.text[opening]
    return place.fault(
        WRONG_BRACKET,
        written=place.found,
        bracket=bracket,
        opening_line=line_and_column(place.text, opening)["line"],
        closing=_CLOSING[bracket],
    )


def _missing(place: TextPosition) -> Fault | None:
    """Explain what is missing before a character that may begin an entry."""
    if place.message.startswith("Expecting ','"):
        return place.fault(MISSING_COMMA, len(place.before))
    if place.message.startswith("Expecting property name"):
        return place.fault(MISSING_KEY)
    return None


# In this order: the more particular explanation first.
_EXPLANATIONS: tuple[Callable[[TextPosition], Fault | None], ...] = (
    _inside_text,
    _end_of_text,
    _comment,
    _beginning,
    _quotation_mark,
    _comma,
    _decimal_comma,
    _number,
    _word,
    _sign,
    _bracket,
    _missing,
)
