"""Parsers of option values and environment variables; errors say which values are accepted."""

import math
import re
from argparse import ArgumentTypeError
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError

from api.cli.failure import Failure
from api.i18n import Wording
from api.settings import Settings
from scheduler.options import MAX_MOVE_COST, MAX_SEED
from scheduler.problem.field_types import LAST_YEAR, Email, Text
from scheduler.text import is_clean

MAX_PORT = 2**16 - 1
MAX_ALTERNATIVES = 10
MAX_DAYS = 366
MAX_MEETINGS = 3000
MAX_MONTHLY_MEETINGS = 11
MAX_NAME = 100  # characters of the name of a new plan

_MAILBOX = re.compile(r"([^<>@]*)<([^<>]+)>|([^<>\s]+)")
_ADDRESSES: TypeAdapter[str] = TypeAdapter(Email)
_TEXTS: TypeAdapter[str] = TypeAdapter(Text)


def settings_of_environment() -> Settings:
    """Return the settings in the environment variables ``TRETTON_…``; a wrong value ends the command."""
    try:
        return Settings.from_environment()
    except ValueError as error:
        variable = str(error).split()[0]  # the message begins with the variable's name
        sentence = "{variable} must be a number above 0; correct the environment variable."
        raise Failure(sentence, variable=variable) from None


@dataclass(frozen=True, slots=True)
class OptionTypes:
    """
    Functions for argparse's ``type``: text to number, each within the range that the option accepts.

    They raise ``ArgumentTypeError`` with a message in the language of ``wording``.
    """

    wording: Wording

    def seed(self, text: str) -> int:
        """Parse a seed of the search."""
        return self._whole_number(text, 0, MAX_SEED)

    def port(self, text: str) -> int:
        """Parse a TCP port; 0 lets the operating system choose a free port."""
        return self._whole_number(text, 0, MAX_PORT)

    def alternatives(self, text: str) -> int:
        """Parse a number of proposals."""
        return self._whole_number(text, 1, MAX_ALTERNATIVES)

    def days(self, text: str) -> int:
        """Parse a number of days between two plans; 0: another hour of the same day."""
        return self._whole_number(text, 0, MAX_DAYS)

    def meetings(self, text: str) -> int:
        """Parse a number of meetings that differ between two plans."""
        return self._whole_number(text, 1, MAX_MEETINGS)

    def monthly_meetings(self, text: str) -> int:
        """Parse a number of meetings in a year, at most one a month but July."""
        return self._whole_number(text, 1, MAX_MONTHLY_MEETINGS)

    def year(self, text: str) -> int:
        """Parse a year to plan."""
        this_year = date.today().year  # noqa: DTZ011  # the year where the command runs
        return self._whole_number(text, this_year, LAST_YEAR)

    def name(self, text: str) -> str:
        """Parse a name without control characters."""
        if text.strip() and len(text) <= MAX_NAME and is_clean(text):
            return text.strip()
        message = self.wording.say(
            "write a name of at most {limit} characters, not “{text}”", limit=MAX_NAME, text=text
        )
        raise ArgumentTypeError(message)

    def mailbox(self, text: str) -> tuple[str, str]:
        """Parse an e-mail address with or without a name before it; without it, the address is the name, too."""
        match = _MAILBOX.fullmatch(text.strip())
        try:
            if match is not None:
                address = match[2] or match[3]
                name = (match[1] or "").strip(' "')
                return _TEXTS.validate_python(name or address), _ADDRESSES.validate_python(address)
        except ValidationError:
            pass
        message = self.wording.say("write an e-mail address, such as kansli@example.org, not “{text}”", text=text)
        raise ArgumentTypeError(message)

    def seconds(self, text: str) -> float:
        """Parse a time limit in seconds."""
        number = _to_float(text)
        if 0 < number < math.inf:
            return number
        raise ArgumentTypeError(self.wording.say("write a number above 0, such as 60, not “{text}”", text=text))

    def share(self, text: str) -> float:
        """Parse a share from 0 to 1."""
        number = _to_float(text)
        if 0 <= number <= 1:
            return number
        raise ArgumentTypeError(self.wording.say("write a share from 0 to 1, such as 0.001, not “{text}”", text=text))

    def parties(self, text: str) -> float:
        """Parse a cost in expected parties."""
        number = _to_float(text)
        if 0 <= number <= MAX_MOVE_COST:
            return number
        message = self.wording.say(
            "write a number of parties from 0 to {most}, such as 0.25, not “{text}”",
            most=f"{MAX_MOVE_COST:.0f}",
            text=text,
        )
        raise ArgumentTypeError(message)

    def _whole_number(self, text: str, least: int, most: int) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if least <= number <= most:
            return number
        message = self.wording.say(
            "write a whole number from {least} to {most}, not “{text}”",
            least=str(least),  # as text: digits are not grouped in a value that is to be typed
            most=str(most),
            text=text,
        )
        raise ArgumentTypeError(message)


def _to_float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
