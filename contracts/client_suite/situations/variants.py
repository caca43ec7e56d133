"""Every shape that a good reply may take, read off its schema: what may be absent, which types, which bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...contract.document import Document
from ...reading.json_text import Json

#: The choice that leaves an optional member out.
ABSENT: Final = "absent"
#: What every other choice for an optional member comes to.
THERE: Final = "there"

_DETAILS: Final = "/components/schemas/EngagementDetails"
#: Fits no 32-bit integer, and is still exact in a double.
_BEYOND_32_BITS: Final = 2**31
#: Fits every 64-bit integer, and is no longer exact in a double.
_BEYOND_DOUBLES: Final = 2**53 + 1
_UNUSUAL_TEXT: Final = 'Größe "XL" <b>&amp;</b> 日本語 \\ {}'
_LANGUAGES: Final = ("de-DE", "zh-Hant-TW")
#: Ids as they were observed, beside the short ones that the pages print.
_VISITORS: Final = {
    "printed": "xyz",
    "real": "ZkMTY4N2I4YTQ0ZjMwMTg0",
    "with a dash first and a dot": "-N2I4YTQ0Zj_MwMTg0.QQ",
}
_SESSIONS: Final = {
    "printed": "abc",
    "real": "rN82d4rATN6EuiA4cJwaPg",
    "with a suffix": "jnPABZYjQcOS2Uk5fp_HnA.c524460e4432e9f93cf700af590f16ef181f20e6",
}
_PAGES: Final = {"printed": "4743822558", "20 digits": "99999999999999999999"}
_EXTRAS: Final[Mapping[str, Mapping[str, Json]]] = {
    "none": {},
    "unknown text": {"unknownMember": "ignore me"},
    "unknown object": {"unknownMember": {"nested": [1, None, True]}},
}


def details_axes(document: Document) -> Mapping[str, Mapping[str, Json]]:
    """Return the choices for each member of engagementDetails, the printed example first."""
    schema = document.at(_DETAILS)
    example = document.data["components"]["examples"]["Authenticated"]["value"]["engagementDetails"]
    return {
        name: dict(_choices(document, name, f"{_DETAILS}/properties/{name}", example[name], schema["required"]))
        for name in schema["properties"]
    }


def identity_axes() -> Mapping[str, Mapping[str, str]]:
    """Return the choices for the identifiers of a reply."""
    return {"visitorId": _VISITORS, "sessionId": _SESSIONS, "pageId": _PAGES}


def extra_axes() -> Mapping[str, Mapping[str, Mapping[str, Json]]]:
    """Return the choices for members that the contract does not list."""
    return {"beside status": _EXTRAS, "in engagementDetails": _EXTRAS}


def blame(axis: str, choice: str) -> str:
    """Name the clause that a client breaks when it cannot cope with this choice."""
    if choice.startswith("unknown"):
        return "GE-200-OPEN"
    if axis in {"visitorId", "sessionId", "pageId"}:
        return "GE-200-IDS"
    if axis.startswith("skill"):
        return "GE-200-SKILL"
    if axis == "connectorId" and choice in {ABSENT, THERE}:
        return "GE-200-CONNECTOR"
    return "GE-200-ID-TYPES" if axis in {"campaignId", "engagementId", "connectorId"} else "GE-200-AVAILABLE"


def _choices(
    document: Document, name: str, pointer: str, example: Json, required: list[str]
) -> Iterator[tuple[str, Json]]:
    yield "printed", example
    if name not in required:
        yield ABSENT, None
    schema: dict[str, Any] = dict(document.at(document.resolved(pointer)))
    types = schema.get("type", ())
    for kind in types if isinstance(types, list) else [types]:
        if kind == "integer":
            yield from _integers(name, int(schema.get("minimum", 0)), example)
        elif name == "language":
            yield from ((language, language) for language in _LANGUAGES)
        elif "pattern" in schema:
            yield "19 digits", "9" * 19
        else:
            yield "unusual text", _UNUSUAL_TEXT


def _integers(name: str, minimum: int, example: Json) -> Iterator[tuple[str, int]]:
    if isinstance(example, str):
        yield "a number", int(example)
        yield "a large number", _BEYOND_DOUBLES
        return
    # An engagement that is valid for no second has expired before it arrives; what follows is not documented.
    least = max(minimum, 1) if name == "validForSeconds" else minimum
    yield f"{least}", least
    yield "beyond 32 bits", _BEYOND_32_BITS
