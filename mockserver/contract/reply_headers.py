"""Judges the headers of a prescribed reply by those that the contract documents for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mockserver.contract.calls.typed_text import typed
from mockserver.contract.compiling import compiled
from mockserver.contract.spec import Contract
from mockserver.model import Json

#: So begin the headers that the mock adds to every reply by itself.
_OF_THE_MOCK = "mock-"
_COOKIE = "set-cookie"


def header_problems(
    contract: Contract, documented: Mapping[str, Mapping[str, Json]], headers: Sequence[tuple[str, str]]
) -> Iterator[str]:
    """Say where *headers* break what is *documented*: which of them are missing, and whose value does not fit."""
    for name, header in documented.items():
        if name.lower().startswith(_OF_THE_MOCK):
            continue
        texts = [text for sent, text in headers if sent.lower() == name.lower()]
        if name.lower() == _COOKIE:
            # A reply may set others beside the one that is documented.
            texts = [text for text in texts if cookie_name(text) == cookie_name(str(header["example"]))]
        if texts:
            yield from _value_problems(contract, name, header["schema"], texts)
        elif header.get("required", False):
            yield f"header {name}: is required"


def cookie_name(set_cookie: str) -> str:
    """Return the name of the cookie that a header Set-Cookie sets."""
    return set_cookie.partition("=")[0].strip()


def _value_problems(contract: Contract, name: str, schema: Mapping[str, Json], texts: Sequence[str]) -> Iterator[str]:
    plain = contract.resolved(schema)
    if plain["type"] == "array":
        item = contract.resolved(plain["items"])["type"]
        value: Json = [typed(part.strip(), item) for text in texts for part in text.split(",")]
    elif len(texts) > 1 and name.lower() != _COOKIE:
        yield f"header {name}: must be sent once, got it {len(texts)} times"
        return
    else:
        value = typed(texts[0], plain["type"])
    for error in compiled(contract, schema).iter_errors(value):
        yield f"{'.'.join(map(str, (f'header {name}', *error.instance_path)))}: {error.message}"
