"""The folder of a plan: ``plan.json``, the web page, the plan as a calendar, and the invitations."""

import errno
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from api.cli.atomic_files import replace_files
from api.cli.failure import Failure
from api.cli.plan_file import PLAN_NAME, PlanFile, read_plan_file
from api.i18n import Language, Wording
from api.invitations import build_contents, list_receivers
from api.pages.plan import ExplanationSet, render_plan
from scheduler.ical.write.feed import plan_calendar
from scheduler.ical.write.invitation import Revision, cancel, request
from scheduler.ical.write.revision import is_past, revise
from scheduler.problem import Problem
from scheduler.proposal import Proposals

PAGE_NAME = "plan.html"
MAX_SHOWN_ID = 60  # characters of ids in a file name that ends with a hash

_PLAIN_ID = re.compile(r"[a-z0-9]+([._-][a-z0-9]+){0,9}")  # no capitals: some file systems ignore case

FileContents = dict[str, bytes]  # by path within the folder


@dataclass(frozen=True, slots=True)
class FolderNames:
    """The names in a plan's folder that depend on the language: calendar, invitations, page in the other language."""

    calendar: str
    invitations: str
    translation: str

    def invitation(self, meeting: str, person: str) -> str:
        """Return a path that every file system accepts and that no other pair of ids has."""
        if _PLAIN_ID.fullmatch(meeting) and _PLAIN_ID.fullmatch(person):
            return f"{self.invitations}/{meeting}--{person}.ics"
        shown = re.sub(r"[^A-Za-z0-9]+", "_", f"{meeting}--{person}")[:MAX_SHOWN_ID]
        digest = sha256(repr((meeting, person)).encode()).hexdigest()[:16]
        return f"{self.invitations}/{shown}-{digest}.ics"


FOLDER_NAMES: dict[Language, FolderNames] = {
    "sv": FolderNames(calendar="sammantradesplan.ics", invitations="kallelser", translation="plan.en.html"),
    "en": FolderNames(calendar="plan.ics", invitations="invitations", translation="plan.sv.html"),
}


def write_plan_folder(
    problem: Problem, answer: Proposals, explained: ExplanationSet, folder: Path, wording: Wording
) -> str:
    """
    Write the results into ``folder`` and return a sentence that says what is there.

    The files are ``plan.json``, ``plan.html``, the same page in the other language (``plan.en.html`` or
    ``plan.sv.html``), and when invitations are sent, in Swedish ``sammantradesplan.ics`` and ``kallelser/*.ics``, in
    English ``plan.ics`` and ``invitations/*.ics``.

    Without any evidence all dates are equally good, so that nobody is invited yet.

    The invitations continue those of a ``plan.json`` that is in the folder already: a meeting keeps its UID, and its
    SEQUENCE is raised when the meeting moves (RFC 5546, section 2.1.4). Files that would not change are left alone.
    """
    previous = read_plan_file(folder)
    sent = previous.invitations if previous is not None else {}
    revisions = sent
    has_evidence = answer.evidence is None or not answer.evidence.is_empty
    if answer.proposals and has_evidence:
        best = answer.proposals[0]
        revisions = revise(sent, build_contents(problem, best, wording), list_receivers(problem), problem.today)

    names = FOLDER_NAMES[wording.language]
    # The files of a held meeting stay as they were sent.
    to_come = {meeting: revision for meeting, revision in revisions.items() if not is_past(revision, problem.today)}
    invitations = _invitation_files(sent, to_come, names)
    files = _page_files(problem, answer, explained, names, wording)
    if revisions:
        files[names.calendar] = plan_calendar(revisions.values(), problem.title)
        files |= invitations

    # Without a plan, the plan before stays published.
    published = previous.starts if previous is not None and not answer.proposals else {}
    plan = PlanFile(**dict(answer), published=published, invitations=revisions)
    if previous is None or not plan.equals_but_for_seconds(previous):
        # Written last: after a crash before it, the next run writes the same invitations with the same SEQUENCE.
        files[PLAN_NAME] = plan.model_dump_json(indent=1).encode() + b"\n"
    _write(folder, files, wording, is_continued=previous is not None)
    has_invitations = any(revision.receivers for revision in revisions.values())
    return _summary(bool(answer.proposals), has_invitations, str(folder), wording)


def _page_files(
    problem: Problem, answer: Proposals, explained: ExplanationSet, names: FolderNames, wording: Wording
) -> FileContents:
    """Return the page in both languages; each links to the other."""
    other = Wording("en" if wording.language == "sv" else "sv")
    page = render_plan(problem, answer, wording, explained=explained, translation=names.translation)
    translation = render_plan(problem, answer, other, explained=explained, translation=PAGE_NAME)
    return {PAGE_NAME: page.encode(), names.translation: translation.encode()}


def _invitation_files(
    sent: Mapping[str, Revision], revisions: Mapping[str, Revision], names: FolderNames
) -> FileContents:
    """Return an invitation or a cancellation for each receiver of each meeting, now or before."""
    files: FileContents = {}
    for meeting, revision in revisions.items():
        write = cancel if revision.is_cancelled else request
        for receiver in revision.receivers:
            name = names.invitation(meeting, receiver.person)
            files[name] = write(revision, receiver)

        # A receiver who no longer belongs to the meeting, or whose address changed, gets a cancellation.
        if meeting not in sent or revision.is_cancelled:
            continue
        for receiver in sent[meeting].receivers:
            if receiver.email in revision.withdrawn:
                name = names.invitation(meeting, receiver.person)
                if name in files:
                    name = name.replace(".ics", "-old.ics")
                files[name] = cancel(revision, receiver)
    return files


def _write(folder: Path, files: FileContents, wording: Wording, *, is_continued: bool) -> None:
    try:
        if is_continued:
            _adopt_names(folder, FOLDER_NAMES[wording.language])
        replace_files(folder, files)
    except OSError as error:
        sentence = "Cannot write into the folder {folder}: {reason}."
        reason = _describe_error(error, wording)
        raise Failure(sentence, status=1, folder=str(folder), reason=reason) from None


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
    return read_plan_file(folder)


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


def _summary(has_plan: bool, has_invitations: bool, folder: str, wording: Wording) -> str:
    match has_plan, has_invitations:
        case True, True:
            return wording.say("The plan, its web page and the invitations are in the folder {folder}.", folder=folder)
        case True, False:
            return wording.say("The plan and its web page are in the folder {folder}.", folder=folder)
        case False, True:
            return wording.say(
                "The answer and its web page are in the folder {folder}; the invitations there are unchanged.",
                folder=folder,
            )
        case _:
            return wording.say("The answer and its web page are in the folder {folder}.", folder=folder)
