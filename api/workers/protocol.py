"""Messages between the service and its worker processes."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import TypeAdapter

from api.i18n.wording import Language
from scheduler.explaining.explanation import ExplanationKind
from scheduler.isolation.framing import Message, encode_message
from scheduler.options import PlanOptions

Form = Literal["json", "calendar"]


@dataclass(frozen=True, slots=True)
class ProposeTask:
    """Propose plans: the form of the response, and the options of :func:`scheduler.propose`."""

    form: Form
    options: PlanOptions

    @property
    def time_limit_seconds(self) -> float:
        """The time limit of the search."""
        return self.options.time_limit_seconds


@dataclass(frozen=True, slots=True)
class ExplainTask:
    """Explain a problem: the arguments of :func:`scheduler.explain`."""

    kind: ExplanationKind
    seed: int
    time_limit_seconds: float


@dataclass(frozen=True, slots=True)
class ProblemUpload:
    """How the client sent the problem, and the language in which it reads errors. The body is sent separately."""

    language: Language
    is_gzipped: bool
    max_inflated_bytes: int


@dataclass(frozen=True, slots=True)
class SolveRequest:
    """A task for a worker."""

    upload: ProblemUpload
    task: ProposeTask | ExplainTask


_SOLVE_REQUEST = TypeAdapter(SolveRequest)


@dataclass(frozen=True, slots=True)
class SolveResponse:
    """The HTTP response to a request: status, media type and body."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class WorkerReady:
    """A worker process has loaded its modules."""


@dataclass(frozen=True, slots=True)
class RequestReceived:
    """The process that handles a request has read the whole request."""


@dataclass(frozen=True, slots=True)
class WorkerDefect:
    """An unexpected exception in a worker: its type and its traceback, without the message, which may repeat input."""

    record: str


@dataclass(frozen=True, slots=True)
class RequestEnded:
    """
    The process that handled a request has ended.

    Attributes
    ----------
    exit_status
        Negative for a signal.
    record
        The end of its standard error.
    """

    exit_status: int
    record: str


WorkerMessage = SolveResponse | WorkerReady | RequestReceived | WorkerDefect | RequestEnded


def encode_request(request: SolveRequest, body: bytes) -> bytes:
    """Return a request and the uploaded problem as a message."""
    return encode_message(asdict(request), body)


def decode_request(head: bytes) -> SolveRequest:
    """Return the request in the head of a message."""
    return _SOLVE_REQUEST.validate_json(head)


def encode_worker_message(message: WorkerMessage) -> bytes:
    """Return what a worker sends as a message."""
    match message:
        case SolveResponse(status, media_type, body):
            return encode_message({"status": status, "media_type": media_type}, body)
        case WorkerDefect(record):
            return encode_message({"defect": record})
        case RequestEnded(exit_status, record):
            return encode_message({"exit_status": exit_status, "record": record})
        case RequestReceived():
            return encode_message({"received": True})
        case WorkerReady():
            return encode_message({})


def decode_worker_message(message: Message) -> WorkerMessage:
    """Return what a worker has sent."""
    head = json.loads(message.head)
    if "status" in head:
        return SolveResponse(head["status"], head["media_type"], message.body)
    if "defect" in head:
        return WorkerDefect(head["defect"])
    if "exit_status" in head:
        return RequestEnded(head["exit_status"], head["record"])
    return RequestReceived() if "received" in head else WorkerReady()
