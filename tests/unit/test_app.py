"""What the composition root refuses, and what the parts promise one another."""

import ast
import copy
import inspect

import pytest

from mockserver.apis.domain import operations as domains
from mockserver.apis.engagement.operations import ask, update_session
from mockserver.app import create_app, limits
from mockserver.engine.apis import Apis
from mockserver.errors import ScenarioError, SettingsError, SpecError
from mockserver.own_apis import own_apis
from mockserver.settings import Settings
from tests.support.builders import CONTRACT, DOCUMENT


def without(path, method):
    document = copy.deepcopy(DOCUMENT)
    del document["paths"][path][method]
    return document


def renamed(path, method, operation):
    document = copy.deepcopy(DOCUMENT)
    document["paths"][path][method]["operationId"] = operation
    return document


#: No link leads to its operation.
ALL_HOSTS = "/api/account/{accountId}/service/baseURI.json"


def test_an_operation_that_nothing_answers_is_refused():
    with pytest.raises(SpecError, match="engagement and domain has operations that nothing answers: askNicely"):
        create_app(Settings(), document=renamed(ALL_HOSTS, "get", "askNicely"))


def test_a_handler_without_an_operation_is_refused():
    with pytest.raises(SpecError, match="domain answers operations that its document does not have: listDomains"):
        create_app(Settings(), document=without(ALL_HOSTS, "get"))


def test_a_contract_that_cannot_be_honoured_is_refused():
    document = copy.deepcopy(DOCUMENT)
    document["components"]["schemas"]["AppDetails"]["dependentRequired"] = {}

    with pytest.raises(SpecError, match="dependentRequired"):
        create_app(Settings(), document=document)


@pytest.mark.parametrize(
    ("scenario", "message"), [("loadin", "did you mean 'loading'"), ("no.yaml", "neither a file nor")]
)
def test_a_scenario_that_is_not_there_is_refused(scenario, message):
    with pytest.raises(ScenarioError, match=message):
        create_app(Settings(scenario=scenario), document=DOCUMENT)


def test_a_store_that_is_none_is_refused():
    with pytest.raises(SettingsError, match="there is no store 'memry'"):
        create_app(Settings(store="memry:"), document=DOCUMENT)


def test_the_journal_is_bounded_as_the_settings_say():
    bounds = limits(Settings(journal_entries=5, journal_bytes=2048)).of("journal")

    assert (bounds.entries, bounds.bytes) == (5, 2048)


APIS = Apis(own_apis(DOCUMENT))
# Which statuses the operations can raise, read from their own source.
SOURCES = {
    "getEngagement": (ask,),
    "createFirstSession": (ask,),
    "createSession": (ask,),
    "updateSession": (update_session,),
    "listDomains": (domains,),
    "getDomain": (domains,),
    "listDomainsScript": (domains,),
    "getDomainScript": (domains,),
}


def statuses_raised_by(module):
    """Return the statuses of all `Refused(status, ...)` of a module."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Refused", "CallError"):
            assert isinstance(node.args[0], (ast.Constant, ast.Attribute)), ast.dump(node)
            if isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


@pytest.mark.parametrize("operation", APIS.bound)
def test_every_status_that_an_operation_raises_is_documented_for_it(operation):
    raised = {status for module in SOURCES[operation] for status in statuses_raised_by(module)}

    assert raised
    assert raised <= CONTRACT.operations[operation].responses.keys()


def test_every_status_of_a_clause_that_an_operation_names_is_documented_for_it():
    for operation in CONTRACT.operations.values():
        named = {clause for response in operation.responses.values() for clause in response.get("x-clauses", ())}
        statuses = {CONTRACT.clauses[clause].status for clause in named} - {None}

        assert statuses <= operation.responses.keys(), operation.id


def test_every_clause_that_a_member_can_break_stands_under_its_status():
    """A violation found by a schema leads to the status of its clause, which the response has to name."""
    for operation in CONTRACT.operations.values():
        clauses = {parameter.clause for parameter in operation.parameters}
        for body in operation.bodies.values():
            members = map(CONTRACT.resolved, body["properties"].values())
            clauses |= {member.get("x-clause", body["x-clause"]) for member in members}
        for clause in clauses:
            status = CONTRACT.clauses[clause].status
            assert clause in operation.responses[status]["x-clauses"], (operation.id, clause)


def test_sources_are_listed_for_every_handler():
    assert SOURCES.keys() == APIS.bound.keys()
