"""The work that every contestant is given: one request of the contract, answered with an engagement."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).parents[1]
ACCOUNT = "56072331"
PATH = f"/api/account/{ACCOUNT}/getEngagement"
TEMPLATE = "/api/account/{accountId}/getEngagement"
#: Where the server of `measuring/filled.py` is asked to open sessions.
FILL = "/__admin/bench/sessions"
HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Work:
    """What is asked, and what the contract prints as the answer."""

    body: str
    #: A body that breaks the contract, to see who notices.
    wrong_body: str
    answer: Mapping[str, Any]


def read_contract() -> dict[str, Any]:
    """Read the contract as the peers get it."""
    text = (CHECKOUT / "openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return document


def work_of(contract: Mapping[str, Any]) -> Work:
    """Return the documented request of getEngagement with its answer."""
    media = contract["paths"][TEMPLATE]["post"]["requestBody"]["content"]["application/json"]
    asked = media["examples"]["Documented"]["value"]
    answer = contract["components"]["examples"]["Available"]["value"]
    return Work(_compact(asked), _compact({**asked, "appType": "WEB"}), answer)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
