"""What passes between the service and a child lives here: a question, its answer, and how both are framed."""

import json
import struct
from dataclasses import asdict, dataclass
from typing import Literal

from api.wording.speaking import Language
from scheduler.proposal import Objective

LENGTHS = struct.Struct(">II")  # of the head and of the body, in octets

Form = Literal["json", "calendar"]


@dataclass(frozen=True, slots=True)
class Question:
    """A problem as it was sent, and how the answer is wanted; the body travels apart."""

    form: Form
    language: Language
    is_gzipped: bool
    max_inflated_bytes: int
    objective: Objective
    give_up: float
    move_cost: float
    alternatives: int
    min_days: int
    min_moved: int | None
    seed: int
    time_limit_seconds: float


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


def answer_message(answer: Answer) -> bytes:
    """Return an answer as a child sends it back."""
    return framed({"status": answer.status, "media_type": answer.media_type}, answer.body)
