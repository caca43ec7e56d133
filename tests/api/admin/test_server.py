"""The admin API about the server as a whole; and its routes beside its document."""

import dataclasses
import re
from importlib.resources import files

import jsonschema_rs
import pytest
import yaml

from mockserver import __version__
from mockserver.engine.apis import Apis
from mockserver.errors import StoreUnavailable
from mockserver.own_apis import own_apis
from mockserver.scenarios.schema import scenario_schema
from mockserver.state.journal_query import Query
from mockserver.state.spaces import SPACE_NAME
from mockserver.web.admin.routes import ROUTES
from tests.support.builders import CONTRACT, DOCUMENT, RULES
from tests.support.scenario_fakes import VOCABULARY
from tests.support.serving.in_process import BrokenStore, Mock, ids

ADMIN = yaml.safe_load(files("mockserver.web.admin").joinpath("admin.yaml").read_bytes())
SCHEMAS = ADMIN["components"]["schemas"]


def test_the_routes_are_those_of_the_document():
    documented = {
        (method.upper(), path, operation["operationId"])
        for path, item in ADMIN["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }

    served = {(r.method, "/__admin" + re.sub("<(.*)>", r"{\1}", r.path), r.operation) for r in ROUTES}
    assert served == documented


def test_the_document_lists_the_presets():
    assert SCHEMAS["ScenarioChoice"]["properties"]["preset"]["enum"] == sorted(VOCABULARY.presets.names())


def test_the_document_lists_the_rules():
    rules = list(RULES)

    assert SCHEMAS["Rules"]["required"] == rules
    assert list(SCHEMAS["Rules"]["properties"]) == rules
    assert list(SCHEMAS["RuleOverrides"]["properties"]) == rules


def test_the_document_lists_the_filters_of_the_journal():
    filters = [field.name for field in dataclasses.fields(Query)]
    parameters = [p["name"] for p in ADMIN["paths"]["/__admin/journal"]["get"]["parameters"]]

    assert list(SCHEMAS["Match"]["properties"]) == filters
    sent = {"header", "query", "body"}  # which no query can hold
    assert parameters == [*(name for name in filters if name not in sent), "after", "limit"]


def test_the_document_says_what_a_space_may_be_called():
    # `\Z` is Python's for the `$` of JSON Schema.
    assert SCHEMAS["SpaceName"]["pattern"] == f"^{SPACE_NAME.pattern.removesuffix(chr(92) + 'Z')}$"


def test_the_server_is_alive(mock):
    answer = mock.admin("GET", "/health")

    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "version": __version__, "contract": CONTRACT.version, "store": "memory:"}


def test_the_server_says_when_its_store_is_dead():
    store = BrokenStore(StoreUnavailable("no answer from there"))
    mock = Mock(store=store)
    store.broken = True

    health, rules = mock.admin("GET", "/health"), mock.admin("GET", "/rules")

    assert health.status_code == 503
    assert health.json["status"] == "store_unavailable"
    assert health.json["error"] == "no answer from there"
    assert (rules.status_code, rules.json) == (503, {"error": "no answer from there"})


def test_documents_are_served_as_json(mock):
    assert mock.steer("GET", "/openapi.json") == ADMIN
    assert mock.steer("GET", "/contract.json") == DOCUMENT
    assert mock.steer("GET", "/scenario-schema.json") == scenario_schema(Apis(own_apis()).vocabulary)


def test_the_contract_of_each_api_is_served_under_its_name(mock):
    engagement, domain = mock.steer("GET", "/contracts")["contracts"]

    assert (engagement["name"], engagement["title"]) == ("engagement", DOCUMENT["info"]["title"])
    assert domain["operations"] == ["listDomains", "listDomainsScript", "getDomain", "getDomainScript"]
    assert {*engagement["operations"], *domain["operations"]} == CONTRACT.operations.keys()
    assert mock.steer("GET", "/contracts/engagement") == DOCUMENT
    assert mock.steer("GET", "/contracts/domain") == DOCUMENT


def test_a_contract_of_no_api_is_refused_with_the_nearest_name(mock):
    answer = mock.admin("GET", "/contracts/engagment")

    assert answer.status_code == 404
    assert answer.json == {
        "error": "there is no API 'engagment'; did you mean 'engagement'? The server has engagement, domain"
    }


def test_every_clause_is_told_with_its_source_and_standing(mock):
    clauses = {clause["id"]: clause for clause in mock.steer("GET", "/clauses")["clauses"]}

    assert list(clauses) == [clause["id"] for clause in DOCUMENT["x-clauses"]]
    assert clauses["GE-401-SID"] == {
        "id": "GE-401-SID",
        "rule": "sid is required on a second request.",
        "about": "call",
        "standing": "documented",
        "source": ["JS-GE", "AE-CS"],
        "status": 401,
        "internalCode": 10,
    }


def test_every_preset_is_told_with_a_sentence(mock):
    presets = mock.steer("GET", "/presets")["presets"]

    assert [preset["name"] for preset in presets] == sorted(VOCABULARY.presets.names())
    assert all(preset["description"].endswith(".") for preset in presets)


def test_a_space_is_shown_at_a_glance(mock):
    mock.js(space="blue")

    shown = mock.steer("GET", "/spaces/blue")

    assert (shown["name"], shown["seed"], shown["scenario"]) == ("blue", 7, "available")
    assert (shown["sessions"]["entries"], shown["journal"]["entries"]) == (1, 1)
    assert shown["faults"] == []


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_space_that_nobody_uses_is_not_found_and_not_made(mock, method):
    answer = mock.admin(method, "/spaces/blue")

    assert answer.status_code == 404
    assert answer.json == {"error": "nobody uses the space 'blue'; GET /__admin/spaces lists those in use"}
    assert mock.steer("GET", "/spaces") == {"spaces": ["default"]}


def test_a_name_that_no_space_can_have_is_refused(mock):
    answer = mock.admin("GET", "/spaces/BLUE")

    assert answer.status_code == 400
    assert answer.json["details"][0]["where"] == "space"


def test_a_space_is_removed_and_new_at_its_next_use(mock):
    opened = ids(mock.js(space="blue"))

    mock.steer("DELETE", "/spaces/blue")

    assert mock.steer("GET", "/spaces") == {"spaces": ["default"]}
    assert mock.update(**opened, space="blue").status_code == 404


def test_all_spaces_are_removed_at_once(mock):
    for space in ("one", "two", None):
        mock.js(space=space)

    mock.steer("DELETE", "/spaces")

    assert mock.steer("GET", "/spaces") == {"spaces": ["default"]}
    assert mock.journal() == []


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation)
def test_every_answer_keeps_the_document(mock, route):
    mock.js()
    examples = {
        "putScenario": {"preset": "loading"},
        "putRules": {"second_request": "ids", "session_lifetime_s": 60.0},
        "putFaults": {"faults": [{"delay": {"ms": 1}}]},
        "putClock": {"frozen": True},
        "advanceClock": {"ms": 1.0},
        "putSeed": {"seed": 7.0},
        "verifyJournal": {"match": {"status": 500.0}, "at_least": 1},
    }
    path = route.path.replace("<space>", "default").replace("<api>", "engagement")

    answer = mock.admin(route.method, path, examples.get(route.operation))

    item = ADMIN["paths"]["/__admin" + route.path.replace("<", "{").replace(">", "}")]
    response = item[route.method.lower()]["responses"][str(answer.status_code)]
    assert answer.status_code == (204 if "204" in item[route.method.lower()]["responses"] else 200)
    if "content" in response:
        schema = {**response["content"]["application/json"]["schema"], "components": ADMIN["components"]}
        jsonschema_rs.validator_for(schema).validate(answer.json)
    else:
        assert answer.data == b""
        assert "Content-Type" not in answer.headers


def test_an_unknown_admin_path_is_told_in_the_admin_apis_words_and_stays_out_of_the_journal(mock):
    unknown, not_allowed = mock.admin("GET", "/sesions"), mock.admin("POST", "/sessions", {})

    assert unknown.status_code == 404
    assert unknown.json == {
        "error": "nothing is served at '/__admin/sesions'; did you mean '/__admin/sessions'?",
    }
    assert not_allowed.status_code == 405
    assert not_allowed.json == {"error": "POST is not allowed here; allowed: DELETE, GET, HEAD, OPTIONS"}
    assert not_allowed.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS"
    assert mock.journal() == []
