"""What the contract says about replies, for those who prescribe some: scenarios and preferences."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from mockserver.contract.compiling import compiled
from mockserver.contract.document.bodies import JSON
from mockserver.contract.reply_headers import header_problems
from mockserver.contract.spec import Contract
from mockserver.model import Json


class DocumentRules:
    """Judges prescribed replies by the contract's own schemas; validators are compiled when first needed."""

    def __init__(self, *contracts: Contract) -> None:
        self._first = contracts[0]
        self._contracts = {name: contract for contract in contracts for name in contract.operations}
        self._compiled = lru_cache(maxsize=None)(self._compile)

    @property
    def operations(self) -> Collection[str]:
        """The operationIds of the contracts."""
        return self._contracts.keys()

    def documented_statuses(self, operation: str) -> Collection[int]:
        """Return the statuses that the contract lists for *operation*."""
        return self._contracts[operation].operations[operation].responses.keys()

    def example(self, name: str) -> Json:
        """Return the value of the example component *name*."""
        return self._first.example(name)

    def component_members(self, component: str) -> Sequence[str]:
        """Return the names of the members of the schema component, in the contract's order."""
        return list(self._first.component(component)["properties"])

    def component_problems(self, component: str, value: Json) -> list[str]:
        """Say where *value* breaks the schema component."""
        return _problems(self._compiled(f"#/components/schemas/{component}"), value)

    def reply_problems(
        self, operation: str, status: int, body: bytes, headers: Sequence[tuple[str, str]] = ()
    ) -> list[str]:
        """Say where a reply breaks the contract: its status, its headers, its emptiness, its members."""
        contract = self._contracts[operation]
        found = contract.operations[operation]
        if status not in found.responses:
            documented = ", ".join(map(str, found.responses))
            return [f"status {status} is not documented for {operation}; documented: {documented}"]
        response = found.responses[status]
        in_body = _body_problems(contract, response["content"], body, f"{operation} {status}")
        return [*header_problems(contract, response["headers"], headers), *in_body]

    def _compile(self, reference: str) -> Any:
        return compiled(self._first, {"$ref": reference})


def _body_problems(contract: Contract, content: Mapping[str, Json], body: bytes, of: str) -> list[str]:
    if not content:
        return [f"the body of {of} is empty in the contract"] if body else []
    media_type, entry = next(iter(content.items()))
    if media_type != JSON:  # a scenario may break a script or a page as it likes; whoever judges servers reads them
        return []
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return [f"the body is not JSON: {error}"]
    return _problems(compiled(contract, entry["schema"]), value)


def _problems(validator: Any, value: Json) -> list[str]:
    return [
        f"{'.'.join(map(str, error.instance_path)) or 'the body'}: {error.message}"
        for error in validator.iter_errors(value)
    ]
