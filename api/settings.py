"""Settings of the service: limits and host names, read from environment variables ``TRETTON_…``."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Settings:
    """
    Limits and host names of the service.

    Attributes
    ----------
    max_body_mib
        The size of a request body, as it is sent.
    max_inflated_mib
        The size of a request body after decompression.
    body_seconds
        The time to receive a request body.
    max_bodies
        The number of request bodies that are received at the same time.
    max_solves
        The number of worker processes.
    max_waiting
        The number of requests that may wait for a worker process.
    solve_memory_mib
        The address space of a worker process.
    max_fetch_mib
        The size of a fetched calendar, after decompression.
    fetch_seconds
        The time to fetch a calendar, redirects included.
    fetch_hosts
        The hosts from which calendars may be fetched whatever their address, also over http: ``kalender.intranet``, or
        with a port ``127.0.0.1:5232``. All other hosts have to be public.
    hosts
        The values of the Host header that the service accepts. Empty accepts any, for a reverse proxy that checks it.
    """

    max_body_mib: int = 10
    max_inflated_mib: int = 64
    body_seconds: float = 20.0
    max_bodies: int = 32
    max_solves: int = 2
    max_waiting: int = 8
    solve_memory_mib: int = 3072
    max_fetch_mib: int = 10
    fetch_seconds: float = 30.0
    fetch_hosts: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """
        Return the settings of the environment: ``TRETTON_MAX_SOLVES=4``, ``TRETTON_HOSTS=a.example,b.example``.

        Raises
        ------
        ValueError
            When a value is invalid; the message contains the name of the variable.
        """
        values: dict[str, object] = {}
        for field in fields(cls):
            variable = f"TRETTON_{field.name.upper()}"
            text = environment.get(variable)
            if text is not None:
                values[field.name] = _parse_value(variable, text, field.default)
        return cls(**values)  # type: ignore[arg-type]  # each value has the type of its default


def _parse_value(variable: str, text: str, default: object) -> object:
    if isinstance(default, tuple):
        items = (item.strip() for item in text.split(","))
        return tuple(item for item in items if item)
    number_type = float if isinstance(default, float) else int
    try:
        number = number_type(text)
    except ValueError:
        raise ValueError(f"{variable} must be a number") from None
    if number <= 0:
        raise ValueError(f"{variable} must be above 0")
    return number
