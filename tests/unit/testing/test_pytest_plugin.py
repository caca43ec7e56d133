"""The name of a test's space; what else the plugin does is seen from a project that uses it, in tests/plugin."""

import re

import pytest

from mockserver.testing.pytest_plugin import _space_of

WHOLE_NAME = re.compile(r"[a-z0-9-]{1,63}")


@pytest.mark.parametrize(
    "node_id",
    [
        pytest.param("tests/test_a.py::test_it", id="plain"),
        pytest.param("tests/test_a.py::TestThis::test_it[GET /a b-é\ud800]", id="signs of a parameter"),
        pytest.param("tests/test_a.py::test_" + "long_" * 40, id="long"),
        pytest.param("tests/test_a.py::тест", id="no letter that a space may have"),
        pytest.param("README.md", id="no function"),
    ],
)
def test_every_test_has_a_name_that_a_space_may_have(node_id):
    name = _space_of(node_id)

    assert WHOLE_NAME.fullmatch(name)
    assert not name.startswith("-")


def test_the_name_can_be_told_by_a_reader():
    assert _space_of("tests/test_a.py::test_it_works[1]").startswith("test-it-works-1-")


def test_tests_of_the_same_name_in_two_files_are_kept_apart():
    assert _space_of("tests/test_a.py::test_it") != _space_of("tests/test_b.py::test_it")
