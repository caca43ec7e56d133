"""Reads the credentials of a call: whether it carries those that its operation demands, in the form that they have.

Nobody here knows which are right: a call that carries some is let in, as a mock should.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from typing import NamedTuple

from mockserver.contract.document.operations import Operation
from mockserver.contract.document.security import Requirement, SecurityScheme
from mockserver.model import Call, Violation

#: What stands behind the name of a scheme in the header Authorization (RFC 9110, `token68`).
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class Credentials(NamedTuple):
    """What a call carries of what is demanded."""

    #: The key, the token, or `user:password`, by the name of its security scheme.
    values: Mapping[str, str]
    #: What the call lacks of the requirement that it comes nearest to; empty where it has all of one.
    missing: list[Violation]


class CredentialReader:
    """Reads the credentials of calls of one operation."""

    def __init__(self, operation: Operation) -> None:
        self._security = operation.security

    def read(self, call: Call) -> Credentials:
        """Return what *call* carries. A value is never quoted: it opens something."""
        values: dict[str, str] = {}
        meant: list[Violation] = []
        for requirement in self._security:
            found = [self._read(scheme, call, values) for scheme in requirement]
            missing = [violation for violation in found if violation]
            if not missing:
                return Credentials(values, [])
            # Whoever sends a part of several means those; whoever sends nothing is asked for the first.
            if not meant or any(_sent(scheme, call) for scheme in requirement):
                meant = missing
        return Credentials(values, meant)

    def _read(self, scheme: SecurityScheme, call: Call, values: dict[str, str]) -> Violation | None:
        texts = _sent(scheme, call)
        if len(texts) > 1:
            return Violation(scheme.where, "must be sent once, got it repeatedly", scheme.clause)
        text = texts[0] if texts else ""
        value = _value(scheme, text)
        if value is not None:
            values[scheme.id] = value
            return None
        wanted = {"": "a key", "basic": "Basic and, in base64, user:password", "bearer": "Bearer and a token"}
        what = f"must be {wanted[scheme.scheme]}, got something else" if text else "is required"
        return Violation(scheme.where, what + self._others(scheme), scheme.clause)

    def _others(self, scheme: SecurityScheme) -> str:
        """Name what a caller may send in place of *scheme*."""
        others = [requirement for requirement in self._security if scheme not in requirement]
        return "".join(f"; or send {_named(requirement)}" for requirement in others)


def _named(requirement: Requirement) -> str:
    return " and ".join(scheme.where for scheme in requirement)


def _sent(scheme: SecurityScheme, call: Call) -> list[str]:
    if scheme.location == "query":
        return [text for name, text in call.query if name == scheme.name]
    found = (call.headers if scheme.location == "header" else call.cookies).get(scheme.key)
    return [] if found is None else [found]


def _value(scheme: SecurityScheme, text: str) -> str | None:
    """Return what *text* carries, or None where it is not written as *scheme* wants."""
    if not scheme.scheme:
        return text.strip() or None
    name, _, token = text.strip().partition(" ")
    token = token.strip()
    if name.lower() != scheme.scheme or not _TOKEN.fullmatch(token):
        return None
    return token if scheme.scheme == "bearer" else _user_and_password(token)


def _user_and_password(token: str) -> str | None:
    try:
        text = binascii.a2b_base64(token, strict_mode=True).decode()
    except ValueError:
        return None
    return text if ":" in text else None
