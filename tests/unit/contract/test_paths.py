import pytest
from werkzeug.routing import Map
from werkzeug.routing import Rule as Route

from mockserver.contract.document.paths import parameters_of, rule_of
from mockserver.errors import SpecError
from tests.support.builders import CONTRACT


@pytest.mark.parametrize(
    ("path", "asked", "values"),
    [
        pytest.param("/account/{accountId}/x", "/account/7/x", {"accountId": "7"}, id="plain name"),
        pytest.param("/app/{app-installation-id}", "/app/7", {"app-installation-id": "7"}, id="dashes"),
        pytest.param("/app/{app_id}/{v2}", "/app/7/8", {"app_id": "7", "v2": "8"}, id="underscore and digit"),
        pytest.param(
            "/{a-b}/{a_b}/{a.b}", "/1/2/3", {"a-b": "1", "a_b": "2", "a.b": "3"}, id="names that nearly agree"
        ),
        pytest.param("/{2nd}.json", "/7.json", {"2nd": "7"}, id="digit first"),
        pytest.param("/chat|x/{größe}", "/chat|x/7", {"größe": "7"}, id="letters of another alphabet"),
        pytest.param("/a/b", "/a/b", {}, id="no parameter"),
    ],
)
def test_the_router_finds_a_path_and_its_values_have_the_names_of_the_contract(path, asked, values):
    rule = rule_of(path)
    router = Map([Route(rule.text, endpoint="found")]).bind("localhost")

    _, variables = router.match(asked)

    assert rule.path_values(variables) == values
    assert parameters_of(path) == list(values)


@pytest.mark.parametrize(
    "path", ["account/{id}", "/a/{", "/a/}", "/a/{}", "/a/<id>", "/a?b={c}", "/a#b", "/{a}/{a}", "/{a/b}", "/{{a}}"]
)
def test_a_path_that_no_router_can_read_is_refused(path):
    with pytest.raises(SpecError, match="paths: "):
        rule_of(path)


def test_an_operation_has_a_rule_for_each_spelling_of_its_path():
    operation = CONTRACT.operations["createFirstSession"]

    assert [rule.text for rule in operation.rules] == [
        "/api/account/<accountId>/app/engagement/visitors/",
        "/api/account/<accountId>/app/engagement/visitors",
    ]
    assert [rule.path for rule in operation.rules] == list(operation.paths)
