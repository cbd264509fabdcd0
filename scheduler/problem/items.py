"""The lists within the parts of a problem: limits on their length, and the errors of their first wrong items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, get_args

from annotated_types import GroupedMetadata, MaxLen, MinLen
from pydantic import FailFast, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ErrorType

MAX_WRONG_ITEMS = 10  # errors of one list that are reported

_PYDANTIC_TYPES = frozenset(get_args(ErrorType))


@dataclass(frozen=True)
class Items(GroupedMetadata):
    """
    The least and the greatest length of a list.

    Validation stops at the first wrong item, so that a million wrong items are not read. Then the first few of the
    wrong items are looked for and reported.
    """

    least: int
    most: int

    def __iter__(self) -> Iterator[Any]:
        if self.least:
            yield MinLen(self.least)
        yield MaxLen(self.most)
        yield FailFast()
        yield WrapValidator(_list_wrong_items)


def _list_wrong_items(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Validate a list; if an item is wrong, raise the errors of the first wrong items, not of the very first only."""
    try:
        return handler(value)
    except ValidationError as first:
        if not isinstance(value, list | tuple) or not any(error["loc"] for error in first.errors(include_input=False)):
            raise
        errors = list(islice(_item_errors(value, handler), MAX_WRONG_ITEMS))
        raise ValidationError.from_exception_data(first.title, errors) from None


def _item_errors(items: Sequence[Any], handler: ValidatorFunctionWrapHandler) -> Iterator[InitErrorDetails]:
    """Validate each item as a list of its own, and yield the errors inside it."""
    for index, item in enumerate(items):
        try:
            handler([item])
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                # A list of one item may be too short: that is no error inside it.
                if error["loc"]:
                    yield _moved_error(error, (index, *error["loc"][1:]))


def _moved_error(error: ErrorDetails, loc: tuple[int | str, ...]) -> InitErrorDetails:
    """Return an error at another location, to be raised anew."""
    error_type: Any = error["type"]
    if error_type not in _PYDANTIC_TYPES:
        error_type = PydanticCustomError(error_type, error["msg"], error.get("ctx"))
    return InitErrorDetails(type=error_type, loc=loc, input=error["input"], ctx=error.get("ctx", {}))
