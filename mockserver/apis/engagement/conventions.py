"""What the document of the engagement API leaves open: evaluation order, identifiers, names and messages."""

from __future__ import annotations

from mockserver.apis.engagement import identifiers
from mockserver.contract.conventions import Conventions
from mockserver.contract.document.clauses import Clause
from mockserver.model import Violation

#: The documented code of an illegal version.
_ILLEGAL_VERSION = 33


def _message(violation: Violation, clause: Clause) -> str | None:
    if clause.code == _ILLEGAL_VERSION:
        return "Illegal Version"
    if violation.where == "body" and violation.what.startswith("is not JSON"):
        return "request body does not contain a valid JSON statement!"
    return None


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
    message=_message,
)
