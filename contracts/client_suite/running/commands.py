"""Says why a client's command cannot be run, and what to write instead."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ...errors import CommandError

_LONGEST_LINE: Final = 200
#: The system has no room for another process, file or word of a command, whatever the command is.
_NO_ROOM: Final = frozenset({errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.E2BIG})


def not_runnable(command: Sequence[str], directory: Path | None, error: OSError | ValueError) -> CommandError:
    """Translate what the system said about *command* in *directory* into what was wrong and the way out."""
    return CommandError(command[0], _why(command[0], directory, error))


def _why(name: str, directory: Path | None, error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return f"a word of it, or a variable, holds what no process can be given ({error})"
    folder = directory or Path()
    if not folder.is_dir():
        return f"it is run in {folder.absolute()}, and there is no such folder"
    if error.errno in _NO_ROOM:
        return f"{error.strerror}; fewer runs at a time may help: `at_once` in the profile"
    return _why_no_program(name, folder / name, error)


def _why_no_program(name: str, file: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return _why_not_found(name, file)
    if file.is_dir():
        return "it is a folder; name the program in it"
    if error.errno == errno.ENOEXEC:
        return "it is no program for this machine; name first what runs it, as in: python client.py"
    if isinstance(error, PermissionError):
        return f"it may not be executed; chmod +x {name}, or name first what runs it, as in: python client.py"
    return error.strerror or str(error)


def _why_not_found(name: str, file: Path) -> str:
    if "/" not in name:
        meant = f"write ./{name} for the file in {file.parent.absolute()}" if file.is_file() else "give its path"
        return f"no program of that name is on the PATH; {meant}"
    if not file.exists():
        return f"there is no file {file.absolute()}"
    return f"its first line names an interpreter that there is not: {_first_line(file)}"


def _first_line(file: Path) -> str:
    with file.open("rb") as script:
        return script.readline(_LONGEST_LINE).decode(errors="replace").strip()
