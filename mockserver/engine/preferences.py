"""The per-call override: what a `Prefer` header (RFC 7240) asks of one reply, and of that reply only.

`code=503` asks for the contract's example under that status, `example=Busy` for one by name,
`dynamic=true` for values drawn from the seed, `delay-ms=200` for a later reply.
Preferences with other names are left alone, malformed ones too, as the RFC wants.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from mockserver.contract.document.operations import Operation
from mockserver.engine.api import JSON_TYPE
from mockserver.engine.binding import BoundOperation
from mockserver.engine.dynamic import dynamic_value
from mockserver.engine.prefer_header import MalformedPreference, wishes
from mockserver.errors import InvalidCall, SpecError, nearest
from mockserver.model import Violation
from mockserver.scenarios.outcomes import Outcome, Verbatim

MOST_DELAY_MS = 600_000
_NAMES = ("code", "example", "dynamic", "delay-ms")


@dataclass(frozen=True, slots=True)
class Preference:
    """What one call asks for."""

    code: int | None = None
    example: str | None = None
    dynamic: bool = False
    delay_ms: int = 0
    #: The value of the header `Preference-Applied`; empty when nothing was asked for.
    applied: str = ""

    @property
    def outcome_wanted(self) -> bool:
        """Whether the scenario is to be passed over."""
        return self.code is not None or self.example is not None or self.dynamic


NO_PREFERENCE = Preference()


class ImpossiblePreference(ValueError):
    """A preference asks for what cannot be had; the text says why."""


def read(header: str | None, bound: BoundOperation) -> Preference:
    """Read the header `Prefer`. Raises `InvalidCall` when it asks for what cannot be had."""
    if not header:
        return NO_PREFERENCE
    try:
        return _read(header, bound.entry)
    except (MalformedPreference, ImpossiblePreference) as error:
        raise _refusal(bound, str(error)) from error


def _read(header: str, operation: Operation) -> Preference:
    wished = wishes(header, _NAMES)
    asked = {name: wished[name] for name in _NAMES if name in wished}
    if not asked:
        return NO_PREFERENCE
    preference = Preference(
        code=_code(asked.get("code"), operation),
        example=_example(asked.get("example"), asked.get("code"), operation),
        dynamic=_dynamic(asked.get("dynamic")),
        delay_ms=_delay(asked.get("delay-ms")),
        applied=", ".join(f"{name}={value}" if value else name for name, value in asked.items()),
    )
    if preference.example is not None and preference.dynamic:
        raise ImpossiblePreference("example and dynamic exclude one another; ask for one of them")
    return preference


def outcome(preference: Preference, bound: BoundOperation, seed: str) -> Outcome:
    """Return the outcome that *preference* asks of an operation; *seed* decides what is drawn.

    Raises `InvalidCall` when nobody can draw it.
    """
    operation = bound.entry
    status = preference.code or _success(operation)
    # Only JSON is drawn: a script has nothing to vary but the JSON inside it.
    if preference.dynamic and operation.media_type(status) in ("application/json", None):
        try:
            return _drawn(status, bound, seed)
        except SpecError as error:  # no maker for a pattern
            raise _refusal(bound, f"dynamic=true cannot be had: {error}") from error
    if preference.example is None:
        values = list(operation.examples(status).values())
        return _verbatim(operation, status, values[0] if values else None)
    statuses = [preference.code] if preference.code is not None else sorted(operation.responses)
    status = next(s for s in statuses if preference.example in operation.examples(s))
    return _verbatim(operation, status, operation.examples(status)[preference.example])


def _success(operation: Operation) -> int:
    """Return the status of a reply to a call that nothing is wrong with: the first that is documented."""
    return min(operation.responses)


def _drawn(status: int, bound: BoundOperation, seed: str) -> Outcome:
    operation, contract = bound.entry, bound.api.contract
    if status == _success(operation) and bound.operation.drawn:
        return bound.operation.drawn(lambda component: dynamic_value(contract, contract.component(component), seed))
    media = operation.responses[status]["content"]
    schema = next((entry["schema"] for entry in media.values()), None)
    return _verbatim(operation, status, None if schema is None else dynamic_value(contract, schema, seed))


def _verbatim(operation: Operation, status: int, value: object) -> Verbatim:
    media_type = operation.media_type(status)
    needed = _needed_headers(operation, status)
    if media_type is None or value is None:
        return Verbatim(status, needed, b"")
    if isinstance(value, str):
        return Verbatim(status, (("Content-Type", media_type), *needed), value.encode())
    return Verbatim(status, (JSON_TYPE, *needed), orjson.dumps(value))


def _needed_headers(operation: Operation, status: int) -> tuple[tuple[str, str], ...]:
    """Return the examples of those headers that the reply with *status* must have."""
    listed = operation.responses[status]["headers"].items()
    return tuple(
        (name, str(found["example"])) for name, found in listed if found.get("required") and "example" in found
    )


def _code(value: str | None, operation: Operation) -> int | None:
    if value is None:
        return None
    documented = [str(status) for status in operation.responses]
    if value not in documented:
        known = ", ".join(documented)
        raise ImpossiblePreference(f"code={value} is not documented for {operation.id}; documented: {known}")
    return int(value)


def _example(value: str | None, code: str | None, operation: Operation) -> str | None:
    if value is None:
        return None
    statuses = [int(code)] if code is not None else list(operation.responses)
    names = [name for status in statuses for name in operation.examples(status)]
    if value not in names:
        under = f" under {code}" if code else ""
        known = ", ".join(dict.fromkeys(names)) or "none"
        meant = nearest(value, names)
        raise ImpossiblePreference(f"example={value} is no example of {operation.id}{under}; known: {known}{meant}")
    return value


def _dynamic(value: str | None) -> bool:
    if value not in (None, "", "true", "false"):
        raise ImpossiblePreference(f"dynamic={value} must be true or false")
    return value in ("", "true")


def _delay(value: str | None) -> int:
    if value is None:
        return 0
    if not value.isascii() or not value.isdecimal() or len(value) > 6 or int(value) > MOST_DELAY_MS:
        raise ImpossiblePreference(f"delay-ms={value} must be a whole number of milliseconds, at most {MOST_DELAY_MS}")
    return int(value)


def _refusal(bound: BoundOperation, what: str) -> InvalidCall:
    contract = bound.api.contract
    clause = contract.clauses[contract.call_clauses.prefer]
    return InvalidCall(clause.status or 400, clause.code, "Prefer", [Violation("header.Prefer", what, clause.id)])
