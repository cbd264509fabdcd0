"""Map status, transparency, reply and free-busy type of an event to a kind of busy time."""

from typing import Literal

from scheduler.ical.read.redact import Component

BusyKind = Literal["busy", "busy_tentative", "busy_unavailable"]

_MICROSOFT: dict[str, BusyKind | None] = {
    "FREE": None,
    "WORKINGELSEWHERE": None,
    "TENTATIVE": "busy_tentative",
    "BUSY": "busy",
    "OOF": "busy_unavailable",
}
_OF_FREE_BUSY: dict[str, BusyKind | None] = {
    "FREE": None,
    "BUSY-TENTATIVE": "busy_tentative",
    "BUSY-UNAVAILABLE": "busy_unavailable",
}


def kind_of(event: Component) -> BusyKind | None:
    """Return how an event binds its owner; None when it does not."""
    partstat = event.value("PARTSTAT")
    if event.value("STATUS") == "CANCELLED" or partstat == "DECLINED":
        return None
    microsoft = event.value("X-MICROSOFT-CDO-BUSYSTATUS")
    if microsoft in _MICROSOFT:
        return _MICROSOFT[microsoft]
    if event.value("TRANSP") == "TRANSPARENT":
        return None
    is_open = event.value("STATUS") == "TENTATIVE" or partstat in ("NEEDS-ACTION", "TENTATIVE")
    return "busy_tentative" if is_open else "busy"


def kind_of_type(written: str) -> BusyKind | None:
    """Return what an FBTYPE or a BUSYTYPE says; None is free, and one that nobody knows is busy."""
    return _OF_FREE_BUSY.get(written.upper(), "busy")
