"""Some room on the disk that is kept for the moment when there is none: to make room, a store needs a little itself."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

#: Bytes. What a database writes to forget a journal of 64 MiB is much less.
RESERVE = 8 << 20
#: Less than this helps nobody.
_LEAST = 256 << 10


class Reserve:
    """A file beside the store's, which has nothing in it."""

    def __init__(self, store_path: str) -> None:
        self.path = Path(f"{store_path}-reserve")

    def take(self) -> None:
        """Take the room when the store is opened. Raises `OSError` where there is none, and was none before."""
        try:
            occupy(self.path, RESERVE)
        except OSError:
            if not self._held():
                self.release()
                raise

    def retake(self) -> None:
        """Take as much again as leaves as much to others."""
        size = RESERVE
        while size >= _LEAST:
            with suppress(OSError):
                if _free(self.path.parent) >= 2 * size:
                    occupy(self.path, size)
                    return
            size //= 2

    def release(self) -> None:
        """Give the room to whoever writes next."""
        with suppress(OSError):
            self.path.unlink()

    def _held(self) -> int:
        try:
            return self.path.stat().st_blocks
        except OSError:
            return 0


def _free(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def occupy(path: Path, size: int) -> None:
    """See to it that the file at *path* has at least *size* bytes, and room on the disk for each. Raises `OSError`.

    What is mapped into memory without room kills the process that writes to it on a full disk.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, size)
        elif os.fstat(descriptor).st_size < size:  # macOS has no such call
            os.pwrite(descriptor, bytes(size), 0)
    finally:
        os.close(descriptor)
