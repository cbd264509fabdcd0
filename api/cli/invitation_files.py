"""The invitations in a plan's folder: which file each of them is, and which files are written or removed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from api.i18n import Language
from scheduler.ical.write.invitation import Receiver, Revision, cancel, request

MAX_SHOWN_ID = 60  # characters of ids in a file name that ends with a hash
MAX_SHOWN_ADDRESS = 30

_PLAIN_ID = re.compile(r"[a-z0-9]+([._-][a-z0-9]+){0,9}")  # no capitals: some file systems ignore case

FileContents = dict[str, bytes]  # by path within the folder


@dataclass(frozen=True, slots=True)
class FolderNames:
    """The names in a plan's folder that depend on the language: the calendar and more."""

    calendar: str
    invitations: str
    translation: str
    to_send: str

    def invitation(self, meeting: str, receiver: Receiver) -> str:
        """Return a path that every file system accepts and that no other pair of ids has."""
        return f"{self.invitations}/{_stem(meeting, receiver.person)}.ics"

    def withdrawal(self, meeting: str, mailbox: str) -> str:
        """Return the path of a cancellation to a former address of a person who is still invited."""
        # Two hyphens occur once in the name of an invitation and twice in this one.
        stem = meeting if _PLAIN_ID.fullmatch(meeting) else _stem(meeting, "")
        address = _shown(mailbox)[:MAX_SHOWN_ADDRESS]
        return f"{self.invitations}/{stem}--{address}--{_digest(mailbox)[:16]}.ics"


def _stem(meeting: str, person: str) -> str:
    if _PLAIN_ID.fullmatch(meeting) and _PLAIN_ID.fullmatch(person):
        return f"{meeting}--{person}"
    shown = _shown(f"{meeting}--{person}")[:MAX_SHOWN_ID]
    return f"{shown}-{_digest(repr((meeting, person)))[:16]}"


def _shown(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", text)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


FOLDER_NAMES: dict[Language, FolderNames] = {
    "sv": FolderNames(
        calendar="sammantradesplan.ics",
        invitations="kallelser",
        translation="plan.en.html",
        to_send="att-skicka.txt",
    ),
    "en": FolderNames(
        calendar="plan.ics",
        invitations="invitations",
        translation="plan.sv.html",
        to_send="to-send.txt",
    ),
}


def invitation_files(
    sent: Mapping[str, Revision], revisions: Mapping[str, Revision], names: FolderNames
) -> FileContents:
    """Return an invitation or a cancellation for each receiver of each meeting, now or before."""
    files: FileContents = {}
    for meeting, revision in revisions.items():
        write = cancel if revision.is_cancelled else request
        for receiver in revision.receivers:
            name = names.invitation(meeting, receiver)
            files[name] = write(revision, receiver)

        if meeting in sent and not revision.is_cancelled:
            for name, receiver in withdrawal_files(sent[meeting], revision, names):
                files[name] = cancel(revision, receiver)
    return files


def withdrawal_files(before: Revision, revision: Revision, names: FolderNames) -> Iterator[tuple[str, Receiver]]:
    """Yield the cancellation for each receiver who no longer belongs to the meeting, or whose address changed."""
    meeting = revision.content.meeting
    taken = {names.invitation(meeting, receiver) for receiver in revision.receivers}
    for receiver in before.receivers:
        if receiver.mailbox in revision.withdrawn:
            name = names.invitation(meeting, receiver)
            yield names.withdrawal(meeting, receiver.mailbox) if name in taken else name, receiver


def obsolete_files(sent: Mapping[str, Revision], revisions: Mapping[str, Revision], names: FolderNames) -> set[str]:
    """
    Return the files that were written for earlier revisions; those that are not written again have to be removed.

    That is so when a mailbox is now invited under another person's name, when a receiver became the organizer, and
    when a former address is invited again.
    """
    files: set[str] = set()
    for meeting in revisions.keys() & sent.keys():
        before = sent[meeting]
        files |= {names.invitation(meeting, receiver) for receiver in before.receivers}
        invited_again = before.withdrawn.keys() - revisions[meeting].withdrawn.keys()
        files |= {names.withdrawal(meeting, mailbox) for mailbox in invited_again}
    return files
