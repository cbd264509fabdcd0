"""Who finds the plan that was published: in the file named, in the problem, or in the folder that is written into."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from api.cli.output import Failure
from api.cli.plan_folder import PlanFile, standing_plan
from api.i18n import Wording
from scheduler import Problem


def with_plan_of(problem: Problem, path: Path) -> Problem:
    """Return the problem with the best plan of a ``plan.json`` as the published one."""
    starts = _named_plan(path).starts
    if not starts:
        raise Failure("{path} holds no plan: no date fitted then; name a plan.json that has dates.", path=str(path))
    unknown = [meeting for meeting in starts if meeting not in problem.meetings_by_id]
    if unknown:
        raise Failure(
            "{path} has meetings that the problem has not: {meetings}; name this problem's plan, or add them to it.",
            path=str(path),
            meetings=", ".join(unknown),
        )
    return _published(problem, starts)


def to_be_repaired(problem: Problem, folder: Path | None, wording: Wording) -> Problem:
    """Return the problem with a published plan: its own, or else the one that stands in ``folder``."""
    if problem.published:
        return problem
    standing = standing_plan(folder) if folder is not None else None
    starts = standing.starts if standing is not None else {}
    kept = {meeting: start for meeting, start in starts.items() if meeting in problem.meetings_by_id}
    if not kept:
        raise Failure(
            "There is no published plan to repair: name one with --published PLAN.JSON, give the meetings' starts"
            " under published in the problem, or name the folder of the plan with --out."
        )
    print(
        wording.say("The plan that stands in {folder} is taken as published, and repaired.", folder=str(folder)),
        file=sys.stderr,
    )
    return _published(problem, kept)


def _published(problem: Problem, starts: Mapping[str, datetime]) -> Problem:
    return Problem.of({name: getattr(problem, name) for name in Problem.model_fields} | {"published": starts})


def _named_plan(path: Path) -> PlanFile:
    try:
        return PlanFile.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise Failure("There is no file {path}; check its name.", path=str(path)) from None
    except (ValidationError, OSError):
        raise Failure(
            "{path} is not a plan of ours; name the plan.json of a folder that --out has written.", path=str(path)
        ) from None
