"""Reads JSON that came over a wire: from a client or a server that may send anything."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

#: Anything that JSON can say.
Json = Any

#: What is nested deeper is no call and no reply of anybody, and no schema could be held against it.
DEEPEST: Final = 200


def parsed(text: str | bytes) -> Any:
    """Read JSON; raises ValueError for whatever is none, is nested too deep, or holds what no text or number is."""
    try:
        value = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        value = None
        deep = True
    else:
        deep = _is_deep(value)
    if deep:
        raise ValueError(f"it is nested more than {DEEPEST} deep")
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half a character, which no text can hold") from None
    except ValueError:
        raise ValueError("it holds a number that is too large to be one") from None
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"JSON has no {constant}")


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            part
            for each in level
            if isinstance(each, dict | list)
            for part in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True
