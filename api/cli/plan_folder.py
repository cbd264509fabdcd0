"""The folder of a plan: ``plan.json``, the web page, the plan as a calendar, and the invitations."""

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.cli.atomic_files import lock_folder, remove_leftovers, replace_files
from api.cli.failure import Failure
from api.cli.invitation_files import FOLDER_NAMES, FileContents, FolderNames, invitation_files, obsolete_files
from api.cli.plan_changes import describe_files_to_send
from api.cli.plan_file import PLAN_NAME, PlanFile, read_plan_file
from api.i18n import Wording
from api.invitations import build_contents, list_receivers
from api.pages.plan import ExplanationSet, render_plan
from scheduler.ical.write.feed import plan_calendar
from scheduler.ical.write.revision import is_past, revise
from scheduler.problem import Problem
from scheduler.proposal import Proposals

PAGE_NAME = "plan.html"


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What was written: the list of invitations to send, empty for a first plan, and a sentence about the folder."""

    to_send: tuple[str, ...]
    summary: str


def write_plan_folder(
    problem: Problem,
    answer: Proposals,
    explained: ExplanationSet,
    folder: Path,
    wording: Wording,
    previous: PlanFile | None,
) -> FolderReport:
    """
    Write the results into ``folder`` and report what is there.

    The files are ``plan.json``, ``plan.html``, the same page in the other language (``plan.en.html`` or
    ``plan.sv.html``), and when invitations are sent, in Swedish ``sammantradesplan.ics`` and ``kallelser/*.ics``, in
    English ``plan.ics`` and ``invitations/*.ics``. ``att-skicka.txt`` or ``to-send.txt`` keeps the lists of what had to
    be sent after each change.

    Without any evidence all dates are equally good, so that nobody is invited yet.

    The invitations continue those of a ``plan.json`` that is in the folder already: a meeting keeps its UID, and its
    SEQUENCE is raised when the meeting moves (RFC 5546, section 2.1.4). Files that would not change are left alone.

    Parameters
    ----------
    previous
        The plan in the folder when this run began. If another run has written a plan since, nothing is written.
    """
    try:
        with lock_folder(folder):
            if read_plan_file(folder) != previous:
                raise Failure(
                    "Another run has written a plan into the folder {folder} since this run began; run the command"
                    " again.",
                    status=1,
                    folder=str(folder),
                )
            return _write_locked(problem, answer, explained, folder, wording, previous)
    except BlockingIOError:
        sentence = "Another run is writing into the folder {folder}; wait until it is done, and run the command again."
        raise Failure(sentence, status=1, folder=str(folder)) from None
    except OSError as error:
        sentence = "Cannot write into the folder {folder}: {reason}."
        reason = _describe_error(error, wording)
        raise Failure(sentence, status=1, folder=str(folder), reason=reason) from None


def _write_locked(
    problem: Problem,
    answer: Proposals,
    explained: ExplanationSet,
    folder: Path,
    wording: Wording,
    previous: PlanFile | None,
) -> FolderReport:
    sent = previous.invitations if previous is not None else {}
    revisions = sent
    has_evidence = answer.evidence is None or not answer.evidence.is_empty
    if answer.proposals and has_evidence:
        contents = build_contents(problem, answer.proposals[0], wording)
        revisions = revise(sent, contents, list_receivers(problem, wording), problem.today)

    names = FOLDER_NAMES[wording.language]
    if previous is not None:
        _adopt_names(folder, names)
    # The files of a held meeting stay as they were sent.
    to_come = {meeting: revision for meeting, revision in revisions.items() if not is_past(revision, problem.today)}
    invitations = invitation_files(sent, to_come, names)
    files = _page_files(problem, answer, explained, names, wording)
    if revisions:
        files[names.calendar] = plan_calendar(revisions.values(), problem.title)
        files |= invitations

    to_send: tuple[str, ...] = ()
    if sent:
        changed = describe_files_to_send(sent, revisions, problem, names, wording)
        to_send = tuple(_report_to_send(folder / names.to_send, changed, wording))
        if changed:
            files[names.to_send] = _extended_list(folder / names.to_send, changed, problem, wording)

    # Without a plan, the plan before stays published.
    published = previous.starts if previous is not None and not answer.proposals else {}
    plan = PlanFile(**dict(answer), published=published, invitations=revisions)
    if previous is None or not plan.equals_but_for_seconds(previous):
        # Written last: after a crash before it, the next run writes the same invitations with the same SEQUENCE.
        files[PLAN_NAME] = plan.model_dump_json(indent=1).encode() + b"\n"

    remove_leftovers([folder, *(folder / other.invitations for other in FOLDER_NAMES.values())])
    replace_files(folder, files, obsolete_files(sent, to_come, names) - files.keys())
    has_invitations = any(revision.receivers for revision in revisions.values())
    summary = _summary(
        has_plan=bool(answer.proposals),
        has_invitations=has_invitations,
        has_evidence=has_evidence,
        folder=str(folder),
        wording=wording,
    )
    return FolderReport(to_send, summary)


def _report_to_send(file: Path, changed: Sequence[str], wording: Wording) -> list[str]:
    """Return the list of invitation files to send, and where it is kept."""
    if changed:
        heading = wording.say("To be sent:")
        kept = wording.say("The list is kept in {file}.", file=str(file))
        return [heading, *(f"  • {line}" for line in changed), kept]
    if file.is_file():
        return [wording.say("Nothing has changed since the last list of what has to be sent, {file}.", file=str(file))]
    return [wording.say("No invitation has changed.")]


def _extended_list(file: Path, changed: Sequence[str], problem: Problem, wording: Wording) -> bytes:
    """Return the content of the list with the newest changes first; earlier lists may not have been sent yet."""
    earlier = _decoded(file.read_bytes()) if file.is_file() else ""
    heading = wording.say("To be sent after the change of {day}:", day=wording.plain_day(problem.today))
    block = "\n".join([heading, *(f"  • {line}" for line in changed)])
    return f"{block}\n\n{earlier}".encode()


def _decoded(content: bytes) -> str:
    """Return the text of a file that an editor may have saved in the older encoding of Windows."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _page_files(
    problem: Problem, answer: Proposals, explained: ExplanationSet, names: FolderNames, wording: Wording
) -> FileContents:
    """Return the page in both languages; each links to the other."""
    other = Wording("en" if wording.language == "sv" else "sv")
    page = render_plan(problem, answer, wording, explained=explained, translation=names.translation)
    translation = render_plan(problem, answer, other, explained=explained, translation=PAGE_NAME)
    return {PAGE_NAME: page.encode(), names.translation: translation.encode()}


def read_folder(folder: Path, wording: Wording) -> PlanFile | None:
    """
    Return the plan in a folder to be written; None when there is none.

    Raises
    ------
    Failure
        If the folder cannot be written, or holds a ``plan.json`` of something else.
    """
    for path in (folder, folder / FOLDER_NAMES[wording.language].invitations):
        place = path
        while not os.path.lexists(place):
            place = place.parent
        is_open = os.access(place, os.W_OK | os.X_OK)
        if place.is_dir() and is_open:
            continue
        code = errno.EACCES if place.is_dir() else errno.ENOTDIR
        reason = _describe_error(OSError(code, ""), wording)
        raise Failure("Cannot write into the folder {folder}: {reason}.", status=1, folder=str(folder), reason=reason)
    plan = read_plan_file(folder)
    invitations = [folder / names.invitations for names in FOLDER_NAMES.values()]
    if plan is None and any(any(place.glob("*.ics")) for place in invitations):
        raise Failure(
            "The folder {folder} holds invitations but no plan.json, so that they cannot be continued; restore"
            " plan.json, or choose another folder.",
            folder=str(folder),
        )
    return plan


def _adopt_names(folder: Path, names: FolderNames) -> None:
    """
    Rename what a run in another language wrote.

    Otherwise outdated invitations would remain next to the new ones, and could be sent by mistake.
    """
    for other_names in FOLDER_NAMES.values():
        pairs = [
            (folder / other_names.calendar, folder / names.calendar),
            (folder / other_names.invitations, folder / names.invitations),
            (folder / other_names.translation, folder / names.translation),
            (folder / other_names.to_send, folder / names.to_send),
        ]
        for old_path, new_path in pairs:
            if old_path.exists() and not new_path.exists():
                old_path.rename(new_path)


def _describe_error(error: OSError, wording: Wording) -> str:
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return wording.say("you have no permission")
        case errno.ENOSPC | errno.EDQUOT:
            return wording.say("the disk is full")
        case errno.EROFS:
            return wording.say("the disk is read-only")
        case errno.ENOTDIR | errno.EEXIST:
            return wording.say("a file is where a folder should be")
        case _:
            return wording.say("error {code}", code=str(error.errno))


def _summary(*, has_plan: bool, has_invitations: bool, has_evidence: bool, folder: str, wording: Wording) -> str:
    match has_plan, has_invitations:
        case True, True:
            return wording.say("The plan, its web page and the invitations are in the folder {folder}.", folder=folder)
        case True, False if not has_evidence:
            return wording.say(
                "The plan and its web page are in the folder {folder}. No invitations are written as long as nothing is"
                " known of anybody's time.",
                folder=folder,
            )
        case True, False:
            return wording.say("The plan and its web page are in the folder {folder}.", folder=folder)
        case False, True:
            return wording.say(
                "The answer and its web page are in the folder {folder}; the invitations there are unchanged.",
                folder=folder,
            )
        case _:
            return wording.say("The answer and its web page are in the folder {folder}.", folder=folder)
