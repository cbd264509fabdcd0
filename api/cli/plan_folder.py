"""Who writes a plan into a folder: every file whole or not at all, and invitations that go on from the last ones."""

import os
import re
import tempfile
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from api.cli.output import Failure
from api.i18n import Wording
from api.invitations import contents, receivers
from api.pages.plan import ExplanationSet, render_plan
from scheduler.ical.write.feed import plan_calendar
from scheduler.ical.write.invitation import Revision, cancel, request
from scheduler.ical.write.revision import revise
from scheduler.problem import Problem
from scheduler.proposal import Proposals

PLAN, PAGE, CALENDAR, INVITATIONS = "plan.json", "plan.html", "sammantradesplan.ics", "kallelser"

_PLAIN_ID = re.compile(r"[a-z0-9]+([._-][a-z0-9]+){0,9}")  # no capitals: some disks take them for small letters

Files = dict[str, bytes]  # by path within the folder


class PlanFile(Proposals):
    """The answer as it stands in ``plan.json``, with the revision in which each meeting was last sent."""

    invitations: dict[str, Revision] = {}  # noqa: RUF012  # pydantic copies it

    @property
    def starts(self) -> dict[str, datetime]:
        """Each meeting's start in the best plan, by its id; where none was found any more, as last sent."""
        if self.proposals:
            return self.proposals[0].starts
        sent = self.invitations.items()
        return {meeting: one.content.starts_at for meeting, one in sent if not one.is_cancelled}


def write_results(
    problem: Problem, answer: Proposals, explained: ExplanationSet, folder: Path, wording: Wording
) -> str:
    """
    Write ``plan.json``, ``plan.html``, the year as ``sammantradesplan.ics`` and ``kallelser/*.ics``; say what is there.

    Invitations go on from the ``plan.json`` that stands in the folder: a meeting keeps its UID for life, and its
    SEQUENCE rises when it moves. Files that would not change are left alone.
    """
    before = standing_plan(folder)
    sent = before.invitations if before is not None else {}
    revisions = sent
    if answer.proposals:
        best = answer.proposals[0]
        revisions = revise(sent, contents(problem, best, wording), receivers(problem), problem.today)
    plan = PlanFile(**dict(answer), invitations=revisions)
    files: Files = {PAGE: render_plan(problem, answer, wording, explained=explained).encode()}
    if revisions:
        files[CALENDAR] = plan_calendar(revisions.values(), problem.title)
        files |= _invitations(sent, revisions)
    if before is None or _timeless(before) != _timeless(plan):
        files[PLAN] = plan.model_dump_json(indent=1).encode() + b"\n"  # last, so that a crash before it repeats itself
    try:
        _replace(folder, files)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Failure("{folder} cannot be written ({reason}).", status=1, folder=str(folder), reason=reason) from None
    has_invitations = any(name.startswith(f"{INVITATIONS}/") for name in files)
    return _told(bool(answer.proposals), has_invitations, str(folder), wording)


def _told(has_plan: bool, has_invitations: bool, folder: str, wording: Wording) -> str:
    match has_plan, has_invitations:
        case True, True:
            return wording.say("The plan, its page and the invitations are in {folder}.", folder=folder)
        case True, False:
            return wording.say("The plan and its page are in {folder}.", folder=folder)
        case False, True:
            return wording.say(
                "The answer and its page are in {folder}; the invitations there stay as they were.", folder=folder
            )
        case _:
            return wording.say("The answer and its page are in {folder}.", folder=folder)


def standing_plan(folder: Path) -> PlanFile | None:
    """Return the plan that was written into the folder before; None when there is none."""
    try:
        return PlanFile.model_validate_json((folder / PLAN).read_bytes())
    except FileNotFoundError:
        return None
    except (ValidationError, OSError):
        raise Failure(
            "{path} is not a plan of ours, and the invitations' numbers go on from it; restore or move it, or choose"
            " another folder.",
            path=str(folder / PLAN),
        ) from None


def _timeless(plan: PlanFile) -> str:
    stages = tuple(stage.model_copy(update={"seconds": 0.0}) for stage in plan.solver.stages)
    solver = plan.solver.model_copy(update={"stages": stages})
    return plan.model_copy(update={"solver": solver}).model_dump_json()


def _invitations(sent: Mapping[str, Revision], revisions: Mapping[str, Revision]) -> Files:
    files: Files = {}
    for meeting, revision in revisions.items():
        for receiver in revision.receivers:
            write = cancel if revision.is_cancelled else request
            files[_file_name(meeting, receiver.person)] = write(revision, receiver)
        for receiver in sent[meeting].receivers if meeting in sent else ():
            if receiver.email in revision.withdrawn and not revision.is_cancelled:
                name = _file_name(meeting, receiver.person)
                files[name if name not in files else name.replace(".ics", "-old.ics")] = cancel(revision, receiver)
    return files


def _file_name(meeting: str, person: str) -> str:
    """Return a name that any disk takes and that no other pair of ids has."""
    if _PLAIN_ID.fullmatch(meeting) and _PLAIN_ID.fullmatch(person):
        return f"{INVITATIONS}/{meeting}--{person}.ics"
    shown = re.sub(r"[^A-Za-z0-9]+", "_", f"{meeting}--{person}")[:60]
    return f"{INVITATIONS}/{shown}-{sha256(repr((meeting, person)).encode()).hexdigest()[:16]}.ics"


def _replace(folder: Path, files: Files) -> None:
    """Write all files beside their places first, then put each in its place; on trouble none is left half written."""
    staged: list[tuple[Path, Path]] = []
    try:
        for name, content in files.items():
            place = folder / name
            if not place.is_file() or place.read_bytes() != content:
                staged.append((_stage(place, content), place))
        for temporary, place in staged:
            temporary.replace(place)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _stage(place: Path, content: bytes) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path = Path(name)
    path.chmod(0o644)  # as any file that a person saves; mkstemp makes it private
    return path
