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
