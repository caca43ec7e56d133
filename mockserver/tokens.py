"""Reads the admin token as people give it: typed, in a variable, or in a file, as secrets are mounted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

VARIABLE: Final = "MOCKSERVER_ADMIN_TOKEN"
FILE_VARIABLE: Final = "MOCKSERVER_ADMIN_TOKEN_FILE"

#: A longer one makes a header that HTTP servers refuse.
_LONGEST: Final = 4096


def token(text: str) -> str:
    """Return the token that *text* holds, without the blanks and line ends around it.

    Raises `ValueError` for one that no request could carry; the text quotes nothing of it.
    """
    found = text.strip()
    if not found:
        raise ValueError("must hold a token, and holds nothing but blanks")
    if not all("!" <= character <= "~" for character in found):
        raise ValueError("must be ASCII without blanks inside, because a header carries it")
    if len(found) > _LONGEST:
        raise ValueError(f"must be at most {_LONGEST} characters")
    return found


def token_in(file: str) -> str:
    """Return the token that *file* holds. Raises `ValueError`, which names the file, when there is none to be had."""
    try:
        with Path(file).open(encoding="utf-8-sig") as text:
            return token(text.read(2 * _LONGEST))
    except UnicodeDecodeError:
        raise ValueError(f"the file {file} must be text in UTF-8") from None
    except OSError as error:
        raise ValueError(f"the file {file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"the file {file} {error}") from None


def chosen(given: str | None, file: str | None, environ: Mapping[str, str]) -> str:
    """Return the token of another server, "" for none: what is *given*, else in *file*, else what variables say.

    Raises `ValueError` that names the one at fault.
    """
    if not given and not file:
        given, file = environ.get(VARIABLE), environ.get(FILE_VARIABLE)
    if given and file:
        raise ValueError("the admin token is given twice, as it is and in a file; leave one out")
    if file:
        return token_in(file)
    try:
        return token(given) if given else ""
    except ValueError as error:
        raise ValueError(f"the admin token {error}") from None
