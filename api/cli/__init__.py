"""The command ``tretton`` with its subcommands ``new``, ``propose``, ``explain``, ``read``, ``demo`` and ``serve``."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from api.cli import explain, new, propose, read, serve
from api.cli.failure import Failure
from api.cli.inputs import add_language
from api.cli.interrupt import EXIT_INTERRUPTED
from api.cli.parser_language import CommandParser, requested_language, translate_argparse
from api.i18n import Wording


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command and return its exit status.

    The status is 0 when the command is done, 1 when it fails while working, 2 when its input is invalid, and 130 when
    Ctrl-C ends it. Wrong options raise ``SystemExit`` with status 2, as argparse does.
    """
    command_line = sys.argv[1:] if arguments is None else list(arguments)
    wording = Wording(requested_language(command_line))
    with translate_argparse(wording):
        options = _build_parser(wording).parse_args(command_line)
    try:
        return int(options.run(options, wording))
    except Failure as failure:
        for line in failure.lines(wording):
            print(line, file=sys.stderr)
        return failure.status
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _build_parser(wording: Wording) -> ArgumentParser:
    description = wording.say("Finds the meeting dates that most parties can keep.")
    parser = CommandParser(prog="tretton", description=description)
    add_language(parser, wording)
    commands = parser.add_subparsers(dest="command", required=True, metavar=wording.say("COMMAND"))
    for module in (new, propose, explain, read, serve):
        module.add_commands(commands, wording)
    return parser
