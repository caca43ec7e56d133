"""What conditions have in common that compare JSON values: containment, and the texts inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mockserver.model import Json
from mockserver.scenarios.conditions.base import Token


def contained(wanted: Json, got: Json) -> bool:
    """Tell whether *got* says all that *wanted* says; members and items may be added, numbers differ from booleans."""
    if isinstance(wanted, Mapping):
        return isinstance(got, Mapping) and all(
            name in got and contained(value, got[name]) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(got, list) and all(any(contained(item, other) for other in got) for item in wanted)
    return isinstance(wanted, bool) == isinstance(got, bool) and bool(wanted == got)


def items_of(value: Json) -> list[Json]:
    """Return a list; an operation whose contract does not know a member lets it be anything."""
    return value if isinstance(value, list) else []


def text_tokens(value: Json, path: str) -> Iterator[Token]:
    """Yield every text inside *value* with the names that lead to it; positions in lists do not count."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from text_tokens(member, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from text_tokens(item, path)
