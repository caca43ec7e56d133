"""Draws values that keep a schema of the contract, for `Prefer: dynamic=true`. Same seed, same value."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from mockserver.contract.document.schemas import NEVER
from mockserver.contract.spec import Contract
from mockserver.errors import SpecError
from mockserver.model import Json

_WORDS = ("Sales", "Support", "Orders", "Billing", "Returns", "Technik", "Vertrieb", "ventes", "Ελλάδα", "日本")

_HOST_PATTERN = "/__space/"


def dynamic_value(contract: Contract, schema: Mapping[str, Any], seed: str) -> Json:
    """Draw one value that keeps *schema*. Raises `SpecError` for a pattern that nobody can draw."""
    return _Draw(contract, Random(seed)).value(schema)


class _Draw:
    def __init__(self, contract: Contract, rng: Random) -> None:
        self._contract = contract
        self._rng = rng

    def value(self, schema: Mapping[str, Any]) -> Json:
        maker = self._contract.conventions.makers.get(schema.get("$ref", "").rpartition("/")[2])
        if maker:
            return maker(self._rng)
        schema = self._contract.resolved(schema)
        if "const" in schema or "enum" in schema:
            return self._rng.choice(schema.get("enum", [schema.get("const")]))
        if "oneOf" in schema:
            return self.value(self._rng.choice(schema["oneOf"]))
        if schema.get("type") == "object":
            return self._object(schema)
        if schema.get("type") == "array":
            return [self.value(schema["items"]) for _ in range(max(schema.get("minItems", 0), self._rng.randint(1, 3)))]
        return self._scalar(schema)

    def _object(self, schema: Mapping[str, Any]) -> dict[str, Json]:
        required = schema.get("required", ())
        return {
            name: self.value(part)
            for name, part in schema["properties"].items()
            if part != NEVER and (name in required or self._rng.random() < 0.5)
        }

    def _scalar(self, schema: Mapping[str, Any]) -> Json:
        if schema.get("type") in ("integer", "number"):
            least = schema.get("minimum", 0)
            return self._rng.randint(least, min(schema.get("maximum", 1_000_000), 1_000_000))
        pattern = schema.get("pattern", "")
        if _HOST_PATTERN in pattern:
            return f"host{self._rng.randint(1, 99)}.localhost:8080"
        if pattern:
            raise SpecError(
                f"nobody can draw a text for the pattern {pattern!r}; "
                "give its component a maker in the conventions of the API"
            )
        return self._rng.choice(_WORDS)
