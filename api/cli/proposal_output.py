"""The output of ``propose``: the progress of the search, the result in sentences, and the dates as a table."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.failure import Failure
from api.cli.interrupt import EXIT_INTERRUPTED
from api.cli.tables import add_row, create_console, create_table, print_lines
from api.i18n import Wording
from api.presenting.amounts import format_room
from api.presenting.evidence import build_evidence_view
from api.presenting.headline import build_headline
from api.presenting.meetings import build_meeting_cards
from api.presenting.names import Names
from api.presenting.plan_view import Absentee, Headline, MeetingCard, MovedMeeting, Repair
from api.presenting.repair import build_repair
from scheduler.evidence import Evidence
from scheduler.planning.search_types import Progress
from scheduler.problem import Problem
from scheduler.proposal import Proposals

WIDE = 110  # columns of a terminal that has space for the whole table
NEGLIGIBLE = 0.05  # expected parties: a difference that is rounded to no tenth


@contextmanager
def show_progress(wording: Wording, *, is_informative: bool = True) -> Iterator[Progress]:
    """
    Show the progress of the search on standard error.

    Yields
    ------
    Progress
        A callback that takes the best value and its upper bound. The last line remains afterwards if it is
        informative: without any evidence, a bound says nothing.
    """
    console = Console(stderr=True, highlight=False)
    line = wording.say("Looking for the best dates …")
    with console.status(line) as status:

        def progress(best: float, bound: float) -> None:
            nonlocal line
            line = _progress_line(best, bound, wording)
            status.update(line)

        yield progress
    if is_informative:
        console.print(line)


def _progress_line(best: float, bound: float, wording: Wording) -> str:
    value = wording.decimal(best, 1)
    if bound - best < NEGLIGIBLE:
        return wording.say("Best so far: {best} expected parties; no other plan gives noticeably more.", best=value)
    return wording.say(
        "Best so far: {best} expected parties; at most {room} more are possible.",
        best=value,
        room=format_room(best, bound, wording),
    )


def interruption_message(answer: Proposals, wording: Wording) -> str:
    """Return the message about a search that Ctrl-C cut short; without a plan to show, the command ends."""
    if answer.status == "unknown":
        sentence = "Stopped before any plan was found; give it more time next time."
        raise Failure(sentence, status=EXIT_INTERRUPTED)
    if answer.status != "feasible" or answer.bound is None or answer.maximised is None:
        return wording.say("Stopped. This is what had been worked out by then.")
    room = format_room(answer.maximised, answer.bound, wording)
    return wording.say(
        "Stopped. This is the best plan found by then; at most {room} more expected parties are possible.",
        room=room,
    )


def print_evidence(problem: Problem, evidence: Evidence, wording: Wording, *, is_json: bool = False) -> None:
    """Print how the input was read; when the result is JSON, only what needs attention, on standard error."""
    view = build_evidence_view(evidence, problem, wording)
    if is_json:
        for concern in view.concerns:
            print(concern, file=sys.stderr)
        return
    console = create_console()
    print_lines(console, [" ".join(view.summary)])
    _print_list(console, view.concerns)


def print_answer(problem: Problem, answer: Proposals, wording: Wording) -> None:
    """Print the result of the search, and the dates as a table."""
    names = Names.of(problem, wording)
    console = create_console()
    console.print(Text(problem.title, style="bold"))
    print_headline(console, build_headline(problem, answer, names, wording), wording)
    if answer.proposals:
        cards = build_meeting_cards(answer.proposals[0], problem, names, wording)
        console.print(_meeting_table(cards, wording, console.width))
    repair = build_repair(answer, problem, names, wording)
    if repair:
        _print_repair(console, repair, wording)


def print_headline(console: Console, headline: Headline, wording: Wording) -> None:
    """Print the result in sentences; when no plan is possible, also the conflicting rules and their relaxations."""
    print_lines(console, headline.sentences)
    if len(headline.conflict) == 1:
        conflict_heading = wording.say("This rule cannot be kept:")
    else:
        conflict_heading = wording.say("These rules cannot all hold:")
    _print_list(console, headline.conflict, conflict_heading)
    _print_list(console, headline.relaxations, wording.say("What would help:"))
    if headline.advice:
        print_lines(console, [headline.advice])
    _print_list(console, headline.warnings)


def _print_list(console: Console, sentences: Sequence[str], heading: str | None = None) -> None:
    if sentences and heading:
        print_lines(console, [heading])
    print_lines(console, [f"  • {sentence}" for sentence in sentences])


def _meeting_table(meetings: Sequence[MeetingCard], wording: Wording, width: int) -> Table:
    """Return the dates; in a narrow terminal without the columns that can be read on the page only."""
    is_wide = width >= WIDE
    headings = [wording.say("Date"), wording.say("Time"), wording.say("Council"), wording.say("Expected")]
    if is_wide:
        headings[1:1] = [wording.say("Week")]
        headings += [wording.say("Quorum"), wording.say("Most likely missing, and why")]
    table = create_table(headings)
    for meeting in meetings:
        name = meeting.name
        if meeting.is_held and not is_wide:
            name = f"{name} ({wording.say('already held')})"
        cells = [meeting.day, meeting.clock, name, meeting.expected]
        if is_wide:
            cells[1:1] = [meeting.week]
            cells += [meeting.quorum or "", _describe_absence(meeting, wording)]
        add_row(table, cells)
    return table


def _print_repair(console: Console, repair: Repair, wording: Wording) -> None:
    console.print()
    if repair.moved:
        console.print(_move_table(repair.moved, wording))
        console.print()
    print_lines(console, [" ".join(repair.stays)])
    _print_list(console, repair.frozen)


def _move_table(moves: Sequence[MovedMeeting], wording: Wording) -> Table:
    headings = [
        wording.say("Meeting"),
        wording.say("Published"),
        wording.say("New date"),
        wording.say("Gain"),
        wording.say("Why"),
    ]
    table = create_table(headings)
    for move in moves:
        add_row(table, [move.name, move.before, move.after, move.gain, move.why])
    return table


def _describe_absence(meeting: MeetingCard, wording: Wording) -> str:
    """Return the party that is most likely to be missing, with the first cause."""
    if meeting.is_held:
        return wording.say("already held")
    if not meeting.absentees:
        return wording.say("nobody in particular")
    return _describe_absentee(meeting.absentees[0], wording)


def _describe_absentee(absentee: Absentee, wording: Wording) -> str:
    if not absentee.causes:
        return wording.say("{party} ({risk})", party=absentee.party, risk=absentee.risk)
    return wording.say(
        "{party} ({risk}): {cause}",
        party=absentee.party,
        risk=absentee.risk,
        cause=absentee.causes[0].sentence,
    )
