"""Answers browsers of other origins, as the server family was seen to do in 2018 (MON-GS-old)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mockserver.contract.document.operations import Operation

METHODS = "GET, POST, PUT, PATCH, OPTIONS"
HEADERS = (
    "Origin, X-Requested-With, Content-Type, Accept, Authorization, X-HTTP-Method-Override, LP-DOMAIN-REFERER, LP-URL, "
    "ETag, ac-revision, X-LP-Last-Modified, If-Match, Authentication-Method, Credit-Card-Ref, Automation-Secret, "
    "Email-Token, Prefer, Mock-Space"
)
EXPOSED = (
    "Location, Retry-After, Mock-Clause, Mock-Violations, Mock-Notes, Mock-Stub, Mock-Exchange, Preference-Applied"
)

Headers = Iterable[tuple[str, str]]


class Cors:
    """Lets pages send what the contracts of *operations* list, and read what these document, beside what was seen."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._methods = _with(METHODS, (operation.method for operation in operations))
        self._headers = _with(HEADERS, _sent(operations))
        self._exposed = _with(EXPOSED, _documented(operations))

    def allowing(self, origin: str, method: str, headers: Headers) -> list[tuple[str, str]]:
        """Return the headers that let a page of *origin* read the reply that has *headers*."""
        # No origin has other characters; whoever sends them wants to see them in a header of ours.
        if not origin or not (origin.isascii() and origin.isprintable()):
            return []
        if any(name.lower() == "access-control-allow-origin" for name, _ in headers):
            return []  # a scenario says itself what the page may do
        added = [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", self._exposed),
            ("Vary", "Origin"),
        ]
        if method == "OPTIONS":
            added += [
                ("Access-Control-Allow-Methods", self._methods),
                ("Access-Control-Allow-Headers", self._headers),
                ("Access-Control-Max-Age", "600"),
            ]
        return added


def _sent(operations: Iterable[Operation]) -> Iterator[str]:
    """Yield the headers in which calls have parameters and credentials."""
    for operation in operations:
        yield from (parameter.name for parameter in operation.parameters if parameter.location == "header")
        schemes = (scheme for requirement in operation.security for scheme in requirement)
        yield from (scheme.name for scheme in schemes if scheme.location == "header")


def _documented(operations: Iterable[Operation]) -> Iterator[str]:
    """Yield the headers of replies, but for cookies, which no page may read."""
    for operation in operations:
        for response in operation.responses.values():
            yield from (name for name in response["headers"] if name.lower() != "set-cookie")


def _with(listed: str, others: Iterable[str]) -> str:
    """Return the list *listed* with those of the *others* at its end that are not in it yet."""
    names = {name.lower(): name for name in listed.split(", ")}
    for name in others:
        names.setdefault(name.lower(), name)
    return ", ".join(names.values())
