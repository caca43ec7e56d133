"""When something was examined, for how long, with which options, and by which version of the harness."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from typing import Final

_DISTRIBUTION: Final = "engagement-mockserver"


@dataclass(frozen=True)
class Circumstances:
    """What a report says about the examination itself."""

    #: When it began, in UTC.
    began: datetime | None = None
    seconds: float = 0.0
    #: The version of the harness; empty where it is not installed.
    version: str = ""
    #: What decides every id and every generated call; None where nothing is drawn.
    seed: int | None = None
    #: The active options, by the names that they have on the command line.
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """Return the options with the seed, which is one of them."""
        return {**({} if self.seed is None else {"seed": str(self.seed)}), **self.options}


class Stopwatch:
    """Measures an examination, from when this is made."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC)
        self._since = time.monotonic()

    def circumstances(self, seed: int | None, options: Mapping[str, str]) -> Circumstances:
        """Return the circumstances of an examination that is over now; options without a value are left out."""
        return Circumstances(
            began=self._began,
            seconds=time.monotonic() - self._since,
            version=installed_version(),
            seed=seed,
            options={name: value for name, value in options.items() if value},
        )


def installed_version() -> str:
    """Return the version of the installed harness, or nothing when it only lies on the path."""
    try:
        return metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return ""
