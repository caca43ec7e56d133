"""The contract and the shipped cases as the harness reads them, read once for all the tests of a process."""

from functools import cache

from contracts.contract.document import load
from contracts.server_suite.cases import files
from contracts.server_suite.cases.case import Case

CONTRACT = load()


@cache
def all_cases() -> list[Case]:
    """Return every shipped case."""
    return files.load(CONTRACT)
