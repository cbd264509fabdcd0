"""Errors as the service tells them: one table from what went wrong to problem+json (RFC 9457), in two languages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from pydantic import BaseModel, Field

from api.i18n import Language, Wording
from scheduler.errors import Fault

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of error: its status, its stable name under ``/problems/``, its title."""

    status: int
    name: str
    title: str


NOT_FOUND = Kind(404, "not-found", "There is nothing here")
METHOD_NOT_ALLOWED = Kind(405, "method-not-allowed", "This address does not take that method")
NOT_ACCEPTABLE = Kind(406, "not-acceptable", "This answer cannot be had in that form")
TOO_SLOW = Kind(408, "too-slow", "The question took too long to arrive")
TOO_LARGE = Kind(413, "too-large", "The question is too large")
UNSUPPORTED = Kind(415, "unsupported", "The question is in a form that is not taken")
MISDIRECTED = Kind(421, "misdirected", "The service is not called by that name")
INVALID = Kind(422, "invalid", "The question cannot be worked out as it stands")
TOO_HARD = Kind(422, "too-hard", "The question is too large to be worked out here")
NO_PLAN = Kind(422, "no-plan", "There is no plan to make a calendar of")
BUSY = Kind(429, "busy", "Too many questions at once")
BROKEN = Kind(500, "broken", "The service has a defect")
UNAVAILABLE = Kind(503, "unavailable", "The service cannot answer just now")
BY_STATUS = {kind.status: kind for kind in (NOT_FOUND, METHOD_NOT_ALLOWED, BROKEN)}


class FaultDetail(BaseModel):
    """Where in the question a fault stands (JSON Pointer, RFC 6901), and what to do about it."""

    pointer: str
    detail: str


class ProblemDetails(BaseModel):
    """What went wrong, as RFC 9457 has it, with the first hundred faults and how many there are."""

    type: str = Field(examples=["/problems/invalid"])
    title: str
    status: int
    detail: str
    errors: list[FaultDetail] = []
    num_errors: int = 0


@dataclass(eq=False)  # neither frozen nor slotted: Python itself writes the traceback into an exception
class Refusal(Exception):
    """A request that is not answered, and why: ``sentence`` tells the caller what to do next."""

    kind: Kind
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    num_faults: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self, wording: Wording) -> bytes:
        """Return the body of the answer."""
        details = ProblemDetails(
            type=f"/problems/{self.kind.name}",
            title=wording.say(self.kind.title),
            status=self.kind.status,
            detail=wording.say(self.sentence, **self.values),
            errors=[
                FaultDetail(pointer=fault.pointer, detail=wording.say(fault.sentence, **fault.values))
                for fault in self.faults
            ],
            num_errors=self.num_faults or len(self.faults),
        )
        return json.dumps(details.model_dump(), ensure_ascii=False).encode()


def headers_in(language: Language) -> dict[str, str]:
    """Return the headers of an answer that is said in ``language`` because the caller reads it."""
    return {"Content-Language": language, "Vary": "Accept-Language"}


def refusal_of(status: int, headers: Mapping[str, str]) -> Refusal:
    """Return the refusal for what the framework found by itself: an address or a method that is not there."""
    kind = BY_STATUS.get(status, Kind(status, "refused", HTTPStatus(status).phrase))
    sentences = {
        404: "Check the address; /docs lists them all.",
        405: "Use one of the methods that the Allow header lists.",
    }
    return Refusal(kind, sentences.get(status, "Check the request; /docs tells how it is made."), headers=headers)
