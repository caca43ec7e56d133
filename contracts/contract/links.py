"""Makes of the contract what Schemathesis can read.

It takes all cookies of a reply for one header, so the cookie that the contract describes is left to our own readers.

OpenAPI gives a link one value for the whole body, and generators refuse anything but text there. A body whose members
come from several places stands under `x-body` in the contract; Schemathesis takes the same under `requestBody`.
"""

from __future__ import annotations

from typing import Final

from ..reading.json_text import Json

IN_THE_CONTRACT: Final = "x-body"
FOR_SCHEMATHESIS: Final = "requestBody"
_COOKIE: Final = "Set-Cookie"


def without_cookies(node: Json) -> Json:
    """Return *node*, a part of the contract or all of it, without the header `Set-Cookie`."""
    if isinstance(node, list):
        return [without_cookies(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {key: without_cookies(part) for key, part in node.items() if key != _COOKIE}


def with_link_bodies(node: Json) -> Json:
    """Return *node*, a part of the contract or all of it, with every `x-body` under the name `requestBody`."""
    if isinstance(node, list):
        return [with_link_bodies(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {FOR_SCHEMATHESIS if key == IN_THE_CONTRACT else key: with_link_bodies(part) for key, part in node.items()}
