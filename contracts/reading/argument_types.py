"""What the values of some flags must be; anything else is refused before anything is examined."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Final

#: The largest seed that the mock's admin API takes; every reader of JSON keeps it exactly.
LARGEST_SEED: Final = 2**53 - 1
#: What decides the ids where the user names no seed.
DEFAULT_SEED: Final = 1
#: A server that keeps the contract refuses any other account.
ACCOUNT: Final = re.compile(r"[a-zA-Z0-9_]{1,20}\Z")
ACCOUNT_IS: Final = "must be 1 to 20 letters, digits and underscores"


def whole(least: int, most: int) -> Callable[[str], int]:
    """Make a reader of whole numbers from *least* to *most*."""

    def read(text: str) -> int:
        with suppress(ValueError):
            number = int(text)
            if least <= number <= most:
                return number
        raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}, got {text[:60]!r}")

    return read


def account(text: str) -> str:
    """Read an account, as the pages write one: raises ArgumentTypeError for what a server must refuse."""
    if not ACCOUNT.match(text):
        raise argparse.ArgumentTypeError(f"{ACCOUNT_IS}, got {text[:60]!r}")
    return text
