"""Tests of messages between processes."""

import asyncio
import io

import pytest

from scheduler.isolation.framing import (
    Message,
    MessageTooLarge,
    decode_message,
    encode_message,
    read_message,
    receive_message,
)

ENCODED = encode_message({"råd": 1}, b"\0body")
DECODED = Message(b'{"r\\u00e5d": 1}', b"\0body")


def stream_reader(octets: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(octets)
    reader.feed_eof()
    return reader


def test_a_message_decodes_to_its_head_and_body() -> None:
    assert decode_message(ENCODED) == DECODED


def test_messages_are_read_from_a_stream_one_after_another() -> None:
    stream = io.BytesIO(ENCODED + encode_message([]))
    assert read_message(stream.read) == DECODED
    assert read_message(stream.read) == Message(b"[]", b"")
    assert read_message(stream.read) is None


@pytest.mark.parametrize("length", range(len(ENCODED)))
def test_a_message_that_is_cut_off_is_no_message(length: int) -> None:
    cut = ENCODED[:length]
    assert decode_message(cut) is None
    assert read_message(io.BytesIO(cut).read) is None


def test_octets_after_a_message_are_an_error() -> None:
    assert decode_message(ENCODED + b"x") is None


def test_a_message_over_the_limit_is_rejected_before_it_is_read() -> None:
    stream = io.BytesIO(encode_message(None, b"x" * 100))
    with pytest.raises(MessageTooLarge, match="100 octets"):
        read_message(stream.read, max_length=99)
    assert stream.tell() == 8


def test_a_message_is_received_from_an_asyncio_stream() -> None:
    async def receive(octets: bytes) -> Message:
        return await receive_message(stream_reader(octets), max_length=20)

    assert asyncio.run(receive(ENCODED)) == DECODED
    with pytest.raises(asyncio.IncompleteReadError):
        asyncio.run(receive(ENCODED[:-1]))
    with pytest.raises(MessageTooLarge):
        asyncio.run(receive(encode_message(None, b"x" * 21)))
