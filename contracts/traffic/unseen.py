"""What a recording does not show: listed as not examined, so that nobody takes it for kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..judging.findings import Result
from .calls import JudgedCalls, numbered
from .har import Entry
from .recorded import ELSEWHERE, LIMITED, Recorded, hosts

SUITE: Final = "recording"

#: What no recording shows, whatever stands in it.
_NEVER: Final = {
    "outcomes": "a recording does not show what the client made of a reply",
    "other situations": "a recording is one course of events; `check client` brings the others about",
    "framing and coding": "a HAR holds bodies unpacked and in one piece, not as they travelled",
}


def unseen(
    left_out: Mapping[str, Sequence[Entry]], recorded: Sequence[Recorded], judged: Sequence[JudgedCalls]
) -> Iterator[Result]:
    """Yield one result for each thing that the recording does not show, with the reason."""
    for reason, entries in left_out.items():
        of_whom = f" of {hosts(entries)}" if reason == ELSEWHERE else ""
        yield _result(f"{len(entries)} entries{of_whom}" if of_whom else _entries(entries), reason)
    no_reply = [one.entry for one in recorded if not one.entry.status]
    no_call = [one.entry for one in recorded if not one.call_whole]
    no_body = [one.entry for one in recorded if one.entry.status and not one.reply_whole]
    limited = [one.entry for one in recorded if not one.reply_known]
    for entries, reason in (
        (no_reply, "no reply was recorded: the call was ended early, or kept from the page"),
        (no_call, "the file does not hold the whole body of the call"),
        (no_body, "the file does not hold the whole body of the reply"),
        (limited, LIMITED),
    ):
        if entries:
            yield _result(_entries(entries), reason)
    for one in judged:
        for what in one.unseen:
            yield _result(one.name, what)
    for name, reason in _NEVER.items():
        yield _result(name, reason)


def _entries(entries: Sequence[Entry]) -> str:
    return numbered([entry.number for entry in entries])


def _result(name: str, reason: str) -> Result:
    return Result(name=name, suite=SUITE, not_examined=reason)
