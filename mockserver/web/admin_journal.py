"""The admin API about the journal of one space: find, verify, forget."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from itertools import islice

from mockserver.errors import AdminError, nearest
from mockserver.journal import Count
from mockserver.journal_query import Query
from mockserver.model import Json
from mockserver.web.admin_steering import Answered, Steering

_LIMIT = 1000


def get_journal(steering: Steering) -> Answered:
    """List the exchanges that match."""
    conditions = dict(steering.query)
    after, limit = conditions.pop("after", 0), conditions.pop("limit", _LIMIT)
    journal = steering.engine.journal
    found = list(islice(journal.find(steering.space, _query(steering, conditions), after=after), limit + 1))
    loss = steering.engine.losses.of(steering.space)
    return 200, {
        "exchanges": found[:limit], "more": len(found) > limit, **asdict(journal.usage(steering.space)),
        "lost": loss and loss.as_json(),
    }  # fmt: skip


def delete_journal(steering: Steering) -> Answered:
    """Forget the exchanges."""
    steering.engine.journal.clear(steering.space)
    return 204, None


def verify_journal(steering: Steering) -> Answered:
    """Count the exchanges that match, and judge the count."""
    wanted = dict(steering.body)
    query = _query(steering, wanted.pop("match", {}))
    exactly = wanted.pop("exactly", None)
    if exactly is not None:
        count = Count(exactly, exactly)
    elif not wanted:
        count = Count()
    else:
        count = Count(wanted.get("at_least", 0), wanted.get("at_most"))
    return 200, asdict(steering.engine.journal.verify(steering.space, query, count))


def _query(steering: Steering, conditions: Mapping[str, Json]) -> Query:
    """Make a query of *conditions*. Raises `AdminError` for a word that no exchange can ever have."""
    contract = steering.engine.contract
    _refuse_unknown("operation", conditions.get("operation"), contract.operations)
    _refuse_unknown("clause", conditions.get("clause"), contract.clauses)
    body = (conditions["body"],) if "body" in conditions else ()
    return Query(**{**conditions, "body": body})


def _refuse_unknown(filter_name: str, word: str | None, known: Collection[str]) -> None:
    if word is not None and word not in known:
        raise AdminError(
            400,
            f"{filter_name}: {word!r} is no {filter_name} of the contract, so no exchange can match"
            f"{nearest(word, known)}",
        )
