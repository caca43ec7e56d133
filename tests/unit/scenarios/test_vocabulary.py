"""A word that an API hands in is read, refused, compared, indexed and described, and the core knows nothing of it."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar

import jsonschema_rs
import pytest

from mockserver.errors import ScenarioError, SpecError
from mockserver.scenarios.conditions import Condition
from mockserver.scenarios.outcomes import Outcome, Verbatim
from mockserver.scenarios.reading.loading import load_scenario
from mockserver.scenarios.schema import scenario_schema
from mockserver.scenarios.vocabulary import ApiWords, Vocabulary
from tests.support.scenario_fakes import ENGAGEMENT, RULES, FakeRules, a_call

NOW = datetime(2026, 1, 4, 9, tzinfo=UTC)
COLOURS = ("blue", "red")
REPLY = {"reply": {"status": 200, "body": {"status": 1}}}


@dataclass(frozen=True)
class Colour(Condition):
    """A call asks for a toy of this colour."""

    summary: ClassVar = "The colour that the call asks for."
    schema: ClassVar = {"enum": list(COLOURS)}

    colour: str

    @classmethod
    def read(cls, node, rules):
        return cls(node.word(COLOURS, "colour"))

    def differences(self, call, now):
        if call.body.get("colour") != self.colour:
            yield f"colour: wanted {self.colour!r}, got {call.body.get('colour')!r}"

    def token_sets(self):
        yield {("colour", self.colour)}

    @classmethod
    def carried_tokens(cls, call):
        return {("colour", call.body.get("colour"))}


@dataclass(frozen=True)
class SoldOut(Outcome):
    """There is no such toy."""

    summary: ClassVar = "No toy is left."
    schema: ClassVar = {"const": True}
    may_stand_alone: ClassVar = True
    may_leave_contract: ClassVar = False

    @classmethod
    def read(cls, node, purpose):
        return cls() if node.value is True else node.wanted("true")


class ToyRules(FakeRules):
    operations = ("getToy",)


class AllRules(FakeRules):
    operations = (*FakeRules.operations, *ToyRules.operations)


TOY = ApiWords(
    name="toy",
    rules=ToyRules(),
    conditions={"colour": Colour},
    outcomes={"sold_out": SoldOut},
    ids={"box": "BoxId"},
    default_operations=("getToy",),
)
VOCABULARY = Vocabulary([ENGAGEMENT, TOY], AllRules())
SCHEMA = jsonschema_rs.validator_for(scenario_schema(VOCABULARY))


def document(*stubs, **members):
    return {"scenario": "toys", "stubs": stubs, **members}


def loaded(*stubs, vocabulary=VOCABULARY, **members):
    return load_scenario(json.dumps(document(*stubs, **members)), "toys.yaml", vocabulary)


def refusal(*stubs, **members):
    with pytest.raises(ScenarioError) as caught:
        loaded(*stubs, **members)
    return str(caught.value).split(": ", 1)[1]


def a_toy_call(colour):
    return a_call("getToy", colour=colour)


def test_a_condition_that_is_handed_in_picks_the_stub():
    scenario = loaded(
        {"name": "red", "when": {"colour": "red"}, "then": "sold_out"},
        {"name": "blue", "when": {"colour": "blue"}, "then": "sold_out"},
    )

    assert scenario.pick(a_toy_call("blue"), NOW).name == "blue"
    assert scenario.near_misses(a_toy_call("green"), NOW, most=1) == [
        {"stub": "red", "differences": ["colour: wanted 'red', got 'green'"]}
    ]


def test_an_outcome_that_is_handed_in_answers():
    alone, spelt_out = loaded({"then": "sold_out"}, {"then": {"sold_out": True}}).stubs

    assert [step.outcome for step in (*alone.steps, *spelt_out.steps)] == [SoldOut(), SoldOut()]


def test_its_tokens_keep_other_stubs_from_being_asked():
    many = [{"when": {"colour": "red"}, "then": "sold_out"} for _ in range(100)]
    scenario = loaded(*many, {"when": {"colour": "blue"}, "then": "sold_out"})

    assert list(scenario._index.candidates(a_toy_call("blue"))) == [100]


@pytest.mark.parametrize(
    ("stub", "message"),
    [
        pytest.param(
            {"when": {"colour": "rde"}, "then": "sold_out"},
            "stubs[0].when.colour: unknown colour 'rde'; did you mean 'red'? Valid values: blue, red",
            id="a value that it does not know",
        ),
        pytest.param(
            {"when": {"color": "red"}, "then": "sold_out"},
            "stubs[0].when.color: unknown key 'color'; did you mean 'colour'? Valid keys: operation, door, account, "
            "visitor, session, first_call, app_type, consumer_sections, app_details, engagement_attributes, colour, "
            "headers, open_hours",
            id="a misspelt condition",
        ),
        pytest.param(
            {"then": "sold_uot"},
            "stubs[0].then: unknown outcome 'sold_uot'; did you mean 'sold_out'? Valid values: not_available, sold_out",
            id="a misspelt outcome",
        ),
        pytest.param(
            {"then": {}},
            "stubs[0].then: wanted one of offer, not_available, error, sold_out, reply, got none of them",
            id="no outcome",
        ),
        pytest.param(
            {"when": {"operation": "getEngagement", "colour": "red"}, "then": "not_available"},
            "stubs[0].when.colour: colour is a word of the API toy, which has no operation getEngagement; "
            "leave it out, or make a stub of its own for that operation",
            id="a condition of another API than the operation",
        ),
        pytest.param(
            {"when": {"operation": "getToy"}, "then": "not_available"},
            "stubs[0].then: not_available is a word of the API engagement, which has no operation getToy; "
            "leave it out, or make a stub of its own for that operation",
            id="an outcome of another API than the operation",
        ),
        pytest.param(
            {"when": {"operation": "getToy"}, "then": {"error": "loading"}},
            "stubs[0].then.error: error is a word of the API engagement, which has no operation getToy; "
            "leave it out, or make a stub of its own for that operation",
            id="an outcome that asks the contract of its API",
        ),
        pytest.param(
            {"when": {"colour": "red"}, "then": {"offer": {}}},
            "stubs[0].then.offer: offer is a word of the API engagement, which has no operation getToy; "
            "leave it out, or make a stub of its own for that operation",
            id="words of two APIs",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(stub, message):
    assert refusal(stub) == message


@pytest.mark.parametrize(
    ("stub", "accepted"),
    [
        pytest.param({"when": {"colour": "red"}, "then": "sold_out"}, True, id="the words"),
        pytest.param({"then": [{"sold_out": True, "times": 2}, "sold_out"]}, True, id="a sequence"),
        pytest.param({"when": {"colour": "green"}, "then": "sold_out"}, False, id="another value"),
        pytest.param({"then": {"sold_out": False}}, False, id="another outcome"),
        pytest.param({"then": {"sold_out": True, "off_contract": True}}, False, id="a deviation that is none"),
    ],
)
def test_the_schema_and_the_loader_know_it_alike(stub, accepted):
    assert SCHEMA.is_valid(document(stub)) is accepted
    if accepted:
        loaded(stub)
    else:
        refusal(stub)


@pytest.mark.parametrize(
    ("stub", "operations"),
    [
        pytest.param({"then": "sold_out"}, ("getToy",), id="an outcome"),
        pytest.param({"when": {"colour": "red"}, "then": REPLY}, ("getToy",), id="a condition"),
        pytest.param({"then": REPLY}, ENGAGEMENT.default_operations, id="the first API's where no word is an API's"),
    ],
)
def test_a_stub_that_names_no_operation_is_about_those_of_the_api_whose_words_it_has(stub, operations):
    [read] = loaded(stub).stubs

    assert read.matcher.operation.names == operations


def test_an_identifier_that_is_handed_in_is_prescribed_and_checked():
    assert loaded(ids={"box": "7"}).ids == {"box": "7"}
    assert refusal(ids={"box": "!"}) == "ids.box: breaks the contract: '!' is no BoxId"


def test_the_core_has_no_word_of_an_api():
    bare = Vocabulary([ApiWords(name="toy", rules=ToyRules(), default_operations=("getToy",))], ToyRules())

    assert list(bare.conditions) == ["operation", "headers", "open_hours"]
    assert {name: word.kind for name, word in bare.outcomes.items()} == {"reply": Verbatim}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(
            {"conditions": {"door": Colour}},
            "the condition 'door' is a word of the API engagement and of the API toy; "
            "scenario documents need one meaning for it: rename one of them",
            id="a condition of another API",
        ),
        pytest.param(
            {"conditions": {"headers": Colour}},
            "the condition 'headers' is a word of the API toy and of the core; "
            "scenario documents need one meaning for it: rename one of them",
            id="a condition of the core",
        ),
        pytest.param(
            {"outcomes": {"offer": SoldOut}},
            "the outcome 'offer' is a word of the API engagement and of the API toy; "
            "scenario documents need one meaning for it: rename one of them",
            id="an outcome of another API",
        ),
        pytest.param(
            {"ids": {"visitor": "BoxId"}},
            "the identifier 'visitor' is a word of the API engagement and of the API toy; "
            "scenario documents need one meaning for it: rename one of them",
            id="an identifier of another API",
        ),
    ],
)
def test_a_word_with_two_meanings_is_refused_at_the_start(words, message):
    with pytest.raises(SpecError) as caught:
        Vocabulary([ENGAGEMENT, replace(TOY, **words)], RULES)

    assert str(caught.value) == message


def test_two_presets_of_one_name_are_refused_at_the_start(tmp_path):
    (tmp_path / "available.yaml").write_text("scenario: available\nstubs: []\n")

    with pytest.raises(SpecError, match=r"two presets are named 'available': .*; rename one of them"):
        Vocabulary([ENGAGEMENT, replace(TOY, presets=tmp_path)], RULES)
