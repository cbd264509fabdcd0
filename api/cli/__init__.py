"""The command: `tretton propose`, `tretton explain`, `tretton read`, `tretton demo`, `tretton serve`."""

import argparse
import sys
from collections.abc import Sequence

from api.cli import explain, propose, read, serve
from api.cli.interrupt import ENDED_BY_CTRL_C
from api.cli.output import Failure
from api.i18n import Wording


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 failed on the way, 2 the input is at fault, 130 stopped."""
    parser = argparse.ArgumentParser(prog="tretton", description="Finds the meeting dates that most parties can keep.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for family in (propose, explain, read, serve):
        family.add_commands(commands)
    asked = parser.parse_args(arguments)
    wording = Wording(asked.lang)
    try:
        return int(asked.run(asked, wording))
    except Failure as failure:
        for line in failure.lines(wording):
            print(line, file=sys.stderr)
        return failure.status
    except KeyboardInterrupt:
        return ENDED_BY_CTRL_C
