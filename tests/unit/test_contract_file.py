from pathlib import Path

import pytest

from mockserver.contract_file import read_document
from mockserver.errors import SpecError

CONTRACT = Path(__file__).parents[2] / "openapi.yaml"


def kept(folder):
    return sorted((folder / "__pycache__").glob("*.json"))


def test_a_file_is_parsed_once_and_kept(tmp_path):
    path = tmp_path / "openapi.yaml"
    path.write_text("a: 1.0\n")

    first = read_document(path)
    [parsed] = kept(tmp_path)
    parsed.write_text('{"a": "as kept"}')

    assert first == {"a": 1.0}
    assert read_document(path) == {"a": "as kept"}


def test_a_changed_file_is_parsed_anew_and_the_old_version_forgotten(tmp_path):
    path = tmp_path / "openapi.yaml"
    path.write_text("a: 1\n")
    read_document(path)
    path.write_text("a: 22\n")

    assert read_document(path) == {"a": 22}
    assert len(kept(tmp_path)) == 1


def test_what_was_kept_and_cannot_be_read_is_parsed_anew(tmp_path):
    path = tmp_path / "openapi.yaml"
    path.write_text("a: 1\n")
    read_document(path)
    kept(tmp_path)[0].write_text("{")

    assert read_document(path) == {"a": 1}


def test_a_folder_that_cannot_be_written_does_not_matter(tmp_path):
    path = tmp_path / "openapi.yaml"
    path.write_text("a: 1\n")
    (tmp_path / "__pycache__").write_text("in the way")

    assert read_document(path) == {"a": 1}


def test_what_is_kept_of_the_contract_is_what_its_text_says(tmp_path):
    path = tmp_path / "openapi.yaml"
    path.write_bytes(CONTRACT.read_bytes())

    assert read_document(path) == read_document(path) == read_document()


def test_a_contract_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SpecError, match="is not where it belongs"):
        read_document(tmp_path / "nowhere.yaml")
