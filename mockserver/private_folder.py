"""Makes a folder that only this process's user can read, and that goes when the process does."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def private_folder() -> Iterator[str]:
    """Make one among the system's temporary files, and remove it in the end, by whichever signal that comes."""
    folder = ""
    maker = os.getpid()
    try:
        with _signals_held():  # between the folder and the note of it, or in the middle of tempfile's trial file
            folder = tempfile.mkdtemp(prefix="mockserver-")
        yield folder
    finally:
        if folder and os.getpid() == maker:  # a worker that ends must not take the others' state with it
            with _signals_held():
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _signals_held() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
