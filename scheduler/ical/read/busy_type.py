"""Map status, transparency, reply and free-busy type of an event to a kind of busy time."""

from itertools import product
from typing import Literal

from scheduler.ical.read.redact import Component

BusyKind = Literal["busy", "busy_tentative", "busy_unavailable"]

# MS-OXCICAL, section 2.1.3.1.1.20.31: what Outlook and Exchange show as the time's colour.
_MICROSOFT_BUSY_STATUS: dict[str, BusyKind | None] = {
    "FREE": None,
    "WORKINGELSEWHERE": None,
    "TENTATIVE": "busy_tentative",
    "BUSY": "busy",
    "OOF": "busy_unavailable",
}
_CANCELLED = ("CANCELLED", "CANCELED")  # the second is the American spelling, which some programs write
_UNANSWERED = ("NEEDS-ACTION", "TENTATIVE")
_WEAKEST_FIRST: tuple[BusyKind | None, ...] = (None, "busy_tentative", "busy", "busy_unavailable")
_FREE_BUSY_TYPES: dict[str, BusyKind | None] = {
    "FREE": None,
    "BUSY-TENTATIVE": "busy_tentative",
    "BUSY-UNAVAILABLE": "busy_unavailable",
}


def busy_kind(event: Component) -> BusyKind | None:
    """
    Return the kind of busy time of an event for the calendar's owner; None when the owner is free.

    Each of the properties may occur once (RFC 5545, section 3.6.1). When one occurs with several values, the values
    that give the strongest kind apply, so that an owner who may be busy is busy.
    """
    # A line of free text that a broken export separates from its property may look like a status.
    statuses = {_status(text) for text in event.keywords("STATUS")}
    replies = {_reply(text) for text in event.keywords("PARTSTAT")}
    microsoft_statuses = {_microsoft_status(text) for text in event.keywords("X-MICROSOFT-CDO-BUSYSTATUS")}
    transparencies = {text == "TRANSPARENT" for text in event.keywords("TRANSP")}
    combinations = product(statuses, replies, microsoft_statuses, transparencies)
    return max((_kind(*values) for values in combinations), key=_WEAKEST_FIRST.index)


def _kind(status: str, reply: str, microsoft_status: str, is_transparent: bool) -> BusyKind | None:
    if status == "CANCELLED" or reply == "DECLINED":
        return None
    # Outlook writes TRANSP:OPAQUE for every state but free, so its own property is more precise.
    if microsoft_status:
        return _MICROSOFT_BUSY_STATUS[microsoft_status]
    if is_transparent:
        return None
    is_tentative = status == "TENTATIVE" or reply == "UNANSWERED"
    return "busy_tentative" if is_tentative else "busy"


def _status(text: str) -> str:
    """Return the class of a STATUS; there are three, so that a hostile event has few combinations of values."""
    if text in _CANCELLED:
        return "CANCELLED"
    return text if text == "TENTATIVE" else ""


def _reply(text: str) -> str:
    if text in _UNANSWERED:
        return "UNANSWERED"
    return text if text == "DECLINED" else ""


def _microsoft_status(text: str) -> str:
    return text if text in _MICROSOFT_BUSY_STATUS else ""


def free_busy_kind(free_busy_type: str) -> BusyKind | None:
    """
    Return the kind of an FBTYPE or a BUSYTYPE; None is free.

    An unknown type is busy (RFC 5545, section 3.2.9).
    """
    return _FREE_BUSY_TYPES.get(free_busy_type.upper(), "busy")
