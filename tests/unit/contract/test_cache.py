import os

import pytest

from mockserver.contract.cache import parsed_once


def words(text):
    return {"words": text.decode().split()}


def kept(folder):
    return sorted((folder / "__pycache__").glob("*.json"))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("a b")
    return path


def test_a_file_is_parsed_once_and_kept(tmp_path, path):
    first = parsed_once(path, words)
    [parsed] = kept(tmp_path)
    parsed.write_text('{"words": "as kept"}')

    assert first == {"words": ["a", "b"]}
    assert parsed_once(path, words) == {"words": "as kept"}


def test_a_file_is_known_by_what_it_says_and_not_by_when_it_was_written(tmp_path, path):
    parsed_once(path, words)
    kept(tmp_path)[0].write_text('{"words": "as kept"}')
    os.utime(path, (1, 1))

    assert parsed_once(path, words) == {"words": "as kept"}


def test_a_changed_file_is_parsed_anew_and_the_old_version_forgotten(tmp_path, path):
    parsed_once(path, words)
    stamp = path.stat().st_mtime_ns
    path.write_text("a c")
    os.utime(path, ns=(stamp, stamp))

    assert parsed_once(path, words) == {"words": ["a", "c"]}
    assert len(kept(tmp_path)) == 1


def test_what_was_kept_and_cannot_be_read_is_parsed_anew(tmp_path, path):
    parsed_once(path, words)
    kept(tmp_path)[0].write_text("{")

    assert parsed_once(path, words) == {"words": ["a", "b"]}


def test_a_folder_that_cannot_be_written_does_not_matter(tmp_path, path):
    (tmp_path / "__pycache__").write_text("in the way")

    assert parsed_once(path, words) == {"words": ["a", "b"]}
