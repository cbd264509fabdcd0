"""Parsers of option values and environment variables; errors say which values are accepted."""

import math
from argparse import ArgumentTypeError
from dataclasses import dataclass

from api.cli.failure import Failure
from api.i18n import Wording
from api.settings import Settings
from scheduler.options import MAX_MOVE_COST, MAX_SEED

MAX_PORT = 2**16 - 1
MAX_ALTERNATIVES = 10
MAX_DAYS = 366
MAX_MEETINGS = 3000


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
        """Parse a number of days between two plans."""
        return self._whole_number(text, 1, MAX_DAYS)

    def meetings(self, text: str) -> int:
        """Parse a number of meetings that differ between two plans."""
        return self._whole_number(text, 1, MAX_MEETINGS)

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
