"""What `explain` prints lives here: tables and sentences that a chair can read."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.cli.output import console, print_headline
from api.i18n import Wording
from api.presenting.baselines import build_baseline_table
from api.presenting.event_values import build_clash_list
from api.presenting.explanation_view import ClashItem, CostCalendar
from api.presenting.headline import build_infeasible_headline
from api.presenting.heatmap import build_cost_map
from api.presenting.information_values import build_call_list
from api.presenting.names import Names
from scheduler import Explanation, Problem
from scheduler.explaining.explanation import Asking, Clashes, Conflicts, Habits, Heatmap

MOST_DATES = 5


def print_explanation(problem: Problem, answer: Explanation, wording: Wording) -> None:
    """Print one answer to why."""
    screen, names = console(), Names.of(problem, wording)
    screen.print(Text(problem.title, style="bold"))
    match answer:
        case Conflicts(status="infeasible"):
            found = build_infeasible_headline(answer.conflict, answer.relaxations, problem, names, wording)
            print_headline(screen, found, wording)
        case _ if answer.status == "infeasible":
            _say(screen, [wording.say("Proven: no plan keeps all the rules. Ask for --what conflicts to see why.")])
        case _ if answer.status == "unknown":
            _say(
                screen,
                [wording.say("The time ran out before any plan was found; it is not proven that there is none.")],
            )
        case Conflicts():
            _say(screen, [wording.say("No rules stand in each other's way: there is a plan that keeps them all.")])
        case Heatmap():
            _print_costs(screen, answer, problem, names, wording)
        case Clashes():
            _print_movables(screen, answer, problem, names, wording)
        case Asking():
            _print_people(screen, answer, problem, wording)
        case Habits():
            _print_ways(screen, answer, problem, names, wording)


def _say(screen: Console, sentences: Sequence[str] | Iterator[str]) -> None:
    for sentence in sentences:
        screen.print(Text(sentence))


def _table(headings: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _print_costs(screen: Console, answer: Heatmap, problem: Problem, names: Names, wording: Wording) -> None:
    starts = {one.meeting: one.starts_at for one in answer.plan}
    found = build_cost_map(answer, starts, problem, names, wording)
    if found is None:
        return
    _say(screen, found.introduction)
    table = _table(
        [wording.say("Meeting"), wording.say("Best"), wording.say("Cheapest other dates"), wording.say("Not possible")]
    )
    for calendar in (one for group in found.groups for one in group.calendars):
        table.add_row(*(Text("\n".join(lines)) for lines in _lines(calendar, wording)))
    screen.print(table)


def _lines(calendar: CostCalendar, wording: Wording) -> Iterator[Sequence[str]]:
    """Yield what stands in each column."""
    left = len(calendar.best) - MOST_DATES
    more = [wording.say("and {count} more", count=left)] if left > 0 else []
    yield [calendar.name]
    yield [*calendar.best[:MOST_DATES], *more]
    yield [*calendar.cheapest[:MOST_DATES], *([calendar.left_out] if calendar.left_out else [])]
    yield calendar.barred


def _print_movables(screen: Console, answer: Clashes, problem: Problem, names: Names, wording: Wording) -> None:
    starts = {one.meeting: one.starts_at for one in answer.plan}
    found = build_clash_list(answer, starts, problem, names, wording)
    if found is None:
        return
    _say(screen, found.introduction)
    _print_numbered(screen, found.singles)
    _say(screen, [found.more] if found.more else [])
    if found.pairs:
        _say(screen, [wording.say("Only two together give something:")])
        _print_numbered(screen, found.pairs)


def _print_numbered(screen: Console, several: Sequence[ClashItem]) -> None:
    for number, one in enumerate(several, start=1):
        screen.print(Text(f"{number:3}. {one.title}"))
        screen.print(Padding(Text(" ".join(one.sentences)), (0, 0, 0, 5)))
        for choice in one.choices:
            screen.print(Padding(Text(f"• {choice}"), (0, 0, 0, 5)))


def _print_people(screen: Console, answer: Asking, problem: Problem, wording: Wording) -> None:
    found = build_call_list(answer, problem, wording)
    if found is None:
        _say(screen, [wording.say("Everybody's calendar is known.")])
        return
    _say(screen, found.introduction)
    if found.people:
        table = _table([wording.say("Person"), wording.say("Party"), wording.say("Expected gain")])
        for one in found.people:
            table.add_row(*(Text(cell) for cell in (one.person, one.party, one.worth)))
        screen.print(table)
    _say(screen, found.rest)


def _print_ways(screen: Console, answer: Habits, problem: Problem, names: Names, wording: Wording) -> None:
    found = build_baseline_table(answer, problem, names, wording)
    if found is None:
        return
    _say(screen, [*found.introduction, *found.habits])
    table = _table(
        [
            wording.say("Way to choose"),
            wording.say("Expected absences"),
            wording.say("Expected attendance"),
            wording.say("Least chance of quorum"),
        ]
    )
    for one in found.rows:
        table.add_row(*(Text(cell) for cell in (one.name, one.absences, one.attendance, one.quorum)))
    screen.print(table)
