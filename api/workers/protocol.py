"""What passes between the service and a child lives here: a question, its answer, and how both are framed."""

import json
import struct
from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import TypeAdapter

from api.i18n.wording import Language
from scheduler.explaining.explanation import ExplanationKind
from scheduler.proposal import Objective

LENGTHS = struct.Struct(">II")  # of the head and of the body, in octets

Form = Literal["json", "calendar"]


@dataclass(frozen=True, slots=True)
class Plans:
    """Plans are wanted: in which form, and what is sought."""

    form: Form
    objective: Objective
    give_up: float
    move_cost: float
    alternatives: int
    min_days: int
    min_moved: int | None


@dataclass(frozen=True, slots=True)
class Why:
    """A reason is wanted."""

    kind: ExplanationKind


@dataclass(frozen=True, slots=True)
class Sent:
    """How a problem was sent, and by whom: the body travels apart."""

    language: Language
    is_gzipped: bool
    max_inflated_bytes: int


@dataclass(frozen=True, slots=True)
class Question:
    """A problem as it was sent, what is wanted of it, and how long to search."""

    sent: Sent
    wanted: Plans | Why
    seed: int
    time_limit_seconds: float


_QUESTION = TypeAdapter(Question)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out to the caller."""

    status: int
    media_type: str
    body: bytes


def framed(head: object, body: bytes) -> bytes:
    """Return a message: two lengths, the head as JSON, the body."""
    written = json.dumps(head).encode()
    return LENGTHS.pack(len(written), len(body)) + written + body


def question_message(question: Question, body: bytes) -> bytes:
    """Return a question as it is sent to a child."""
    return framed(asdict(question), body)


def question_of(head: bytes) -> Question:
    """Return the question that a message's head tells."""
    return _QUESTION.validate_json(head)


def answer_message(answer: Answer) -> bytes:
    """Return an answer as a child sends it back."""
    return framed({"status": answer.status, "media_type": answer.media_type}, answer.body)
