"""What the command says lives here: the table of dates, the line while it works, and why it stopped."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.interrupt import ENDED_BY_CTRL_C
from api.i18n import Wording
from api.presenting.headline import build_headline
from api.presenting.meetings import build_meeting_cards
from api.presenting.names import Names
from api.presenting.plan_view import Absentee, Headline, MeetingCard, MovedMeeting, Repair
from api.presenting.repair import build_repair
from scheduler.errors import Fault, InvalidProblem
from scheduler.planning.search import Progress
from scheduler.problem import Problem
from scheduler.proposal import Proposals

WIDTH_OF_A_PIPE = 140  # columns, where there is no screen to ask


class Failure(Exception):
    """Why the command stops, in whole sentences, and the exit status: 2 when what it was given is at fault."""

    def __init__(self, sentence: str, *, status: int = 2, faults: Sequence[Fault] = (), **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.faults = faults
        self.values = values

    @classmethod
    def of(cls, invalid: InvalidProblem, path: object) -> "Failure":
        """Return the failure that lists every fault of a file."""
        if invalid.num_faults > len(invalid.faults):
            return cls(
                "{path} cannot be planned: it has {count} faults, of which the first {listed} are listed.",
                faults=invalid.faults,
                path=str(path),
                count=invalid.num_faults,
                listed=len(invalid.faults),
            )
        return cls("{path} cannot be planned:", faults=invalid.faults, path=str(path))

    @classmethod
    def told(cls, fault: Fault) -> "Failure":
        """Return the failure that says a single fault, of something that is no file."""
        failure = cls(fault.sentence)
        failure.values = dict(fault.values)
        return failure

    def lines(self, wording: Wording) -> Iterator[str]:
        """Yield what to print."""
        yield wording.say(self.sentence, **self.values)
        for fault in self.faults:
            yield f"  {fault.pointer or '/'}: {wording.say(fault.sentence, **fault.values)}"


def console() -> Console:
    """Return where answers are printed: as wide as the screen, or wide enough in a file."""
    screen = Console(highlight=False)
    return screen if screen.is_terminal else Console(highlight=False, width=WIDTH_OF_A_PIPE)


@contextmanager
def working(wording: Wording) -> Iterator[Progress]:
    """Show a line with best, bound and gap while the planner works; the last of it stays."""
    screen = Console(stderr=True, highlight=False)
    last = wording.say("Looking for the best dates …")
    with screen.status(last) as status:

        def progress(best: float, bound: float) -> None:
            nonlocal last
            last = wording.say(
                "Best so far {best}, at most {bound} is possible, gap {gap}.",
                best=wording.decimal(best, 3),
                bound=wording.decimal(bound, 3),
                gap=wording.decimal(max(bound - best, 0.0), 3),
            )
            status.update(last)

        yield progress
    screen.print(last)


def stopped(answer: Proposals, wording: Wording) -> str:
    """Return what is told of an answer that Ctrl-C cut short; where there is none to show, the command ends."""
    if answer.status == "unknown":
        raise Failure("Stopped before any plan was found; give it longer the next time.", status=ENDED_BY_CTRL_C)
    if answer.status != "feasible" or answer.bound is None or answer.maximised is None:
        return wording.say("Stopped. What follows was worked out before.")
    gap = wording.decimal(max(answer.bound - answer.maximised, 0.0), 3)
    return wording.say("Stopped. This is the best plan found until then, gap {gap}.", gap=gap)


def print_answer(problem: Problem, answer: Proposals, wording: Wording) -> None:
    """Print what was found and proven, and the dates as a table."""
    names = Names.of(problem, wording)
    screen = console()
    screen.print(Text(problem.title, style="bold"))
    print_headline(screen, build_headline(problem, answer, names, wording), wording)
    if answer.proposals:
        screen.print(_table(build_meeting_cards(answer.proposals[0], problem, names, wording), wording))
    repair = build_repair(answer, problem, names, wording)
    if repair:
        _print_repair(screen, repair, wording)


def print_headline(screen: Console, headline: Headline, wording: Wording) -> None:
    """Print what was found; where nothing fits, the rules that collide and what would help, each under its heading."""
    for sentence in headline.sentences:
        screen.print(Text(sentence))
    one_rule = len(headline.conflict) == 1
    colliding = wording.say("This rule cannot be kept:") if one_rule else wording.say("These rules cannot all hold:")
    _print_list(screen, headline.conflict, colliding)
    _print_list(screen, headline.relaxations, wording.say("What would help:"))
    if headline.advice:
        screen.print(Text(headline.advice))
    _print_list(screen, headline.warnings)


def _print_list(screen: Console, sentences: Sequence[str], heading: str | None = None) -> None:
    if sentences and heading:
        screen.print(Text(heading))
    for sentence in sentences:
        screen.print(Text(f"  • {sentence}"))


def _table(meetings: Sequence[MeetingCard], wording: Wording) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("Date", "Week", "Time", "Council", "Expected", "Quorum", "Most likely missing, and why"):
        table.add_column(wording.say(heading), overflow="fold")
    for held in meetings:
        row = (held.day, held.week, held.clock, held.name, held.expected, held.quorum or "", _missing(held, wording))
        table.add_row(*(Text(cell) for cell in row))
    return table


def _print_repair(screen: Console, repair: Repair, wording: Wording) -> None:
    screen.print()
    if repair.moved:
        screen.print(_moves(repair.moved, wording))
        screen.print()
    screen.print(Text(" ".join(repair.stays)))
    for sentence in repair.frozen:
        screen.print(Text(f"  • {sentence}"))


def _moves(moved: Sequence[MovedMeeting], wording: Wording) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("Meeting", "Published", "New date", "Gain", "Why"):
        table.add_column(wording.say(column), overflow="fold")
    for one in moved:
        table.add_row(*(Text(cell) for cell in (one.name, one.before, one.after, one.gain, one.why)))
    return table


def _missing(held: MeetingCard, wording: Wording) -> str:
    if not held.absentees:
        return wording.say("nobody in particular")
    return _why(held.absentees[0], wording)


def _why(absentee: Absentee, wording: Wording) -> str:
    if not absentee.causes:
        return wording.say("{party} ({risk})", party=absentee.party, risk=absentee.risk)
    return wording.say(
        "{party} ({risk}): {cause}",
        party=absentee.party,
        risk=absentee.risk,
        cause=absentee.causes[0].sentence,
    )
