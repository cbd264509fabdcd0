"""Errors of the service as problem details for HTTP APIs (RFC 9457), in Swedish and English."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from pydantic import BaseModel, Field

from api.i18n import Language, Wording
from scheduler.errors import Fault

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """A problem type: its HTTP status, the name in its URI ``/problems/{name}``, and its title."""

    status: int
    name: str
    title: str


# The titles are the reason phrases of RFC 9110; several problem types share the status 422.
NOT_FOUND = ErrorKind(404, "not-found", "Not Found")
METHOD_NOT_ALLOWED = ErrorKind(405, "method-not-allowed", "Method Not Allowed")
NOT_ACCEPTABLE = ErrorKind(406, "not-acceptable", "Not Acceptable")
TOO_SLOW = ErrorKind(408, "too-slow", "Request Timeout")
TOO_LARGE = ErrorKind(413, "too-large", "Content Too Large")
UNSUPPORTED = ErrorKind(415, "unsupported", "Unsupported Media Type")
MISDIRECTED = ErrorKind(421, "misdirected", "Misdirected Request")
INVALID = ErrorKind(422, "invalid", "Unprocessable Content")
TOO_HARD = ErrorKind(422, "too-hard", "Unprocessable Content")
NO_PLAN = ErrorKind(422, "no-plan", "Unprocessable Content")
BUSY = ErrorKind(429, "busy", "Too Many Requests")
HEAD_TOO_LARGE = ErrorKind(431, "head-too-large", "Request Header Fields Too Large")
BROKEN = ErrorKind(500, "broken", "Internal Server Error")
UNAVAILABLE = ErrorKind(503, "unavailable", "Service Unavailable")

_KINDS_BY_STATUS = {kind.status: kind for kind in (NOT_FOUND, METHOD_NOT_ALLOWED, BROKEN)}

_NO_SUCH_PATH = "No resource has this path; see /docs for all paths."
_NO_SUCH_METHOD = "The resource does not support this method; use one that the Allow header lists."
_INVALID_REQUEST = "The request is not valid; see /docs for how to send it."


class FaultDetail(BaseModel):
    """One fault in the input: where it is (JSON Pointer, RFC 6901), and how to correct it."""

    pointer: str
    detail: str


class ProblemDetails(BaseModel):
    """An error (RFC 9457), with at most a hundred faults in the input and the number of all faults."""

    type: str = Field(examples=["/problems/invalid"])
    title: str
    status: int
    detail: str
    errors: list[FaultDetail] = []
    num_errors: int = 0


@dataclass(eq=False)  # neither frozen nor slotted: Python itself writes the traceback into an exception
class ApiError(Exception):
    """
    An error that is the response to a request.

    Attributes
    ----------
    sentence
        What is wrong and what to do: an English template, which is also the key of its translation.
    values
        The values of the template.
    faults
        The faults in the input; ``num_faults`` is their total number when not all are listed.
    headers
        Further headers of the response.
    """

    kind: ErrorKind
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    num_faults: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_json(self, wording: Wording) -> bytes:
        """Return the body of the response."""
        fault_details = [
            FaultDetail(pointer=fault.pointer, detail=wording.say(fault.sentence, **fault.values))
            for fault in self.faults
        ]
        details = ProblemDetails(
            type=f"/problems/{self.kind.name}",
            title=wording.say(self.kind.title),
            status=self.kind.status,
            detail=wording.say(self.sentence, **self.values),
            errors=fault_details,
            num_errors=self.num_faults or len(fault_details),
        )
        return json.dumps(details.model_dump(), ensure_ascii=False).encode()


def language_headers(language: Language) -> dict[str, str]:
    """Return the headers of a response in a negotiated language."""
    return {"Content-Language": language, "Vary": "Accept-Language"}


def error_for_status(status: int, headers: Mapping[str, str]) -> ApiError:
    """Return the error for a status that the framework raises, such as 404 for an unknown path."""
    unnamed = ErrorKind(status, "refused", HTTPStatus(status).phrase)
    kind = _KINDS_BY_STATUS.get(status, unnamed)
    sentences = {404: _NO_SUCH_PATH, 405: _NO_SUCH_METHOD}
    sentence = sentences.get(status, _INVALID_REQUEST)
    return ApiError(kind, sentence, headers=headers)
