from pathlib import Path

import pytest

from contracts.contract.document import load
from contracts.errors import DocumentError

DOCUMENT = load()

TINY = """
openapi: 3.1.0
x-sources: {PAGE: {title: A page}}
x-clauses:
  - {id: A-1, rule: Be kind., about: reply, standing: documented, status: 200, source: [PAGE]}
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, example: x}
    get:
      operationId: getA
      responses:
        '200': {$ref: '#/components/responses/Good'}
components:
  responses:
    Good:
      description: Good.
      content:
        application/json:
          schema: {x-clause: A-1, type: object, properties: {b/c: {type: string}}}
"""


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    return load(path)


def test_an_operation_knows_its_replies_with_references_followed(tiny):
    response = tiny.operations["getA"].responses[200]

    assert response.pointer == "/components/responses/Good"
    assert response.schemas == {"application/json": "/components/responses/Good/content/application~1json/schema"}


def test_a_clause_carries_the_titles_of_its_sources(tiny):
    assert tiny.clauses["A-1"].quoted == "A-1: Be kind. (documented; A page)"


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        pytest.param("/x-clauses/0", 5, id="an item"),
        pytest.param("/paths/~1a~1{id}/get", 10, id="an escaped key"),
        pytest.param("/components/responses/Good/content/nothing/there", 18, id="the nearest part around"),
        pytest.param("/nowhere", 1, id="the top"),
    ],
)
def test_a_pointer_leads_to_a_line(tiny, pointer, line):
    assert tiny.line(pointer) == line


def test_the_nearest_clause_around_a_keyword_is_found(tiny):
    schema = "/components/responses/Good/content/application~1json/schema"

    assert tiny.clause_around(f"{schema}/properties/b~1c/type") == "A-1"
    assert tiny.clause_around("/paths/~1a~1{id}") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("{}", "it needs|must stand", id="no contract"),
        pytest.param("[", "cannot be read", id="no YAML"),
        pytest.param("", "must stand", id="empty"),
    ],
)
def test_what_is_no_contract_is_refused(tmp_path, text, said):
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DocumentError, match=said):
        load(path)


def test_a_missing_contract_is_refused(tmp_path):
    with pytest.raises(DocumentError, match="cannot be read"):
        load(tmp_path / "none.yaml")


def test_every_spelling_of_a_path_is_the_operations():
    first = DOCUMENT.operations["createFirstSession"]

    assert first.matches("/api/account/1/app/engagement/visitors/")
    assert first.matches("/api/account/1/app/engagement/visitors")
    assert not first.matches("/api/account/1/app/engagement/visitors/xyz")


def test_the_methods_of_a_path_are_those_of_all_its_operations():
    assert DOCUMENT.methods_of("/api/account/1/app/engagement/visitors/xyz") == {"POST", "PUT"}
    assert DOCUMENT.methods_of("/nowhere") == frozenset()


def test_the_line_of_a_clause_is_the_one_where_it_is_written():
    text = (Path(__file__).parents[4] / "openapi.yaml").read_text(encoding="utf-8").splitlines()

    for name, clause in DOCUMENT.clauses.items():
        assert f"id: {name}," in text[DOCUMENT.line(clause.pointer) - 1]
