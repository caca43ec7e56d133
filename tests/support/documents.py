"""Copies of the contract in which something was changed, and documents that stand in for one."""

import pickle
from pathlib import Path

import yaml

from mockserver.contract.file import read_document
from mockserver.contract.spec import Contract

DOCUMENT = read_document()
_PICKLED = pickle.dumps(DOCUMENT)  # copied from here in a tenth of the time that copy.deepcopy takes
SUPPORT = Path(__file__).parent
#: The documents of APIs that are there for tests, by their places in this folder.
STAND_INS = {
    str(path.relative_to(SUPPORT)): Contract(yaml.safe_load(path.read_text(encoding="utf-8")))
    for path in sorted(SUPPORT.rglob("*.yaml"))
    if "openapi: 3.1" in path.read_text(encoding="utf-8")
}
EVERY_KEYWORD = STAND_INS["every_keyword.yaml"]
#: Where the parts stand that most tests change.
DETAILS = ("components", "schemas", "AppDetails")
VERSION = ("components", "parameters", "Version")
JS_PATH = ("paths", "/api/account/{accountId}/getEngagement")
JS_POST = (*JS_PATH, "post")
LIST_DOMAINS = ("paths", "/api/account/{accountId}/service/baseURI.json", "get")
FIRST_PATH = ("paths", "/api/account/{accountId}/app/engagement/visitors/")


def changed(*path, **members):
    """Copy the contract with these members of one of its parts changed, and those taken out that are None."""
    document = pickle.loads(_PICKLED)
    part = document
    for step in path:
        part = part[step]
    for name, value in members.items():
        if value is None:
            del part[name]
        else:
            part[name] = value
    return document


def with_schemes(security, *, operation=JS_POST, **schemes):
    """Copy the contract with *schemes* in it, of which *operation* demands those that *security* lists."""
    document = changed(*operation, security=security)
    document["components"]["securitySchemes"] = schemes
    return document
