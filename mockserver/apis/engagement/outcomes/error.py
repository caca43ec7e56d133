"""The outcome `error`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from mockserver.model import Json
from mockserver.scenarios.documents.mistakes import AlreadyNoted
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.outcomes import ContractError, Purpose

_LARGEST_CODE = 2**31 - 1

#: The errors that scenarios know by name.
NAMED_ERRORS: Mapping[str, ContractError] = {
    error.kind: error
    for error in (
        ContractError(500, 20, None, "loading"),  # its message names account and visitor
        ContractError(500, 18, "Internal server error", "internal"),
        ContractError(503, 18, "Server temporarily unavailable", "unavailable"),
        ContractError(404, 6, "Data not found", "unknown_account"),
        ContractError(404, 6, "Data not found", "no_engagement"),
    )
}


class Error:
    """An error entity of the contract: one with a name, or any under a documented status."""

    may_stand_alone: ClassVar = False
    may_leave_contract: ClassVar = False
    summary: ClassVar = "An error with a name, or any under a documented status."
    schema: ClassVar[Mapping[str, Json]] = {
        "oneOf": [
            {"enum": list(NAMED_ERRORS)},
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["status", "internalCode"],
                "properties": {
                    "status": {"type": "integer", "minimum": 400, "maximum": 599},
                    "internalCode": {"type": "integer", "minimum": 0, "maximum": _LARGEST_CODE},
                    "message": {
                        "description": "null or left out: the optional member is not sent.",
                        "type": ["string", "null"],
                    },
                },
            },
        ]
    }

    @classmethod
    def read(cls, node: Node, purpose: Purpose) -> ContractError:
        """Read `loading`, or `{status: 500, internalCode: 18, message: null}`; raises `AlreadyNoted` if it is wrong."""
        if isinstance(node.value, str):
            status_node, error = node, NAMED_ERRORS[node.word(NAMED_ERRORS, "error")]
        else:
            table = node.table(("status", "internalCode", "message"), required=("status", "internalCode"))
            message = table["message"].text() if "message" in table and table["message"].value is not None else None
            status_node = table["status"]
            code = table["internalCode"].integer(0, _LARGEST_CODE)
            error = ContractError(status_node.integer(400, 599), code, message)
            if node.is_wrong:
                raise AlreadyNoted
        _refuse_undocumented(status_node, error.status, purpose)
        return error


def _refuse_undocumented(node: Node, status: int, purpose: Purpose) -> None:
    for operation in purpose.operations:
        documented = purpose.rules.documented_statuses(operation)
        if status not in documented:
            node.refuse(
                f"the contract documents no status {status} for {operation}, only "
                f"{', '.join(map(str, sorted(documented)))}; to send it all the same, use reply with off_contract: true"
            )
