"""Writes the data file of Mockoon, whose format has no defaults."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from bench.contestants.contestant import FRESH
from bench.work import TEMPLATE

_ROUTE = "4a2b4a4e-0000-4000-8000-000000000001"
_SCHEMA = "schema"


def environment(port: int, answer: Mapping[str, Any], schema: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return an environment with the one route; with *schema*, a body that breaks it is refused."""
    ids = {name: f"{{{{faker 'string.alphanumeric' {size}}}}}" for name, size in FRESH.items()}
    good = _response(200, json.dumps({**answer, **ids}), default=True)
    responses = [good]
    buckets = []
    if schema is not None:
        rule = {"target": "body", "modifier": "", "value": _SCHEMA, "invert": True, "operator": "valid_json_schema"}
        responses.append({**_response(400, "{}", default=False), "rules": [rule]})
        buckets.append(
            {"uuid": _new(), "id": _SCHEMA, "name": _SCHEMA, "documentation": "", "value": json.dumps(schema)}
        )
    route = {
        "uuid": _ROUTE, "type": "http", "documentation": "", "method": "post", "endpoint": _endpoint(),
        "responses": responses, "responseMode": None, "streamingMode": None, "streamingInterval": 0,
    }  # fmt: skip
    return {
        "uuid": _new(), "lastMigration": _FORMAT, "name": "getEngagement", "endpointPrefix": "", "latency": 0,
        "port": port, "hostname": "127.0.0.1", "folders": [], "routes": [route],
        "rootChildren": [{"type": "route", "uuid": _ROUTE}],
        "proxyMode": False, "proxyHost": "", "proxyRemovePrefix": False,
        "tlsOptions": {
            "enabled": False, "type": "CERT", "pfxPath": "", "certPath": "", "keyPath": "", "caPath": "",
            "passphrase": "",
        },
        "cors": True, "headers": [], "proxyReqHeaders": [], "proxyResHeaders": [], "data": buckets, "callbacks": [],
    }  # fmt: skip


#: The number of the format's last migration; an older number has Mockoon ask whether it may repair the file.
_FORMAT = 33


def _response(status: int, body: str, *, default: bool) -> dict[str, Any]:
    return {
        "uuid": _new(), "body": body, "latency": 0, "statusCode": status, "label": "",
        "headers": [{"key": "Content-Type", "value": "application/json"}],
        "bodyType": "INLINE", "filePath": "", "databucketID": "", "sendFileAsBody": False,
        "rules": [], "rulesOperator": "OR", "disableTemplating": False, "fallbackTo404": False, "default": default,
        "crudKey": "id", "callbacks": [],
    }  # fmt: skip


def _endpoint() -> str:
    return TEMPLATE.removeprefix("/").replace("{accountId}", ":accountId")


def _new() -> str:
    return str(uuid.uuid4())
