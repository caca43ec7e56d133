"""Reads the header `Prefer` by the grammar of RFC 7240: what a call wishes for, by name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 the grammar's word for a word
_BLANKS = r"[ \t]*+"
_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_WORD = f"{_TOKEN}|{_QUOTED}"
_PARAMETER = f"{_TOKEN}(?:{_BLANKS}={_BLANKS}(?:{_WORD}))?+"
_PREFERENCE = re.compile(
    f"{_TOKEN}(?:{_BLANKS}={_BLANKS}(?P<value>{_WORD}))?+(?:{_BLANKS};(?:{_BLANKS}{_PARAMETER})?+)*+"
)
_NAME = re.compile(_TOKEN)
#: What decides where a preference ends: a quoted text, which may never be closed, or a comma outside of one.
_MARK = re.compile(r'"(?:[^"\\]|\\.)*+(?P<end>"|\\?\Z)|,', re.DOTALL)
_SHOWN = 60


class MalformedPreference(ValueError):
    """A preference with one of the wanted names does not keep the grammar; the text says where."""


def wishes(header: str, names: Collection[str]) -> Mapping[str, str]:
    """Return the values of the preferences in *header* that have one of *names*; "" stands for no value.

    Of a repeated preference the first counts, and names are the same in capitals, as the RFC wants.
    Preferences with other names are left alone, whatever is wrong with them.
    Raises `MalformedPreference` where a preference with one of *names* cannot be read.
    """
    found: dict[str, str] = {}
    for piece in _pieces(header):
        name = _NAME.match(piece)
        if name is None or (wish := name[0].lower()) not in names or wish in found:
            continue
        preference = _PREFERENCE.fullmatch(piece)
        if preference is None:
            raise MalformedPreference(f'cannot be read at {piece[:_SHOWN]!r}; write {wish}=value, or {wish}="value"')
        found[wish] = _unquoted(preference["value"] or "")
    return found


def _pieces(header: str) -> Iterator[str]:
    """Cut *header* at its commas, except in quotes; a quote that nobody closes spoils its own preference only."""
    start = 0
    for mark in _MARK.finditer(header):
        if mark["end"] == '"':
            continue
        if mark[0] == ",":
            yield _trimmed(header[start : mark.start()])
            start = mark.end()
            continue
        spoilt, *rest = header[mark.start() :].split(",")
        yield _trimmed(header[start : mark.start()] + spoilt)
        yield from map(_trimmed, rest)
        return
    yield _trimmed(header[start:])


def _trimmed(piece: str) -> str:
    return piece.strip(" \t")


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if word.startswith('"') else word
