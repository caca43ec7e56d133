"""Generators make clients of both documents, and the clients get from a running server what the contract documents."""

import pytest

from tests.spec.generators.workshop import COMMANDS, Workshop
from tests.support.documented import DETAILS, DOCUMENTED_CALL

pytestmark = pytest.mark.nightly

PROGRAMS = [
    "openapi_generator.py",
    "openapi_python_client.py",
    "datamodel_code_generator.py",
    "typescript_fetch.ts",
    "openapi_typescript.ts",
    "hey_api.ts",
    "orval_fetch.ts",
    "orval_zod.ts",
]
#: Every error that the contract documents for getEngagement, with an internalCode of its own.
ERRORS = {400: 5, 401: 10, 404: 6, 413: 5, 415: 5, 500: 20, 503: 18}
#: What is made in Python of each document.
MADE = ["openapi_generator", "python_client", "models"]
IMPORT_ALL = """
import importlib, pkgutil, sys
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{name}."):
        importlib.import_module(found.name)
"""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    return Workshop(tmp_path_factory.mktemp("generated"))


@pytest.fixture(scope="module")
def orders(server):
    """Return the addresses of spaces that answer as each call of a program needs it."""

    def at(name, scenario):
        space = f"/__space/generated-{name}"
        done = server.ask("PUT", f"{space}/__admin/scenario", json_body=scenario)
        assert done.status == 200, done.body
        return server.url + space

    def failing(status):
        error = {"status": status, "internalCode": ERRORS[status], "message": f"error {status}"}
        return {"scenario": {"scenario": "failing", "stubs": [{"then": {"error": error}}]}}

    return {
        "base": at("available", {"preset": "available"}),
        "notAvailable": at("not-available", {"preset": "not-available"}),
        "errors": {status: at(status, failing(status)) for status in ERRORS},
        "call": DOCUMENTED_CALL,
    }


@pytest.mark.parametrize("generator", COMMANDS)
def test_a_generator_makes_something_of_both_documents(workshop, generator):
    workshop.make(generator)


def test_everything_in_typescript_passes_the_strict_compiler(workshop):
    assert workshop.scripts.is_dir()


def test_everything_in_python_can_be_imported(workshop):
    for generator in ("openapi_generator", "openapi_python_client", "datamodel_code_generator"):
        workshop.make(generator)

    workshop.python("-c", IMPORT_ALL, *(f"{made}_{name}" for made in MADE for name in ("openapi", "admin")))


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_generated_client_gets_what_the_contract_documents(workshop, orders, program):
    told = workshop.told_by(program, orders)

    seed = told["seed"]
    assert (seed["status"], seed["reply"]["status"], seed["reply"]["visitorId"]) == (200, "Available", "123")
    assert seed["reply"]["engagementDetails"] == DETAILS
    assert (told["first"]["status"], told["first"]["reply"]["status"]) == (200, "Available")
    assert told["update"]["status"] == 200
    assert (told["unknown"]["status"], told["unknown"]["error"]["internalCode"]) == (404, 37)
    assert (told["notAvailable"]["status"], told["notAvailable"]["reply"]["status"]) == (200, "NotAvailable")
    assert {
        int(status): (seen["status"], seen["error"]["internalCode"], seen["error"]["message"])
        for status, seen in told["errors"].items()
    } == {status: (status, code, f"error {status}") for status, code in ERRORS.items()}
