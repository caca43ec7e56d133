"""Demands that every reader reads a reply alike: its JSON, its coding, and where it ends."""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from ...errors import NamedTwice
from ...reading.json_text import parsed
from ...wire.messages import Reply
from .exchange import Exchange, ReplyViolation

#: What leaves a body as it is.
_NO_CODING: Final = frozenset({"", "identity"})


def objection(reply: Reply) -> str:
    """Say why a strict reader takes *reply* for no JSON, though a patient one can make something of it."""
    if reply.body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        return "it begins with a byte order mark"
    try:
        text = reply.body.decode()
    except UnicodeDecodeError as error:
        return f"it is not UTF-8: {error.reason} at byte {error.start}"
    try:
        _, end = json.JSONDecoder(object_pairs_hook=_once).raw_decode(text.lstrip())
    except NamedTwice as error:
        return str(error)
    except (ValueError, RecursionError):
        return "" if "\0" not in text else "it is not UTF-8, but another Unicode"
    rest = text.lstrip()[end:].strip()
    return f"after the JSON stands {rest[:40]!r}" if rest else ""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if twice:
        raise NamedTwice(twice[0])
    return dict(pairs)


def strict_json(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand JSON that a strict reader takes, where a patient one finds nothing amiss (REP-JSON)."""
    reply = exchange.reply
    if reply.media_type != "application/json" or not reply.body:
        return
    what = objection(reply)
    if what and _is_read(reply):
        yield ReplyViolation(
            "strict_json",
            "every reader of JSON reads a reply alike",
            f"{what}; the reply was {reply.summary()}",
            "send one JSON text in UTF-8 without a byte order mark, each member once, and nothing after it",
            "",
            "REP-JSON",
        )


def _is_read(reply: Reply) -> bool:
    try:
        parsed(reply.body)
    except ValueError:
        return False  # whoever reads the body says so
    return True


def content_coding(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand that a reply to a call that asked for no coding comes as it is (REP-CODING)."""
    coding = (exchange.reply.header("Content-Encoding") or "").strip().lower()
    asked = {name.lower() for name in exchange.call.headers}
    if coding not in _NO_CODING and "accept-encoding" not in asked:
        yield ReplyViolation(
            "content_coding",
            "a reply has no coding that the call did not ask for",
            f"Content-Encoding: {coding}, though the call accepts none",
            "leave Content-Encoding out, and send the body as it is",
            "",
            "REP-CODING",
        )


def whole_reply(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand nothing after the end of the reply (REP-WHOLE); one that ends too soon is no reply at all."""
    reply = exchange.reply
    if reply.surplus and exchange.call.method != "HEAD":
        yield ReplyViolation(
            "whole_reply",
            "a reply ends where it says that it ends",
            f"{len(reply.surplus)} bytes and maybe more after the end of the reply: {reply.surplus[:40]!r}",
            "send a Content-Length that counts every byte of the body, and nothing behind it",
            "",
            "REP-WHOLE",
        )


def head_body(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand no body of a reply to HEAD (REP-HEAD)."""
    body = exchange.reply.body or exchange.reply.surplus
    if exchange.call.method == "HEAD" and body:
        yield ReplyViolation(
            "head_body",
            "a reply to HEAD has no body",
            f"{len(body)} bytes after the headers: {body[:40]!r}",
            "send the headers alone",
            "",
            "REP-HEAD",
        )
