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

    class Loader(yaml.CSafeLoader):
        """Refuses a key that stands twice in its object, of which YAML would drop the first."""

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
            seen: set[str] = set()
            for key, _ in node.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    raise SpecError(f"line {line} of the contract: {key.value!r} stands there twice; keep one of them")
                if isinstance(key, yaml.ScalarNode):
                    seen.add(key.value)
            return super().construct_mapping(node, deep)

    try:
        return orjson.loads(orjson.dumps(yaml.load(text, Loader=Loader)))  # noqa: S506 a safe loader made stricter
    except yaml.YAMLError as error:
        raise SpecError(f"the contract cannot be read as YAML: {' '.join(str(error).split())}") from error
    except (TypeError, RecursionError) as error:
        raise SpecError(
            f"the contract holds what JSON cannot say: {error}; a status, for example, stands in quotes: '200'"
        ) from error
