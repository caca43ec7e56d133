"""Finds and parses the contract's file, openapi.yaml."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import yaml

from mockserver.errors import SpecError


def read_document(path: Path | None = None) -> dict[str, Any]:
    """Read the contract: *path*, or the copy in the installed package, or the one at the top of a checkout."""
    here = Path(__file__).parent
    for candidate in [path] if path else [here / "openapi.yaml", here.parent / "openapi.yaml"]:
        if candidate.is_file():
            return _parsed(candidate)
    raise SpecError(f"the contract openapi.yaml is not where it belongs: {path or here}; reinstall the package")


def _parsed(path: Path) -> dict[str, Any]:
    """Parse the YAML file at *path*, once for each of its versions: what was read is kept as Python keeps modules."""
    stamp = path.stat()
    folder = path.parent / "__pycache__"
    kept = folder / f"{path.name}.{stamp.st_mtime_ns}-{stamp.st_size}.json"
    with suppress(OSError, orjson.JSONDecodeError):
        document: dict[str, Any] = orjson.loads(kept.read_bytes())
        return document
    document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    with suppress(OSError):  # a folder that cannot be written costs some milliseconds at each start, and nothing else
        folder.mkdir(exist_ok=True)
        for old in folder.glob(f"{path.name}.*.json"):
            old.unlink()
        half = kept.with_suffix(f".{os.getpid()}")
        half.write_bytes(orjson.dumps(document))
        half.replace(kept)
    return document
