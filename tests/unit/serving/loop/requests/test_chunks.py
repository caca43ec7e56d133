"""Where a chunked body ends, however it is cut on its way."""

import pytest

from mockserver.serving.loop.requests.chunks import Chunks

WHOLE = [
    pytest.param(b"2\r\n{}\r\n0\r\n\r\n", 2, id="one chunk"),
    pytest.param(b'1;a=b\r\n{\r\n1 ; c="d"\r\n}\r\n00\r\n\r\n', 2, id="extensions"),
    pytest.param(b"A\r\n0123456789\r\n0\r\nX-Trailer: a\r\n\r\n", 10, id="trailer"),
    pytest.param(b"0\r\n\r\n", 0, id="empty"),
]


def walk():
    return Chunks(longest_line=100, longest_trailer=200)


@pytest.mark.parametrize(("sent", "size"), WHOLE)
def test_a_body_is_whole_with_its_last_byte_and_not_before(sent, size):
    chunks, came = walk(), bytearray()
    found = []
    for byte in sent:
        came.append(byte)
        found.append(chunks.extend(came))

    assert found == ["part"] * (len(sent) - 1) + ["whole"]
    assert (chunks.passed, chunks.body_bytes) == (len(sent), size)


@pytest.mark.parametrize(("sent", "size"), WHOLE)
def test_what_follows_a_body_is_not_its(sent, size):
    chunks = walk()

    assert chunks.extend(bytearray(sent + b"GET / HTTP/1.1\r\n")) == "whole"
    assert (chunks.passed, chunks.body_bytes) == (len(sent), size)


def test_what_was_passed_may_be_cut_off():
    chunks, came = walk(), bytearray()
    for byte in b"8\r\n01234567\r\n0\r\n\r\n":
        came.append(byte)
        extent = chunks.extend(came)
        del came[: chunks.passed]
        chunks.passed = 0

    assert (extent, chunks.body_bytes, came) == ("whole", 8, b"")


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"x\r\n", id="no number"),
        pytest.param(b"0x2\r\n", id="prefix"),
        pytest.param(b"-1\r\n", id="negative"),
        pytest.param(b"\r\n", id="no size"),
        pytest.param(b"2\n{}", id="bare line feed"),
        pytest.param(b"1\r\n{}", id="longer than its size"),
        pytest.param(b"a" * 101, id="endless size"),
        pytest.param(b"0\r\nX: a\nY", id="bare line feed in the trailer"),
        pytest.param(b"0\r\n" + b"X" * 201, id="endless trailer"),
    ],
)
def test_nobody_waits_for_the_rest_of_what_is_broken(sent):
    assert walk().extend(bytearray(sent)) == "broken"
