"""Caches what was parsed of the files that come with the server, as Python caches modules: beside them, as JSON."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson


def parsed_once(path: Path, parse: Callable[[bytes], Any]) -> Any:
    """Return what *parse* makes of the bytes of the file at *path*, from the cache if it was parsed before.

    What *parse* returns is JSON, and the same for the same bytes. A cache that cannot be read or written is done
    without; a file that cannot be read raises `OSError`.
    """
    text = path.read_bytes()
    folder = path.parent / "__pycache__"
    # Not by the time of the last change, which a container's layers round.
    cached = folder / f"{path.name}.{blake2b(text, digest_size=16).hexdigest()}.json"
    with suppress(OSError, orjson.JSONDecodeError):
        return orjson.loads(cached.read_bytes())
    document = parse(text)
    with suppress(OSError):  # a folder that cannot be written costs some milliseconds at each start, and nothing else
        folder.mkdir(exist_ok=True)
        for old in folder.glob(f"{path.name}.*.json"):
            old.unlink()
        half = cached.with_suffix(f".{os.getpid()}")
        half.write_bytes(orjson.dumps(document))
        half.replace(cached)
    return document
