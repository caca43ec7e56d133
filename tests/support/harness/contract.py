"""The contract, the shipped cases and the readers of the harness, read and made once for all tests of a process."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from contracts.contract.document import load
from contracts.server_suite.cases.case import Case
from contracts.server_suite.cases.files import load as load_cases

if TYPE_CHECKING:
    from contracts.judging.calls.schemathesis_reader import SchemathesisReader
    from contracts.judging.replies.readers import SecondReader

CONTRACT = load()


@cache
def all_cases() -> list[Case]:
    """Return every shipped case."""
    return load_cases(CONTRACT)


@cache
def second_reader() -> SecondReader:
    """Return openapi-core as a reader of replies; it knows nothing of who is examined."""
    from contracts.judging.replies.readers import SecondReader

    return SecondReader(CONTRACT)


@cache
def schemathesis_reader() -> SchemathesisReader:
    """Return Schemathesis as a reader of calls and replies; it knows nothing of who is examined."""
    from contracts.judging.calls.schemathesis_reader import SchemathesisReader

    return SchemathesisReader(CONTRACT)
