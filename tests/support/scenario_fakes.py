"""What scenarios need of the rest: a contract of a few rules, and calls."""

import json

import pytest

from mockserver.apis.engagement.conditions import CONDITIONS
from mockserver.apis.engagement.operations import OPERATIONS
from mockserver.apis.engagement.outcomes import OUTCOMES
from mockserver.apis.engagement.presets import PRESETS
from mockserver.apis.engagement.sessions import ID_COMPONENTS
from mockserver.errors import ScenarioError
from mockserver.model import Call, ValidCall
from mockserver.scenarios.conditions import CONDITIONS_AFTER, Operation
from mockserver.scenarios.conditions.matcher import Matcher
from mockserver.scenarios.documents.mistakes import Mistakes
from mockserver.scenarios.documents.nodes import read_whole
from mockserver.scenarios.reading.loading import load_scenario
from mockserver.scenarios.vocabulary import ApiWords, Vocabulary
from tests.support.documented import DETAILS as DEFAULT_ENGAGEMENT

MEMBERS = (*DEFAULT_ENGAGEMENT, "connectorId")
NUMBERS = ("engagementRevision", "validForSeconds", "skillId")
APP_TYPES = ("MSDK", "EXTERNAL")


class FakeRules:
    """A contract that knows the type of each member, and which texts identify."""

    operations = ("getEngagement", "createFirstSession", "createSession", "updateSession", "getDomain")

    def example(self, name):
        return {"Available": {"engagementDetails": DEFAULT_ENGAGEMENT}}[name]

    def documented_statuses(self, operation):
        if operation not in self.operations:
            raise KeyError(operation)
        return (200, 400, 401) if operation == "getDomain" else (200, 400, 401, 404, 413, 415, 500, 503)

    def component_members(self, component):
        return {"EngagementDetails": MEMBERS}[component]

    def component_problems(self, component, value):
        match component:
            case "EngagementDetails":
                missing = [f"{name} is missing" for name in MEMBERS[:7] if name not in value]
                return missing + [f"{name} is no number" for name in NUMBERS if not isinstance(value.get(name, 0), int)]
            case "CreateSessionRequest":
                return [] if value["appType"] in APP_TYPES else [f"appType is one of {', '.join(APP_TYPES)}"]
            case "AppDetails":
                return [f"{name} is no text" for name, text in value.items() if not isinstance(text, str)]
            case _:
                return [] if value.isalnum() else [f"{value!r} is no {component}"]

    def reply_problems(self, operation, status, body, _headers=()):
        if status not in self.documented_statuses(operation):
            return [f"status {status} is not documented"]
        try:
            value = json.loads(body or "{}")
        except ValueError:
            return ["the body is not JSON"]
        return [] if status != 200 or operation == "updateSession" or "status" in value else ["status is missing"]


RULES = FakeRules()
ASKING = tuple(name for name, operation in OPERATIONS.items() if operation.asks_scenarios)
ENGAGEMENT = ApiWords(
    name="engagement",
    rules=RULES,
    conditions=CONDITIONS,
    outcomes=OUTCOMES,
    ids=ID_COMPONENTS,
    default_operations=ASKING,
    presets=PRESETS,
)
VOCABULARY = Vocabulary([ENGAGEMENT], RULES)
_KINDS = {**CONDITIONS, **CONDITIONS_AFTER}


def a_matcher(*operations, **conditions):
    """Make a matcher; each condition is given by its word and what it holds, and one that holds nothing is none."""
    given = {**dict.fromkeys(_KINDS), **conditions}
    kinds = [(_KINDS[name], wanted) for name, wanted in given.items() if wanted not in (None, (), {})]
    found = [wanted if isinstance(wanted, kind) else kind(wanted) for kind, wanted in kinds]
    return Matcher(Operation(operations or ASKING), tuple(found))


def a_call(operation="getEngagement", *, visitor=None, session=None, account="56072331", headers=None, **body):
    """Make a call that keeps the contract; what a test does not care about has a default."""
    call = Call(operation, "POST", f"/api/account/{account}/getEngagement", headers=headers or {})
    return ValidCall(call, operation, account, {}, body, visitor, session)


def read(document, reader):
    """Return what *reader* makes of a document, or raise what is wrong with it."""
    mistakes = Mistakes()
    found = read_whole(document, reader, mistakes)
    if mistakes:
        raise mistakes.error()
    return found


def load(text):
    """Read a scenario in these words."""
    return load_scenario(text, "my.yaml", VOCABULARY)


def loaded_stub(document):
    """Read a scenario of one stub, and return that."""
    [stub] = load(json.dumps({"scenario": "test", "stubs": [document]})).stubs
    return stub


def outcome(then, when=None):
    """Read an outcome."""
    return loaded_stub({"when": when or {}, "then": then}).steps[0].outcome


def refusal(document):
    """Return what is said about a stub, without the position."""
    with pytest.raises(ScenarioError) as caught:
        loaded_stub(document)
    _source, _line, _column, message = str(caught.value).split(":", 3)
    return message.strip()
