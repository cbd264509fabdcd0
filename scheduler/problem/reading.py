"""The door lives here: bytes go in, a question that holds together comes out, or every fault that it has."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scheduler.errors import Fault, InvalidProblem
from scheduler.problem.contradictions import contradictions
from scheduler.problem.document import Document
from scheduler.problem.parts import BRANCHES
from scheduler.problem.strict_json import pointer_token, strict_json

# pydantic's kinds of error that a person may meet, each as what to do about it; values are pydantic's own context
_SENTENCES = {
    "missing": "This key is required; add it.",
    "extra_forbidden": "This key is unknown; remove it or check its spelling.",
    "string_type": "Write text in quotation marks.",
    "string_too_short": "Write at least {min_length} character.",
    "string_too_long": "Write at most {max_length} characters.",
    "float_type": "Write a number.",
    "int_type": "Write a whole number.",
    "finite_number": "Write a finite number.",
    "greater_than_equal": "Write a number that is at least {ge}.",
    "less_than_equal": "Write a number that is at most {le}.",
    "literal_error": "Choose one of: {expected}.",
    "model_type": "Write an object in braces.",
    "model_attributes_type": "Write an object in braces.",
    "dict_type": "Write an object in braces.",
    "tuple_type": "Write a list in brackets.",
    "too_short": "List at least {min_length}.",
    "too_long": "List at most {max_length}.",
}


class Problem(Document):
    """
    One planning question that holds together.

    Raises
    ------
    InvalidProblem
        When its parts contradict each other. :meth:`read` and :meth:`of` raise it for every other fault too.
    """

    def model_post_init(self, _: Any, /) -> None:
        faults = list(contradictions(self))
        if faults:
            raise InvalidProblem(faults)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Problem":
        """Return the problem that a parsed JSON document asks; raise :class:`InvalidProblem` with every fault."""
        try:
            return cls.model_validate(document)
        except ValidationError as invalid:
            raise InvalidProblem(_faults(invalid.errors(include_url=False, include_input=False))) from None

    @classmethod
    def read(cls, raw: bytes) -> "Problem":
        """Return the problem that a JSON text in UTF-8 asks; raise :class:`InvalidProblem` with every fault."""
        document = strict_json(raw)
        if not isinstance(document, dict):
            raise InvalidProblem([Fault("", "Write an object in braces.")])
        return cls.of(document)


def _faults(errors: list[ErrorDetails]) -> list[Fault]:
    """Translate pydantic's errors; a list counted too short only because its items are at fault is left out."""
    inside = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [_fault(error) for error in errors if error["type"] != "too_short" or error["loc"] not in inside]


def _fault(error: ErrorDetails) -> Fault:
    pointer = "".join(f"/{pointer_token(step)}" for step in error["loc"] if not _is_branch(step))
    sentence = _SENTENCES.get(error["type"])
    if sentence is None:
        return Fault(pointer, error["msg"])
    return Fault(pointer, sentence, dict(error.get("ctx", {})))


def _is_branch(step: int | str) -> bool:
    """Tell whether pydantic put this step there for a branch of a union, not for a key of the document."""
    return step in BRANCHES
