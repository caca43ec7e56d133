"""Makes of a call that shows something the smallest one that shows it still."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from ...reading.json_text import Json, parsed
from ...wire.messages import Call

#: More than so many calls are not spent on one finding.
MOST_TRIES: Final = 60

#: What is made for each call anew, and belongs to nobody's finding.
_MADE_ANEW: Final = frozenset({"content-length", "host", "connection", "accept-encoding", "user-agent"})


def smallest(call: Call, shows: Callable[[Call], bool]) -> Call:
    """Return *call* without what can be left out while it *shows* the same; whole parts are tried before inner ones."""
    tries = MOST_TRIES
    left = _tidy(call)
    if left != call:
        tries -= 1
        left = left if shows(left) else call
    candidates = _smaller(left)
    while tries and (candidate := next(candidates, None)):
        tries -= 1
        if shows(candidate):
            left, candidates = candidate, _smaller(candidate)
    return left


def _tidy(call: Call) -> Call:
    """Leave out what the tools between us and the server add by themselves."""
    own = {
        name: value
        for name, value in call.headers.items()
        if name.lower() not in _MADE_ANEW and not name.lower().startswith("x-schemathesis")
    }
    return replace(call, headers=own)


def _smaller(call: Call) -> Iterator[Call]:
    """Yield *call* without one of its parts, for each of them."""
    for number in range(len(call.query)):
        yield replace(call, query=call.query[:number] + call.query[number + 1 :])
    for name in call.headers:
        yield replace(call, headers={key: value for key, value in call.headers.items() if key != name})
    try:
        body = parsed(call.body)
    except ValueError:
        return
    for less in _without_one(body):
        yield replace(call, body=json.dumps(less).encode())


def _without_one(value: Json) -> Iterator[Json]:
    """Yield *value* without one of its members or items, the outermost first."""
    if isinstance(value, dict):
        yield from ({key: part for key, part in value.items() if key != name} for name in value)
        yield from ({**value, name: less} for name in value for less in _without_one(value[name]))
    elif isinstance(value, list):
        yield from (value[:number] + value[number + 1 :] for number in range(len(value)))
        for number, part in enumerate(value):
            yield from ([*value[:number], less, *value[number + 1 :]] for less in _without_one(part))
