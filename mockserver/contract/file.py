"""Finds and parses the contract's file, openapi.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from mockserver.contract.cache import parsed_once
from mockserver.errors import SpecError


def read_document(path: Path | None = None) -> dict[str, Any]:
    """Read the contract: *path*, or the copy in the installed package, or the one at the top of a checkout.

    Raises `SpecError` when none of them is there.
    """
    here = Path(__file__).parent.parent
    for candidate in [path] if path else [here / "openapi.yaml", here.parent / "openapi.yaml"]:
        if candidate.is_file():
            document: dict[str, Any] = parsed_once(candidate, _parsed)
            return document
    raise SpecError(f"the contract openapi.yaml is not where it belongs: {path or here}; reinstall the package")


def _parsed(text: bytes) -> Any:
    """Read *text* as YAML that has the values of JSON only, so that what was kept of it is the same."""
    import yaml  # which takes longer to load than to read what was kept

    try:
        return orjson.loads(orjson.dumps(yaml.load(text, Loader=yaml.CSafeLoader)))
    except yaml.YAMLError as error:
        raise SpecError(f"the contract cannot be read as YAML: {error}") from error
    except TypeError as error:
        raise SpecError(
            f"the contract holds what JSON cannot say: {error}; put it in quotes, such as the status '200'"
        ) from error
