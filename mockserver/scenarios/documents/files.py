"""Read the text of a scenario file, and say in plain words why it cannot be read."""

from __future__ import annotations

import codecs
from pathlib import Path

from mockserver.errors import ScenarioError, UnreadableFile, nearest

#: Bytes of UTF-8 that a scenario may have, as a file and by the admin API: room for some 10,000 stubs of 400 bytes.
LONGEST_TEXT = 4 * 1024 * 1024

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_of_file(file: Path) -> str:
    """Return what stands in *file*. Raises `UnreadableFile`, or `ScenarioError` when it is too long or no UTF-8."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LONGEST_TEXT + 1)
    except FileNotFoundError as error:
        raise UnreadableFile(f"there is no scenario file {str(file)!r}; check the path{_neighbour(file)}") from error
    except IsADirectoryError as error:
        raise UnreadableFile(f"{str(file)!r} is a folder; name a scenario file in it") from error
    except PermissionError as error:
        raise UnreadableFile(
            f"the scenario file {str(file)!r} may not be read by this user; give the user the right to read it"
        ) from error
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"the scenario file {str(file)!r} cannot be read: {error}; name another one") from error
    if len(data) > LONGEST_TEXT:
        raise ScenarioError(f"{file}: the text is longer than the {LONGEST_TEXT} bytes that a scenario may have")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        looks = "looks like UTF-16" if data.startswith(_UTF_16) or b"\0" in data[:100] else "is not UTF-8"
        raise ScenarioError(
            f"{file}: this {looks} (byte {error.start + 1}); a scenario file is UTF-8, save it as that"
        ) from error


def _neighbour(file: Path) -> str:
    try:
        return nearest(file.name, [other.name for other in file.parent.iterdir()])
    except OSError:
        return ""
