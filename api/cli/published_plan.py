"""The published plan that is to be repaired: from a named file, from the problem, or from the output folder."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from api.cli.failure import Failure
from api.cli.plan_file import PlanFile, load_plan_file
from api.i18n import Wording
from scheduler import Problem


def add_published_plan(problem: Problem, starts: Mapping[str, datetime], path: Path) -> Problem:
    """Return the problem with the starts of the plan in the file ``path`` published."""
    unknown = [meeting for meeting in starts if meeting not in problem.meetings_by_id]
    if unknown:
        raise Failure(
            "{path} has meetings that are not in the problem: {meetings}; name the plan of this problem, or add them.",
            path=str(path),
            meetings=", ".join(unknown),
        )
    return _publish(problem, starts)


def find_published_plan(
    problem: Problem,
    starts: Mapping[str, datetime],
    folder: Path | None,
    wording: Wording,
) -> Problem:
    """Return the problem with a published plan: its own, and for other meetings that with ``starts`` in ``folder``."""
    own = {meeting: problem.instant(start) for meeting, start in problem.published.items()}
    differing = [meeting for meeting, start in starts.items() if own.get(meeting, start) != start]
    if differing:
        message = wording.say(
            "The problem publishes other dates than the plan in the folder {folder} for {meetings}; those of the"
            " problem are repaired.",
            folder=str(folder),
            meetings=wording.listing(differing),
        )
        print(message, file=sys.stderr)
    # A meeting that was removed from the problem since then has no date to keep.
    added = {
        meeting: start
        for meeting, start in starts.items()
        if meeting in problem.meetings_by_id and meeting not in problem.published
    }
    if problem.published and not added:
        return problem
    if not added:
        raise Failure(
            "There is no published plan to repair: name its file with --published PLAN.JSON, or its folder with --out,"
            " or give the meetings' starts under published in the problem."
        )
    message = wording.say("The plan in the folder {folder} counts as published and is repaired.", folder=str(folder))
    print(message, file=sys.stderr)
    return _publish(problem, added)


def _publish(problem: Problem, starts: Mapping[str, datetime]) -> Problem:
    """Return the problem with ``starts`` published as well; it is validated anew."""
    document = {name: getattr(problem, name) for name in Problem.model_fields}
    document["published"] = {**problem.published, **starts}
    return Problem.of(document)


def read_named_plan(path: Path) -> Mapping[str, datetime]:
    """Return the start of each meeting in the plan of a file ``plan.json``."""
    starts = _read_named_file(path).starts
    if not starts:
        sentence = "{path} holds no plan, because no date was possible then; name a plan.json with dates."
        raise Failure(sentence, path=str(path))
    return starts


def _read_named_file(path: Path) -> PlanFile:
    try:
        return load_plan_file(path)
    except FileNotFoundError:
        raise Failure("There is no file {path}; check its name.", path=str(path)) from None
    except (ValidationError, OSError):
        sentence = "{path} is not a plan of this program; name the plan.json of a folder that --out has written."
        raise Failure(sentence, path=str(path)) from None
