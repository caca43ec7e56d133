"""Conditions on calls, which stand under `when`: one file per condition, and the tables of those of the core."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.scenarios.conditions.base import Condition, Scope, Token
from mockserver.scenarios.conditions.headers import Headers
from mockserver.scenarios.conditions.open_hours import OpenHours
from mockserver.scenarios.conditions.operation import Operation

__all__ = ["CONDITIONS_AFTER", "CONDITIONS_BEFORE", "OPERATION", "Condition", "Operation", "Scope", "Token"]

#: The key of the condition that every matcher has.
OPERATION = "operation"
#: What the core knows stands before and behind the words of the APIs, in documents and in differences.
CONDITIONS_BEFORE: Mapping[str, type[Condition]] = {OPERATION: Operation}
CONDITIONS_AFTER: Mapping[str, type[Condition]] = {"headers": Headers, "open_hours": OpenHours}
