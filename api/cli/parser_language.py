"""The language of the command line: chosen before parsing, then used for the texts of argparse itself."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Final, NoReturn, get_args

from api.i18n import Language, Wording
from scheduler.text import printable

DEFAULT_LANGUAGE: Final[Language] = "sv"
LANGUAGES: tuple[Language, ...] = get_args(Language)
LANGUAGE_OPTION = "--lang"


class CommandParser(argparse.ArgumentParser):
    """A parser whose errors repeat no control characters of the command line, where the shell may write file names."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def add_language(parser: argparse.ArgumentParser, wording: Wording) -> None:
    """Add the option ``--lang``; :func:`requested_language` reads its value."""
    parser.add_argument(
        LANGUAGE_OPTION,
        choices=LANGUAGES,
        default=argparse.SUPPRESS,
        help=wording.say("the language: sv for Swedish (default), en for English"),
    )


def requested_language(command_line: Sequence[str]) -> Language:
    """Return the language that ``--lang`` names; Swedish when the option is missing or names no known language."""
    requested: str = DEFAULT_LANGUAGE
    for argument, next_argument in pairwise([*command_line, ""]):
        if argument == "--":
            break
        name, separator, value = argument.partition("=")
        # argparse accepts an option by any unambiguous beginning, so `--la en` names the language too
        if len(name) > len("--") and LANGUAGE_OPTION.startswith(name):
            requested = value if separator else next_argument
    for language in LANGUAGES:
        if language == requested:
            return language
    return DEFAULT_LANGUAGE


@contextmanager
def translate_argparse(wording: Wording) -> Iterator[None]:
    """
    Have argparse print its own texts in the language of ``wording`` within the context.

    The module looks its texts up with ``gettext`` in a process-wide domain that has no Swedish. The lookup function is
    replaced for as long as the parser is built and used; a text that is not listed below stays English.
    """
    texts = _argparse_texts(wording)
    names = vars(argparse)
    gettext = names["_"]
    names["_"] = lambda text: texts.get(text) or gettext(text)
    try:
        yield
    finally:
        names["_"] = gettext


def _argparse_texts(wording: Wording) -> dict[str, str]:
    """Return the translations of the texts that argparse prints for the options of this command."""
    texts: dict[str, str] = {}
    for text in (
        "usage: ",
        "positional arguments",
        "options",
        "show this help message and exit",
        "%(prog)s: error: %(message)s\n",
        "argument %(argument_name)s: %(message)s",
        "expected one argument",
        "ignored explicit argument %r",
        "invalid choice: %(value)r (choose from %(choices)s)",
        "unrecognized arguments: %s",
        "the following arguments are required: %s",
        "ambiguous option: %(option)s could match %(matches)s",
    ):
        texts[text] = wording.say(text)
    return texts
