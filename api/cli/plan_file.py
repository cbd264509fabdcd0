"""The file ``plan.json`` of a plan's folder: the proposals, and the invitations that were written last."""

import operator
import os
from datetime import datetime
from pathlib import Path

from pydantic import Field, ValidationError

from api.cli.failure import Failure
from scheduler.ical.write.invitation import Revision
from scheduler.proposal import Proposals
from scheduler.regular_file import read_limited

PLAN_NAME = "plan.json"
MIB = 2**20
MAX_PLAN_MIB = 128


class PlanFile(Proposals):
    """
    The proposals, and by meeting id the revision in which the invitations to the meeting were written last.

    ``published`` are the starts of the plan before, when there are no proposals.
    """

    published: dict[str, datetime] = Field(default_factory=dict, exclude_if=operator.not_)
    invitations: dict[str, Revision] = {}  # noqa: RUF012  # pydantic copies it

    @property
    def starts(self) -> dict[str, datetime]:
        """
        The start of each meeting, by id: in the best plan, else in the plan before, else in the invitations.

        A plan that rests on nothing, to which nobody was invited, was not published.
        """
        is_empty = self.evidence is not None and self.evidence.is_empty
        if is_empty and not self.invitations:
            return {}
        if self.proposals:
            return self.proposals[0].starts
        starts = dict(self.published)
        for meeting, revision in self.invitations.items():
            if not revision.is_cancelled and not self.published:
                starts[meeting] = revision.content.starts_at
        return starts

    @property
    def meetings_by_uid(self) -> dict[str, str]:
        """The meeting of each invitation that was sent, by UID."""
        return {revision.uid: meeting for meeting, revision in self.invitations.items()}

    def equals_but_for_seconds(self, other: "PlanFile") -> bool:
        """Return whether both are equal apart from the seconds that the computation took."""
        return self.json_without_seconds() == other.json_without_seconds()

    def json_without_seconds(self) -> str:
        """Return the file's content with the seconds of every stage set to 0."""
        stages = tuple(stage.model_copy(update={"seconds": 0.0}) for stage in self.solver.stages)
        solver = self.solver.model_copy(update={"stages": stages})
        return self.model_copy(update={"solver": solver}).model_dump_json()


def load_plan_file(path: Path) -> PlanFile:
    """Return the plan in a file; raise ``ValidationError`` or ``OSError`` when there is none."""
    content = read_limited(path, MAX_PLAN_MIB * MIB)
    if len(content) > MAX_PLAN_MIB * MIB:
        raise Failure("{path} is larger than {limit} MiB, and no plan is.", path=str(path), limit=MAX_PLAN_MIB)
    return PlanFile.model_validate_json(content)


def read_plan_file(folder: Path) -> PlanFile | None:
    """Return the plan that was written into ``folder`` before; None when there is none."""
    path = folder / PLAN_NAME
    if not os.path.lexists(path):
        return None
    try:
        return load_plan_file(path)
    except (ValidationError, OSError):
        # Without the plan, invitations would restart at SEQUENCE 0, and calendars would ignore them as outdated.
        raise Failure(
            "{path} is not a plan of this program, and new invitations must follow the last ones; restore or move the"
            " file, or choose another folder.",
            path=str(path),
        ) from None
