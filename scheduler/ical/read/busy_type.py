"""Map status, transparency, reply and free-busy type of an event to a kind of busy time."""

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
_FREE_BUSY_TYPES: dict[str, BusyKind | None] = {
    "FREE": None,
    "BUSY-TENTATIVE": "busy_tentative",
    "BUSY-UNAVAILABLE": "busy_unavailable",
}


def busy_kind(event: Component) -> BusyKind | None:
    """Return the kind of busy time of an event for the calendar's owner; None when the owner is free."""
    status = event.keyword("STATUS")
    reply = event.keyword("PARTSTAT")
    if status == "CANCELLED" or reply == "DECLINED":
        return None

    # Outlook writes TRANSP:OPAQUE for every state but free, so its own property is more precise.
    microsoft_status = event.keyword("X-MICROSOFT-CDO-BUSYSTATUS")
    if microsoft_status in _MICROSOFT_BUSY_STATUS:
        return _MICROSOFT_BUSY_STATUS[microsoft_status]

    if event.keyword("TRANSP") == "TRANSPARENT":
        return None
    is_tentative = status == "TENTATIVE" or reply in ("NEEDS-ACTION", "TENTATIVE")
    return "busy_tentative" if is_tentative else "busy"


def free_busy_kind(free_busy_type: str) -> BusyKind | None:
    """
    Return the kind of an FBTYPE or a BUSYTYPE; None is free.

    An unknown type is busy (RFC 5545, section 3.2.9).
    """
    return _FREE_BUSY_TYPES.get(free_busy_type.upper(), "busy")
