"""Peers get documents that say what the contract says."""

import json

import jsonschema_rs

from bench.contestants.contestant import Ports
from bench.contestants.documents import for_connexion, for_mokapi, request_schema
from bench.work import TEMPLATE, read_contract, work_of

CONTRACT = read_contract()
WORK = work_of(CONTRACT)


def test_the_schema_for_peers_accepts_what_is_asked_and_refuses_what_is_wrong():
    validator = jsonschema_rs.validator_for(request_schema(CONTRACT))

    assert validator.is_valid(json.loads(WORK.body))
    assert not validator.is_valid(json.loads(WORK.wrong_body))


def test_the_document_for_connexion_speaks_openapi_3_0_without_references():
    document = for_connexion(CONTRACT)

    assert document["openapi"].startswith("3.0")
    text = json.dumps(document)
    assert [word for word in ("$ref", '"const"', '"x-') if word in text] == []


def test_the_reply_of_mokapi_is_open_in_the_identifiers_only():
    operation = for_mokapi(CONTRACT, WORK, Ports(1, 2))["paths"][TEMPLATE]["post"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    validator = jsonschema_rs.validator_for(schema)
    reply = {**WORK.answer, "sessionId": "s" * 22, "visitorId": "v" * 23}

    assert validator.is_valid(reply)
    assert not validator.is_valid({**reply, "sessionId": "s"})
    assert not validator.is_valid({**reply, "pageId": "another"})
