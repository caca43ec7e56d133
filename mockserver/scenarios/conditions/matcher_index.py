"""Find the matchers that a call may meet without asking all of them."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.matcher import Matcher

#: A text that a call either carries in one place or does not: `("visitor", "xyz")`.
Token = tuple[str, str]


class MatcherIndex:
    """Files each matcher under tokens of which a matching call must carry one.

    Where a matcher leaves a choice, the tokens that the fewest matchers ask for are taken. So ten thousand
    matchers that differ in account, visitor, session, section, header, or in a text of appDetails or of an
    attribute, cost as much as one.
    """

    def __init__(self, matchers: Sequence[Matcher]) -> None:
        choices = [list(_token_sets(matcher)) for matcher in matchers]
        crowd = Counter(token for sets in choices for tokens in sets for token in tokens)
        self._filed: dict[Token, list[int]] = defaultdict(list)
        for number, sets in enumerate(choices):
            for token in min(sets, key=lambda tokens: sum(crowd[token] for token in tokens)):
                self._filed[token].append(number)
        self._places = {place for place, _ in self._filed}
        self._headers = [place for place in self._places if place.startswith(_HEADER)]
        self._looks_into = [place for place in _BODY if any(filed.startswith(place) for filed in self._places)]

    def candidates(self, call: ValidCall) -> Iterable[int]:
        """Yield the numbers of the matchers that *call* may meet, in order; no other matches."""
        found = [numbers for token in self._carried(call) if (numbers := self._filed.get(token))]
        return found[0] if len(found) == 1 else heapq.merge(*found)

    def _carried(self, call: ValidCall) -> Iterator[Token]:
        yield "operation", call.operation
        yield "account", call.account
        if call.visitor_id is not None:
            yield "visitor", call.visitor_id
        if call.session_id is not None:
            yield "session", call.session_id
        sections = call.body.get("consumerSections")
        if isinstance(sections, list):
            yield from {("section", section) for section in sections if isinstance(section, str)}
        for place in self._headers:
            if (text := call.call.headers.get(place.removeprefix(_HEADER))) is not None:
                yield place, text
        for member in self._looks_into:
            yield from {token for token in _texts(call.body.get(member), member) if token[0] in self._places}


_HEADER = "header "
#: The members of a body whose texts are looked at.
_BODY = ("appDetails", "engagementAttributes")


def _texts(value: Json, place: str) -> Iterator[Token]:
    """Yield every text inside *value* with the names that lead to it; positions in lists do not count."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _texts(member, f"{place}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, place)


def _token_sets(matcher: Matcher) -> Iterator[set[Token]]:
    yield {("operation", operation) for operation in matcher.operations}
    for place, texts in (
        ("account", matcher.account),
        ("visitor", matcher.visitor),
        ("session", matcher.session),
    ):
        if texts:
            yield {(place, text) for text in texts}
    for section in matcher.consumer_sections:
        yield {("section", section)}
    for name, text in matcher.headers.items():
        yield {(f"{_HEADER}{name}", text)}
    for member, wanted in zip(_BODY, (matcher.app_details, list(matcher.engagement_attributes)), strict=True):
        for token in _texts(wanted, member):
            yield {token}
