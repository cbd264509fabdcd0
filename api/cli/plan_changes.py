"""What a new plan changes in a folder with a published plan: asked before it is written, and to be sent again after."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from api.cli.failure import Failure
from api.cli.invitation_files import FOLDER_NAMES, FolderNames, withdrawal_files
from api.cli.plan_file import PlanFile
from api.i18n import Language, Wording
from api.presenting.dates import format_moment
from api.presenting.names import Names
from scheduler.evidence import Evidence
from scheduler.ical.write.invitation import Content, Receiver, Revision
from scheduler.ical.write.revision import is_past
from scheduler.ical.write.revision_types import mailbox_of
from scheduler.problem import Problem
from scheduler.proposal import Proposals

YES = {"y", "yes", "j", "ja"}


def keeps_published_plan(published: PlanFile, answer: Proposals, folder: str, wording: Wording) -> bool:
    """Return, and print, whether a published plan stays because no new plan was found."""
    is_kept = bool(published.starts) and not answer.proposals
    if is_kept:
        message = wording.say(
            "No plan was found, so the published plan in the folder {folder} stays as it is.", folder=folder
        )
        print(message, file=sys.stderr)
    return is_kept


def require_evidence(published: PlanFile, evidence: Evidence, folder: Path) -> None:
    """
    Refuse a plan that rests on nothing for a folder whose invitations were sent.

    Raises
    ------
    Failure
        If there is such a folder: calendars were probably forgotten, and nobody would receive the new dates.
    """
    if evidence.is_empty and any(not revision.is_cancelled for revision in published.invitations.values()):
        raise Failure(
            "Nothing is known of anybody's time, and the folder {folder} holds invitations; nothing was written. Check"
            " --calendars, or choose another folder.",
            folder=str(folder),
        )


def require_held_dates(
    published: PlanFile, problem: Problem, answer: Proposals, folder: Path, wording: Wording
) -> None:
    """
    Refuse a plan in which a meeting was held at another time than its invitations say.

    Raises
    ------
    Failure
        If the problem, or the plan that it repairs, says so.
    """
    starts = answer.proposals[0].starts if answer.proposals else {}
    for meeting, revision in published.invitations.items():
        sent = revision.content.starts_at
        if is_past(revision, problem.today) and starts.get(meeting, sent) != sent:
            raise Failure(
                "{meeting} was held on {day} according to the invitations in the folder {folder}, and the problem gives"
                " another date; correct published or pinned in the problem, or choose another folder.",
                meeting=Names.of(problem, wording).meetings[meeting],
                day=format_moment(sent, problem, wording),
                folder=str(folder),
            )


def confirm_changes(
    published: PlanFile,
    problem: Problem,
    answer: Proposals,
    folder: Path,
    wording: Wording,
    *,
    may_move: bool,
) -> None:
    """
    Ask, in a terminal, whether a plan may replace the published plan, when it moves or cancels any meeting.

    The same holds for a run that would rewrite all invitations in another language. A repair ``may_move`` meetings.

    Raises
    ------
    Failure
        If it may not, and, where nobody can be asked, if it changes anything of this.
    """
    changes = [] if may_move else list(_moves(published, problem, answer, wording))
    changes += _cancellations(published, problem, wording)
    other_language = _other_language(folder, wording)
    if published.invitations and other_language is not None:
        changes.append(
            wording.say(
                "all invitations are written anew in this language, and have to be sent again; --lang {language} keeps"
                " them",
                language=other_language,
            )
        )
    if not changes:
        return
    heading = wording.say("The folder {folder} already holds a plan, which this plan changes:", folder=str(folder))
    print("\n".join([heading, *(f"  • {change}" for change in changes)]), file=sys.stderr)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        if may_move:
            raise Failure(
                "Nothing was written to the folder {folder}. Add --replace to replace the published plan, or choose"
                " another folder.",
                folder=str(folder),
            )
        raise Failure(
            "Nothing was written to the folder {folder}. Add --objective repair to keep the published dates where"
            " possible, --replace to replace the published plan, or choose another folder.",
            folder=str(folder),
        )
    question = wording.say("Replace the published plan? (yes or no)")
    print(question, end=" ", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in YES:
        raise Failure("Nothing was written to the folder {folder}.", status=1, folder=str(folder))


def _other_language(folder: Path, wording: Wording) -> Language | None:
    """Return the language of a folder's invitations when it is not that of this run."""
    if (folder / FOLDER_NAMES[wording.language].invitations).is_dir():
        return None
    return next((language for language, names in FOLDER_NAMES.items() if (folder / names.invitations).is_dir()), None)


def _moves(
    published: PlanFile,
    problem: Problem,
    answer: Proposals,
    wording: Wording,
) -> Iterator[str]:
    """Yield each published meeting that the best plan moves."""
    names = Names.of(problem, wording)
    starts = answer.proposals[0].starts if answer.proposals else {}
    for meeting, before in published.starts.items():
        after = starts.get(meeting)
        if after is not None and after != before:
            yield wording.say(
                "{meeting}: from {before} to {after}",
                meeting=names.meetings[meeting],
                before=format_moment(before, problem, wording),
                after=format_moment(after, problem, wording),
            )


def _cancellations(published: PlanFile, problem: Problem, wording: Wording) -> Iterator[str]:
    """Yield each published meeting that the problem no longer has, or that nobody invites to any more."""
    names = Names.of(problem, wording)
    for meeting, start in published.starts.items():
        day = format_moment(start, problem, wording)
        if problem.is_past(start):
            continue
        if meeting not in problem.meetings_by_id:
            yield wording.say("{meeting}, {before}: cancelled", meeting=meeting, before=day)
        elif _is_without_organizer(meeting, published, problem):
            yield wording.say(
                "{meeting}, {before}: cancelled for all, since the council has no organizer any more",
                meeting=names.meetings[meeting],
                before=day,
            )


def _is_without_organizer(meeting: str, published: PlanFile, problem: Problem) -> bool:
    sent = published.invitations.get(meeting)
    council = problem.councils_by_id[problem.meetings_by_id[meeting].council]
    return sent is not None and not sent.is_cancelled and council.organizer is None


def describe_files_to_send(
    sent: Mapping[str, Revision],
    revisions: Mapping[str, Revision],
    problem: Problem,
    names: FolderNames,
    wording: Wording,
) -> list[str]:
    """Return a line for each invitation file that has to be sent, with the meeting, the reason and the receiver."""
    meeting_names = Names.of(problem, wording).meetings
    lines = []
    for meeting, revision in revisions.items():
        before = sent.get(meeting)
        if before is not None and before == revision:
            continue
        name = meeting_names.get(meeting, meeting)
        for file, receiver, reason in _files(before, revision, names, wording):
            lines.append(
                wording.say(
                    "{meeting}, {reason}: {file} to {address}",
                    meeting=name,
                    reason=reason,
                    file=file,
                    address=receiver.email,
                )
            )
    return lines


def _files(
    before: Revision | None,
    revision: Revision,
    names: FolderNames,
    wording: Wording,
) -> Iterator[tuple[str, Receiver, str]]:
    """Yield the files of a meeting whose revision is new, each with its receiver and the reason to send it."""
    meeting = revision.content.meeting
    invited = set()
    for receiver in revision.receivers:
        name = names.invitation(meeting, receiver)
        invited.add(name)
        reason = _reason(before, revision, receiver, wording)
        if reason is not None:
            yield name, receiver, reason

    if before is None or revision.is_cancelled:
        return
    for file, receiver in withdrawal_files(before, revision, names):
        is_invited = any(other.person == receiver.person for other in revision.receivers)
        if is_invited:
            yield file, receiver, wording.say("cancellation to the old address")
        else:
            yield file, receiver, wording.say("cancellation, no longer invited")


def _reason(
    before: Revision | None,
    revision: Revision,
    receiver: Receiver,
    wording: Wording,
) -> str | None:
    """Return why a receiver's file has to be sent again; None when it has not."""
    if before is None:
        return wording.say("new meeting")
    if revision.is_cancelled:
        return None if before.is_cancelled else wording.say("cancelled")
    if before.is_cancelled:
        return wording.say("takes place after all")

    former = next((other for other in before.receivers if other.mailbox == receiver.mailbox), None)
    if former is None:
        has_moved = any(other.person == receiver.person for other in before.receivers)
        return wording.say("new address") if has_moved else wording.say("newly invited")
    reason = _reason_in_content(before.content, revision.content, wording)
    if reason is not None or former == receiver:
        return reason
    is_reworded = (former.name, former.role) == (receiver.name, receiver.role)
    return wording.say("new text") if is_reworded else wording.say("new name or role")


def _reason_in_content(before: Content, content: Content, wording: Wording) -> str | None:
    if (before.starts_at, before.ends_at) != (content.starts_at, content.ends_at):
        return wording.say("moved")
    if before.location != content.location:
        return wording.say("new place")
    if mailbox_of(before.organizer_email) != mailbox_of(content.organizer_email):
        return wording.say("new sender")
    return None if before == content else wording.say("new text")
