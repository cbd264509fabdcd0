"""What an operator may set lives here: limits and names, each from an environment variable ``TRETTON_…``."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Settings:
    """
    The limits of the service; each is documented on its page of limits.

    ``hosts`` are the names by which the service may be called; empty means any, for a proxy that checks itself.
    ``fetch_hosts`` are those that calendars may be fetched from wherever they lie, a private network or this machine
    included, and over plain http: ``kalender.intranet``, or with a port ``127.0.0.1:5232``. All others must be public.
    """

    max_body_mib: int = 10
    max_inflated_mib: int = 64
    body_seconds: float = 20.0  # to receive a whole body in
    max_bodies: int = 32  # being received at once
    max_solves: int = 2  # at once, a child process each
    max_waiting: int = 8  # for one of those to be free
    solve_memory_mib: int = 3072  # of address space, a child
    max_fetch_mib: int = 10  # of one calendar from the network, unpacked
    fetch_seconds: float = 30.0  # for all of it, redirects included
    fetch_hosts: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """
        Return the settings that the environment gives: ``TRETTON_MAX_SOLVES=4``, ``TRETTON_HOSTS=a.example,b.example``.

        Raises
        ------
        ValueError
            When one cannot be read; the message names it.
        """
        given: dict[str, object] = {}
        for field in fields(cls):
            name = f"TRETTON_{field.name.upper()}"
            if name in environment:
                given[field.name] = _read(name, environment[name], field.default)
        return cls(**given)  # type: ignore[arg-type]  # each is read as its default's type


def _read(name: str, text: str, default: object) -> object:
    if isinstance(default, tuple):
        return tuple(filter(None, (part.strip() for part in text.split(","))))
    try:
        number = float(text) if isinstance(default, float) else int(text)
    except ValueError:
        raise ValueError(f"{name} must be a number") from None
    if number <= 0:
        raise ValueError(f"{name} must be above 0")
    return number
