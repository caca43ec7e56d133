"""Reads the admin token of a mock as people give it: typed, in a variable, or in a file, as secrets are mounted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ..errors import TokenError

VARIABLE: Final = "MOCKSERVER_ADMIN_TOKEN"
FILE_VARIABLE: Final = "MOCKSERVER_ADMIN_TOKEN_FILE"

#: A longer one makes a header that HTTP servers refuse.
_LONGEST: Final = 4096


def chosen(given: str | None, file: str | None, environ: Mapping[str, str]) -> str:
    """Return the token, "" for none: what is *given*, else in *file*, else what variables say; raises TokenError."""
    if not given and not file:
        given, file = environ.get(VARIABLE), environ.get(FILE_VARIABLE)
    if given and file:
        raise TokenError("the admin token is given twice, as it is and in a file; leave one out")
    if file:
        return _token(_text_of(file), f"the file {file}")
    return _token(given, "the admin token") if given else ""


def _token(text: str, where: str) -> str:
    found = text.strip()
    if not found:
        raise TokenError(f"{where} must hold a token, and holds nothing but blanks")
    if not all("!" <= character <= "~" for character in found):
        raise TokenError(f"{where} must be ASCII without blanks inside, because a header carries it")
    if len(found) > _LONGEST:
        raise TokenError(f"{where} must be at most {_LONGEST} characters")
    return found


def _text_of(file: str) -> str:
    try:
        with Path(file).open(encoding="utf-8-sig") as text:
            return text.read(2 * _LONGEST)
    except OSError as error:
        raise TokenError(f"the file {file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TokenError(f"the file {file} must be text in UTF-8") from None
