from pathlib import Path

import pytest

from mockserver.contract.file import read_document
from mockserver.errors import SpecError

CONTRACT = Path(__file__).parents[3] / "openapi.yaml"


def test_what_is_kept_of_the_contract_is_what_its_text_says(tmp_path):
    path = tmp_path / "openapi.yaml"
    path.write_bytes(CONTRACT.read_bytes())

    assert read_document(path) == read_document(path) == read_document()


def test_a_contract_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SpecError, match="is not where it belongs"):
        read_document(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param(
            "paths:\n  /a: {get: 1}\n  /a: {put: 1}\n", "line 3 of the contract: '/a' stands there twice", id="twice"
        ),
        pytest.param("responses: {200: ok}", "what JSON cannot say: .* in quotes: '200'", id="number for a key"),
        pytest.param("a: &a [*a]", "what JSON cannot say", id="a part of itself"),
        pytest.param("a: {b", "cannot be read as YAML", id="no YAML"),
        pytest.param("a: !!python/object:os.system {}", "cannot be read as YAML", id="an object of Python"),
    ],
)
def test_a_contract_that_cannot_be_read_is_refused_with_the_reason(tmp_path, text, what):
    path = tmp_path / "openapi.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SpecError, match=what) as refused:
        read_document(path)

    assert "\n" not in str(refused.value)


def test_a_date_without_quotes_is_a_text_whether_it_was_kept_or_not(tmp_path):
    path = tmp_path / "openapi.yaml"
    path.write_text("info: {version: 2026-01-31}", encoding="utf-8")

    assert [read_document(path) for _ in range(2)] == [{"info": {"version": "2026-01-31"}}] * 2
