"""What a command does about the process that it is: its import path, its streams, and how it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper, UnsupportedOperation
from pathlib import Path
from typing import Final

from mockserver.errors import MockServerError

#: Exit statuses, the same for every command: 1 says that what was asked about is broken, and nothing else.
KEPT, BROKEN, COULD_NOT = 0, 1, 2
#: What a shell says of a program that Ctrl-C ended, and of one that nobody reads any more (SIGINT, SIGPIPE).
_INTERRUPTED: Final = 130
_NO_READER: Final = 141


def run(command: Callable[[], int]) -> int:
    """Run *command*, say on standard error why it failed, and return its exit status."""
    _open_streams()
    try:
        try:
            return command()
        finally:
            sys.stdout.flush()
    except MockServerError as error:
        print(f"mockserver: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        discard_output()
        return _NO_READER
    except OSError as error:
        discard_output()
        where = f" {error.filename}" if error.filename else ""
        print(f"mockserver: the system refused{where}: {error.strerror or error}", file=sys.stderr)
    except Exception:  # noqa: BLE001 else Python would end with 1
        import traceback

        traceback.print_exc()
        print("mockserver: this is a fault of mockserver itself; please report it with these lines", file=sys.stderr)
    return COULD_NOT


def look_in_own_folders_first() -> None:
    """Let no `queue.py` in the current folder, or in one that PYTHONPATH names, stand in for Python's own module."""
    with suppress(FileNotFoundError):  # the current folder may be gone
        users = {Path(folder).resolve() for folder in ("", *os.environ.get("PYTHONPATH", "").split(os.pathsep))}
        sys.path[:] = sorted(sys.path, key=lambda folder: Path(folder).resolve() in users)


def _open_streams() -> None:
    """Put the null device in the place of each closed stream, and let no sign of a text be unprintable.

    Otherwise the next file or socket that is opened would be taken for the stream.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), "r" if name == "stdin" else "w"))
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def discard_output() -> None:
    """Spare Python the attempt to write at its end what could not be written."""
    with suppress(UnsupportedOperation), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
