"""The command ``tretton`` with its subcommands ``new``, ``propose``, ``explain``, ``read``, ``demo`` and ``serve``."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from importlib import import_module

from api.cli.failure import Failure
from api.cli.interrupt import EXIT_INTERRUPTED
from api.cli.parser_language import CommandParser, add_language, requested_language, translate_argparse
from api.cli.standard_streams import EXIT_NOT_WRITTEN, JSON_ESCAPES, guard_standard_streams
from api.i18n import Wording


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command and return its exit status.

    The status is 0 when the command is done, 1 when it fails while working, 2 when its input is invalid, 130 when
    Ctrl-C ends it, and 141 when standard output was closed before all was written. Wrong options raise
    ``SystemExit`` with status 2, as argparse does.
    """
    command_line = sys.argv[1:] if arguments is None else list(arguments)
    wording = Wording(requested_language(command_line))
    with guard_standard_streams() as streams:
        try:
            with translate_argparse(wording):
                options = _build_parser(wording, command_line).parse_args(command_line)
            if getattr(options, "json", False):
                streams.output.replace_characters(JSON_ESCAPES)
            status = _run(options, wording)
        finally:
            failure = streams.failure_status()
        if failure == EXIT_NOT_WRITTEN:
            print(wording.say("The output could not be written; check whether the disk is full."), file=sys.stderr)
        return status or failure or 0


def _run(options: Namespace, wording: Wording) -> int:
    """Run the command that the options name, and print why it failed if it did."""
    try:
        return int(options.run(options, wording))
    except Failure as failure:
        for line in failure.lines(wording):
            print(line, file=sys.stderr)
        return failure.status
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _build_parser(wording: Wording, command_line: Sequence[str]) -> ArgumentParser:
    """Return the parser of all commands; of the options, only those of the command that the line names are added."""
    description = wording.say("Finds the meeting dates that most parties can keep.")
    parser = CommandParser(prog="tretton", description=description)
    add_language(parser, wording)
    commands = parser.add_subparsers(dest="command", required=True, metavar=wording.say("COMMAND"))
    for name, summary in _summaries(wording).items():
        command = commands.add_parser(name, help=summary, description=summary)
        # The module of a command loads much that the other commands do not need.
        if name in command_line:
            import_module(f"api.cli.{name}").add_options(command, wording)
    return parser


def _summaries(wording: Wording) -> dict[str, str]:
    """Return what each command does, by its name, which is that of its module."""
    return {
        "new": wording.say("start a plan of your own: write a first problem and its instructions into a new folder"),
        "propose": wording.say("propose the best dates for a problem"),
        "explain": wording.say("explain a plan: clashes worth moving, other dates, whom to ask, why nothing fits"),
        "read": wording.say("show when a calendar's owner is busy, and what could not be read"),
        "demo": wording.say("plan the year of the example and show its web page"),
        "serve": wording.say("serve the HTTP API on this computer"),
    }
