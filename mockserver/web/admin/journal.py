"""The admin API about the journal of one space: find, verify, forget."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict

import orjson

from mockserver.engine.apis import Apis
from mockserver.errors import AdminError, nearest
from mockserver.model import Json
from mockserver.state.journal import Count
from mockserver.state.journal_query import Query
from mockserver.web.admin.steering import Answered, Steering

_LIMIT = 1000
#: A page ends before an exchange with which it would be larger, so that many readers at once stay cheap.
MOST_PAGE_BYTES = 4 << 20
_ERRORS_FROM = 400


def get_journal(steering: Steering) -> Answered:
    """List the exchanges that match: so many, or so many bytes of them, and whether there are more."""
    conditions = dict(steering.query)
    after, limit = conditions.pop("after", 0), conditions.pop("limit", _LIMIT)
    journal = steering.engine.journal
    page: list[Json] = []
    size, more = 0, False
    for exchange in journal.find(steering.space, _query(steering, conditions), after=after):
        text = orjson.dumps(exchange)
        more = bool(page) and (len(page) == limit or size + len(text) > MOST_PAGE_BYTES)
        if more:
            break
        page.append(orjson.Fragment(text))
        size += len(text)
    loss = steering.engine.losses.of(steering.space)
    return 200, {
        "exchanges": page, "more": more, **asdict(journal.usage(steering.space)),
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
    _refuse_crossed("at_least", "at_most", wanted)
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
    apis = steering.engine.apis
    _refuse_unknown("operation", conditions.get("operation"), apis.entries)
    _refuse_unknown("clause", conditions.get("clause"), apis.clauses)
    _refuse_unbreakable(conditions.get("clause"), apis)
    _refuse_unanswerable(conditions.get("status"), conditions.get("operation"), apis)
    _refuse_crossed("since_ms", "until_ms", conditions)
    body = (conditions["body"],) if "body" in conditions else ()
    return Query(**{**conditions, "body": body})


def _refuse_unknown(filter_name: str, word: str | None, known: Collection[str]) -> None:
    if word is not None and word not in known:
        raise AdminError(
            400,
            f"{filter_name}: {word!r} is no {filter_name} of the contract, so no exchange can match"
            f"{nearest(word, known)}",
        )


def _refuse_unbreakable(clause: str | None, apis: Apis) -> None:
    """Refuse a clause that no call can break: it binds a reply, a server, or what a client makes of replies."""
    if clause is not None and apis.clauses[clause].about != "call":
        raise AdminError(
            400,
            f"clause: {clause!r} is about a {apis.clauses[clause].about}, and an exchange names only clauses that "
            "its call broke, so no exchange can match; `mockserver check` judges the others",
        )


def _refuse_unanswerable(status: int | None, operation: str | None, apis: Apis) -> None:
    """Refuse a status that no reply can have; any error can be prescribed by a fault or a scenario."""
    if status is None or status >= _ERRORS_FROM:
        return
    asked = [apis.entries[operation]] if operation else apis.entries.values()
    known = sorted({answered for one in asked for answered in one.responses if answered < _ERRORS_FROM})
    if status not in known:
        raise AdminError(
            400,
            f"status: no reply{f' of {operation}' if operation else ''} can have status {status}, so no exchange can "
            f"match; known are {', '.join(map(str, known))} and the errors from {_ERRORS_FROM} to 599",
        )


def _refuse_crossed(least: str, most: str, given: Mapping[str, Json]) -> None:
    """Refuse bounds between which nothing lies."""
    if least in given and most in given and given[least] > given[most]:
        raise AdminError(400, f"{least}: {given[least]} is more than {most}, which is {given[most]}; exchange the two")
