"""What the document of the engagement API leaves open: evaluation order, identifiers, names and messages."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.apis.engagement import identifiers
from mockserver.contract.conventions import Conventions
from mockserver.contract.document.clauses import Clause
from mockserver.model import Json, Violation

_IMPRESSIONS = frozenset(["impDisplay", "impAccept", "impExpanded", "impTimeout", "impClose"])
#: The documented code of an illegal version.
_ILLEGAL_VERSION = 33


def _clause(where: str, seen: Mapping[str, Json]) -> str | None:
    """Tell impressions and searches among the attributes from other wrong types."""
    if where.startswith("body.engagementAttributes.") and where.endswith(".type"):
        sort = _at(seen, where)
        if isinstance(sort, str) and sort in _IMPRESSIONS:
            return "GE-400-IMPRESSION"
        if sort == "searchInfo":
            return "GE-400-SEARCHINFO-MSDK"
    return None


def _message(violation: Violation, clause: Clause) -> str | None:
    if clause.code == _ILLEGAL_VERSION:
        return "Illegal Version"
    if violation.where == "body" and violation.what.startswith("is not JSON"):
        return "request body does not contain a valid JSON statement!"
    return None


def _at(seen: Json, where: str) -> Json:
    for part in where.split("."):
        if isinstance(seen, list):
            seen = seen[int(part)]
        elif isinstance(seen, dict):
            seen = seen.get(part)
    return seen


CONVENTIONS = Conventions(
    # In the order in which a server would stumble over them.
    first=("path.accountId", "query.v", "query.version"),
    identifiers=frozenset(["body.vid", "body.sid", "path.visitorId", "query.sid"]),
    # Replies carry under these names what calls carry under others.
    synonyms={"visitorid": "vid", "sessionid": "sid"},
    makers={
        "AccountId": lambda rng: str(rng.randint(10_000_000, 99_999_999)),
        "VisitorId": lambda rng: identifiers.visitor_id(rng.getrandbits(62), 1),
        "SessionId": lambda rng: identifiers.session_id(rng.getrandbits(62), 1),
        "PageId": lambda rng: str(rng.randint(100_000_000, 9_999_999_999)),
        "NumericId": lambda rng: str(rng.randint(1, 9_999_999_999)),
    },
    clause=_clause,
    message=_message,
)
