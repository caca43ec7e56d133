"""The admin API of a mock, as the harness asks it; nothing here is used on a server that is not the mock."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ..errors import AdminRefused
from ..reading.json_text import Json
from ..wire.messages import Call, Reply
from ..wire.subjects import Subject

#: Where the admin API stands on a server, and in each of its spaces.
ROOT: Final = "/__admin/"
_OK: Final = range(200, 300)
_PAGE: Final = 1000


@dataclass(frozen=True)
class WithToken:
    """A subject whose admin API wants a token; no other call carries it."""

    subject: Subject
    token: str

    @property
    def base(self) -> str:
        """Return the URL that paths are appended to."""
        return self.subject.base

    def within(self, prefix: str) -> WithToken:
        """Return the same subject under a path prefix."""
        return replace(self, subject=self.subject.within(prefix))

    def ask(self, call: Call) -> Reply:
        """Return the answer to *call*, which carries the token when it goes to the admin API.

        Raises Unanswered when there is none.
        """
        if call.path.startswith(ROOT):
            call = replace(call, headers={**call.headers, "Authorization": f"Bearer {self.token}"})
        return self.subject.ask(call)


@dataclass(frozen=True)
class JournalPage:
    """What the journal of a space holds, and what it lost."""

    exchanges: Sequence[Mapping[str, Json]]
    #: How many exchanges it dropped, because there was no room for them.
    dropped: int
    #: What the mock says of exchanges that were lost in another way; "" where none was.
    lost: str = ""


@dataclass(frozen=True)
class AdminApi:
    """Steers one space of the mock that *subject* leads to.

    Every method raises AdminRefused when the mock refuses, and Unanswered when there is no reply.
    """

    subject: Subject

    def is_there(self) -> bool:
        """Say whether the subject is the mock: it answers its health question in its own words."""
        try:
            health = self.subject.ask(Call("GET", f"{ROOT}health")).json()
        except ValueError:
            return False
        return isinstance(health, dict) and {"status", "version", "contract", "store"} <= health.keys()

    def reset(self) -> None:
        """Make the space new: what the mock may have lost before is nothing that it had."""
        self._ask("POST", "reset")

    def set_seed(self, seed: int) -> None:
        """Make every id of the space follow from *seed*."""
        self._ask("PUT", "seed", {"seed": seed})

    def set_rules(self, rules: Mapping[str, Json]) -> None:
        """Set *rules* of the space; the others stay as they are."""
        self._ask("PUT", "rules", rules)

    def set_preset(self, name: str) -> None:
        """Make the preset of this *name* the active scenario."""
        self._ask("PUT", "scenario", {"preset": name})

    def set_scenario(self, scenario: Mapping[str, Json]) -> None:
        """Make this document the active scenario."""
        self._ask("PUT", "scenario", {"scenario": scenario})

    def set_faults(self, faults: Sequence[Mapping[str, Json]]) -> None:
        """Switch *faults* on for the whole space."""
        self._ask("PUT", "faults", {"faults": list(faults)})

    def freeze_clock(self) -> None:
        """Stop the clock of the space, but for what advances it."""
        self._ask("PUT", "clock", {"frozen": True})

    def advance_clock(self, ms: int) -> None:
        """Move the clock of the space *ms* milliseconds on."""
        self._ask("POST", "clock/advance", {"ms": ms})

    def now_ms(self) -> int:
        """Return where the clock of the space stands, in milliseconds since 1970."""
        return int(self._ask("GET", "clock")["now_ms"])

    def journal(self) -> JournalPage:
        """Return every exchange of the space, page after page, up to the one that says that something was lost."""
        found: list[Mapping[str, Json]] = []
        while True:
            after = found[-1]["number"] if found else 0
            page = self._ask("GET", "journal", query=(("after", str(after)), ("limit", str(_PAGE))))
            found += page["exchanges"]
            if page["lost"] or len(page["exchanges"]) < _PAGE:
                return JournalPage(found, int(page["dropped"]), page["lost"]["message"] if page["lost"] else "")

    def remove(self, space: str) -> None:
        """Remove *space*, so that nothing is left behind."""
        self._ask("DELETE", f"spaces/{space}")

    def _ask(
        self, method: str, name: str, body: Mapping[str, Json] | None = None, query: tuple[tuple[str, str], ...] = ()
    ) -> Any:
        text = b"" if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if text else {}
        path = f"{ROOT}{name}"
        reply = self.subject.ask(Call(method, path, query, headers, text))
        if reply.status not in _OK:
            raise AdminRefused(method, path, reply.status, reply.text, reply.summary())
        return json.loads(reply.body) if reply.body else None
