"""What keeps several APIs on one server apart; each refusal says what to change."""

import copy
import dataclasses

import pytest

from mockserver.app import own_apis
from mockserver.contract.spec import Contract
from mockserver.engine.apis import Apis
from mockserver.errors import SpecError
from tests.support.builders import DOCUMENT
from tests.support.toy_api.api import toy_api

OWN = own_apis(DOCUMENT)
TOY = toy_api()
PATH = "/toy/parcels"


def another_toy(change=lambda _: None, **members):
    """Return the toy API under another name, with a document that *change* has changed."""
    document = copy.deepcopy(TOY.contract.document)
    change(document)
    return dataclasses.replace(TOY, name="game", contract=Contract(document), **members)


def elsewhere(document):
    """Move the operations to another path, under other names."""
    item = document["paths"]["/game/parcels"] = document["paths"].pop(PATH)
    item["post"]["operationId"], item["get"]["operationId"] = "sendGame", "findGames"


GAMES = {"sendGame": TOY.operations["sendParcel"], "findGames": TOY.operations["findParcels"]}


def with_another_rule(document):
    elsewhere(document)
    document["x-clauses"][0]["rule"] = "No call carries a key."


def at_the_same_path(document):
    elsewhere(document)
    document["paths"][PATH] = document["paths"].pop("/game/parcels")


def at_a_path_of_the_server(document):
    elsewhere(document)
    document["paths"]["/__admin/journal"] = document["paths"].pop("/game/parcels")


def with_the_same_names(document):
    document["paths"]["/game/parcels"] = document["paths"].pop(PATH)


@pytest.mark.parametrize(
    ("apis", "message"),
    [
        pytest.param(
            [TOY, another_toy(at_the_same_path, operations=GAMES)],
            f"the path {PATH} stands in the documents of toy and game; .* put the other under a prefix",
            id="path",
        ),
        pytest.param(
            [another_toy(at_a_path_of_the_server, operations=GAMES)],
            "the path /__admin/journal of game begins with /__, where the server has paths of its own; choose another",
            id="path of the server",
        ),
        pytest.param(
            [TOY, another_toy(with_the_same_names)],
            "the operationId 'findParcels' stands in the documents of toy and game; rename one",
            id="operationId",
        ),
        pytest.param(
            [TOY, another_toy(with_another_rule, operations=GAMES)],
            "two documents have a clause 'TOY-KEY', and they do not say the same; rename one",
            id="clause",
        ),
        pytest.param([TOY, dataclasses.replace(OWN[0], name="toy"), OWN[1]], "two APIs are called 'toy'", id="name"),
        pytest.param(
            [*OWN, dataclasses.replace(OWN[1], name="again")], "domain and again both answer getDomain", id="answered"
        ),
        pytest.param(
            [dataclasses.replace(TOY, rules=("id_typ",))],
            "the API toy has a rule 'id_typ', which is no setting; did you mean 'id_type'",
            id="rule",
        ),
    ],
)
def test_apis_that_cannot_stand_side_by_side_are_refused(apis, message):
    with pytest.raises(SpecError, match=message):
        Apis(apis)


def test_a_clause_that_two_documents_word_alike_is_one():
    apis = Apis([TOY, dataclasses.replace(another_toy(elsewhere, operations=GAMES), conditions={}, outcomes={})])

    assert apis.clauses.keys() == TOY.contract.clauses.keys()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/toy/parcels", "toy"),
        ("/toy/else", "toy"),
        ("/api/account/1", "engagement"),
        ("/", "engagement"),
        ("", "engagement"),
    ],
)
def test_a_call_of_no_operation_belongs_to_the_api_with_the_nearest_path(path, name):
    assert Apis([*OWN, TOY]).nearest(path).name == name
