"""Says what to do where no temporary file can be made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mockserver.errors import StartupError


@contextmanager
def temporary_files() -> Iterator[None]:
    """Make temporary files inside. Raises `StartupError` where that cannot be done."""
    try:
        yield
    except OSError as error:
        raise StartupError(
            f"no temporary file can be made: {error.strerror or error}; "
            "set TMPDIR to a folder that can be written and has room"
        ) from error
