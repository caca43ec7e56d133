"""The admin API about the journal of one space: find, verify, forget."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice

from mockserver.journal import Count, Query
from mockserver.web.admin_steering import Answered, Steering

_LIMIT = 1000


def get_journal(steering: Steering) -> Answered:
    """List the exchanges that match."""
    conditions = dict(steering.query)
    after, limit = conditions.pop("after", 0), conditions.pop("limit", _LIMIT)
    journal = steering.engine.journal
    found = list(islice(journal.find(steering.space, Query(**conditions), after=after), limit + 1))
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
    query = Query(**wanted.pop("match", {}))
    exactly = wanted.pop("exactly", None)
    if exactly is not None:
        count = Count(exactly, exactly)
    elif not wanted:
        count = Count()
    else:
        count = Count(wanted.get("at_least", 0), wanted.get("at_most"))
    return 200, asdict(steering.engine.journal.verify(steering.space, query, count))
