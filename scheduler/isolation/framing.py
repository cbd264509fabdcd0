"""
Length-prefixed messages between a process and its workers.

A message is two unsigned 32-bit lengths in network byte order, then a head and a body of those lengths in octets. The
head is JSON in ASCII; the body is any octets.
"""

import asyncio
import json
import struct
from collections.abc import Callable
from typing import NamedTuple

MAX_LENGTH = 2**32 - 1  # octets of a head or a body; the prefix holds no larger number

_PREFIX = struct.Struct(">II")


class Message(NamedTuple):
    """A message as received: the JSON text of its head, and its body."""

    head: bytes
    body: bytes


class MessageTooLarge(ValueError):
    """A head or a body is longer than the reader accepts."""


def encode_message(head: object, body: bytes = b"") -> bytes:
    """Return a message with ``head`` as JSON; raise :class:`MessageTooLarge` when a length does not fit the prefix."""
    encoded = json.dumps(head).encode("ascii")
    _check_lengths(len(encoded), len(body), MAX_LENGTH)
    prefix = _PREFIX.pack(len(encoded), len(body))
    return prefix + encoded + body


def decode_message(octets: bytes) -> Message | None:
    """Return the message that ``octets`` consist of; None when they are cut off or longer than the message."""
    if len(octets) < _PREFIX.size:
        return None
    head_length, body_length = _PREFIX.unpack_from(octets)
    head_end = _PREFIX.size + head_length
    if len(octets) != head_end + body_length:
        return None
    return Message(octets[_PREFIX.size : head_end], octets[head_end:])


def read_message(read: Callable[[int], bytes], max_length: int = MAX_LENGTH) -> Message | None:
    """
    Return the next message of a blocking stream; None when the stream ends before the message is complete.

    Parameters
    ----------
    read
        Returns the number of octets that it is given, and fewer only at the end of the stream.
    max_length
        The longest head or body, in octets.

    Raises
    ------
    MessageTooLarge
        Before a longer head or body is read.
    """
    prefix = read(_PREFIX.size)
    if len(prefix) < _PREFIX.size:
        return None
    head_length, body_length = _PREFIX.unpack(prefix)
    _check_lengths(head_length, body_length, max_length)
    head = read(head_length)
    body = read(body_length)
    if len(head) < head_length or len(body) < body_length:
        return None
    return Message(head, body)


async def receive_message(stream: asyncio.StreamReader, max_length: int = MAX_LENGTH) -> Message:
    """
    Return the next message of an asyncio stream.

    Raises
    ------
    asyncio.IncompleteReadError
        When the stream ends before the message is complete.
    MessageTooLarge
        Before a head or a body longer than ``max_length`` octets is read.
    """
    prefix = await stream.readexactly(_PREFIX.size)
    head_length, body_length = _PREFIX.unpack(prefix)
    _check_lengths(head_length, body_length, max_length)
    head = await stream.readexactly(head_length)
    body = await stream.readexactly(body_length)
    return Message(head, body)


def _check_lengths(head_length: int, body_length: int, max_length: int) -> None:
    longest = max(head_length, body_length)
    if longest > max_length:
        raise MessageTooLarge(f"A message part of {longest} octets is over the limit of {max_length}; send less.")
