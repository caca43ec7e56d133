"""Find the matchers that a call may meet without asking all of them."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from mockserver.model import ValidCall
from mockserver.scenarios.conditions import Token
from mockserver.scenarios.conditions.matcher import Matcher


class MatcherIndex:
    """Files each matcher under tokens of which a matching call must carry one.

    Where a matcher leaves a choice, the tokens that the fewest matchers ask for are taken. So ten thousand matchers
    that differ in one text that a condition has a token for cost as much as one.
    """

    def __init__(self, matchers: Sequence[Matcher]) -> None:
        choices = [
            [(type(condition), tokens) for condition in matcher.all for tokens in condition.token_sets()]
            for matcher in matchers
        ]
        crowd = Counter(token for sets in choices for _, tokens in sets for token in tokens)
        self._filed: dict[Token, list[int]] = defaultdict(list)
        kinds = {}
        for number, sets in enumerate(choices):
            kind, chosen = min(sets, key=lambda found: sum(crowd[token] for token in found[1]))
            kinds[kind] = True
            for token in chosen:
                self._filed[token].append(number)
        #: What calls are asked for: the tokens of these kinds of conditions, and of no others.
        self._kinds = tuple(kinds)

    def candidates(self, call: ValidCall) -> Iterable[int]:
        """Yield the numbers of the matchers that *call* may meet, in order; no other matches."""
        carried = {token for kind in self._kinds for token in kind.carried_tokens(call)}
        found = [numbers for token in carried if (numbers := self._filed.get(token))]
        return found[0] if len(found) == 1 else heapq.merge(*found)
