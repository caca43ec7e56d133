"""What an examination of a server is carried out with."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from ..contract.document import Document
from ..judging.replies.examiner import Examiner
from ..processes.surroundings import DIRECT, Route
from ..wire.subjects import Subject

#: What finds a reply that keeps the contract in itself, but is not the one that a call must get.
EXPECTATION: Final = "expectation"

_ID_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_ID_LENGTH: Final = 22


@dataclass(frozen=True)
class Bench:
    """Everything a case needs besides itself."""

    subject: Subject
    examiner: Examiner
    account: str
    seed: int
    #: The subject is the mock: each case gets a space of its own, and what it needs can be arranged.
    mock: bool
    #: Keeps the spaces of this run apart from those of others on the same server.
    run: str
    #: How the server is reached by a program that makes its own calls.
    route: Route = DIRECT

    @property
    def document(self) -> Document:
        """Return the contract."""
        return self.examiner.document


def drawn_id(draw: Random) -> str:
    """Draw an id of the usual form that nobody handed out."""
    return "".join(draw.choices(_ID_LETTERS, k=_ID_LENGTH))
