"""Cases, policies and profiles go through one reader: what it refuses, it refuses in all of them, in the same words."""

import pytest

from contracts.client_suite.profiles import load_profile
from contracts.contract.document import load as load_document
from contracts.errors import FileError
from contracts.judging.calls.policies import load_policy
from contracts.server_suite.cases.files import load as load_cases


def load_case(path):
    return load_cases(load_document(), path.parents[1])


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "getEngagement" / "file.yaml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        return path

    return write


LOADERS = pytest.mark.parametrize("load", [load_case, load_policy, load_profile], ids=["case", "policy", "profile"])


@LOADERS
@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a: 1\nb: 2\na: 3\n", "3:1: a: this key stands twice, first in line 1; keep one of them"),
        ("a:\n  b: &x 1\n", "2:6: anchors are not read; write the value out"),
        ("a: !secret x\n", "1:4: the tag !secret is not known here; "),
        ("a: 1\n---\nb: 2\n", "2:1: a second document begins here; put one document in a file"),
    ],
    ids=["a key given twice", "an anchor", "a tag", "two documents"],
)
def test_what_yaml_allows_and_nobody_means_is_refused_with_line_and_column(file, load, text, mistake):
    path = file(text)

    with pytest.raises(FileError) as refusal:
        load(path)

    assert str(refusal.value).startswith(f"{path}:{mistake}")


CASE = "title: T\nclauses: [GE-CONTINUE]\nneeds: {mock: WORD}\nsteps: []\n"


@pytest.mark.parametrize("word", ["no", "yes", "on", "off"])
@pytest.mark.parametrize(
    ("load", "text", "mistake"),
    [
        (load_case, CASE, "3:9: needs.mock: must be true or false, got 'WORD'"),
        (
            load_policy,
            "retries:\n  5xx: {at_most: WORD}\n",
            "2:9: retries.5xx.at_most: must be a whole number from 0 up, got WORD",
        ),
        (load_profile, "at_once: WORD\n", "1:1: at_once: must be a whole number from 1 up, got WORD"),
    ],
    ids=["case", "policy", "profile"],
)
def test_a_word_that_old_yaml_took_for_true_or_false_is_neither(file, load, text, mistake, word):
    path = file(text.replace("WORD", word))

    with pytest.raises(FileError) as refusal:
        load(path)

    assert str(refusal.value) == f"{path}:{mistake.replace('WORD', word)}"
