"""Texts that a careless reader takes for the one that is wanted, or refuses although they are as good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: What stands at an end of a text without being seen, or belongs to an alphabet that a pattern leaves out.
_MARKS: Final = ("-", "_", ".", "$", " ", "\n", "\u00e9", "\u0663")  # a letter and a digit that are not ASCII
#: What may stand between the parts of a text.
_JOINTS: Final = ("", "-", "_", ".", " ")
_BOUND: Final = re.compile(r"\{(\d+)(?:,(\d*))?\}")
#: Below this, a bound of a pattern is met by the neighbours of a sample.
_LONG: Final = 10

#: The number 1.0 in every form that a reader of numbers knows, and its nearest neighbours.
VERSIONS: Final = (
    *("1.0", "1", "1.00", "1.000000000000000000000", "1.", ".1", "01", "01.0", "+1.0", "-1.0", "1e0", "1.0e0", "10e-1"),
    *("0x1", "1,0", "1.0.0", "1_0", "1.0f", "1.0d", "v1.0", "1.1", "0.9", "1.01", "1.0000000000000000001", "2.0", "10"),
    *("1.0 ", " 1.0", "1.0\n", "1. 0", "", "0", "one", "latest", "true", "null", "NaN", "\u0661.0", "\uff11.0"),
)

_IPV4: Final = (
    *("0.0.0.1", "255.255.255.255", "192.168.5.2", "1.2.3.4", "256.1.1.1", "1.2.3.256", "1.2.3", "1.2.3.4.5", "1.2.3."),
    *("01.2.3.4", "192.168.005.002", "1.2.3.-4", "0x7f.0.0.1", "2130706433", "1.2.3.4/24", "1.2.3.4:80", " 1.2.3.4"),
    *("1.2.3.4 ", "1.2.3.4\n", "1.2.3.a", "1,2,3,4", "localhost", "", "\u0661.2.3.4"),
)
_IPV6: Final = (
    *("::", "::1", "2001:db8::7", "2001:DB8::A", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::ffff:192.0.2.1", "fe80::1"),
    *("fe80::1%eth0", "[::1]", "[::1]:80", "2001:db8:::7", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::g"),
    *("1::2::3", "::1/64", "::ffff:192.0.2.256", ":1", "1:", " ::1", "::1 "),
)
#: What a format takes, and what it nearly takes.
FORMATS: Final = {"ipv4": _IPV4, "ipv6": _IPV6}

#: Hosts that a URL could have.
HOSTS: Final = (
    *("localhost", "localhost:8080", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "mock.example.com:65535"),
    *("a-b.example.com", "[::1]", "[::1]:8080", "[2001:DB8::7]:443"),
)
#: Texts that are no hosts.
NO_HOSTS: Final = (
    *("a b", "user@host", "host:port", "host:65536", "host:-1", "host/path", "host?query", "http://host"),
    *("[::1", "::1", "[::g]", "[127.0.0.1]", "a,b"),
)


def near_word(word: str) -> Iterator[str]:
    """Yield the neighbours of a listed *word*: in another case, one letter off, with something at its ends."""
    yield from sorted({word.lower(), word.upper(), word.capitalize(), word[:1].swapcase() + word[1:]} - {word})
    yield word[:-1]
    yield f"{word}S"


def framed(word: str) -> Iterator[str]:
    """Yield *word* with something around it that must not be stripped, and the text that is none."""
    yield from ("", f" {word}", f"{word} ", f"{word}\n", f"{word},{word}", f'"{word}"')


def near_pattern(pattern: str, sample: str) -> Iterator[str]:
    """Yield texts around *sample*, which fits *pattern*: other letters, other joints, and lengths around its bounds."""
    yield from (sample, sample.lower(), sample.upper(), sample[1:], sample[:-1], sample + sample[-1:])
    yield from (sample[:1], "a", "Z", "0", "")
    yield from (mark + sample for mark in _MARKS)
    yield from (sample + mark for mark in _MARKS)
    for index, letter in enumerate(sample):
        if not letter.isalnum():
            yield from (sample[:index] + joint + sample[index + 1 :] for joint in _JOINTS)
    bounds = {int(bound) for found in _BOUND.findall(pattern) for bound in found if bound}
    for bound in sorted(bounds):
        if bound >= _LONG:
            yield from ("a" * length for length in range(bound - 1, bound + 3))
