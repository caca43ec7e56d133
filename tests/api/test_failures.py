"""When the server itself fails: its store, its code, its scenario file."""

import logging
import os

import pytest

from mockserver.errors import StoreUnavailable
from tests.support.serving.in_process import BrokenStore, Mock, ids, refusal_of

FIRST = "scenario: first\nstubs: [{then: not_available}]\n"
SECOND = "scenario: second\nstubs: [{then: {offer: {}}}]\n"


@pytest.fixture
def store():
    """Make a store that stops answering when `broken` is set."""
    return BrokenStore(StoreUnavailable("nobody listens"))


def test_a_dead_store_is_a_503_until_it_lives_again(store, door):
    mock = Mock(store=store)
    store.broken = True

    dead = door.ask(mock)
    store.broken = False

    assert refusal_of(dead)[:3] == (503, 18, "the mock server's store does not answer: nobody listens")
    assert door.ask(mock).status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/api/account/1/service/baseURI.json?version=1.0"])
def test_a_dead_store_is_a_503_at_every_path(store, path):
    mock = Mock(store=store)
    store.broken = True

    assert refusal_of(mock.ask("GET", path))[:2] == (503, 18)


@pytest.fixture
def failing():
    """Serve with a store that fails in a way nobody foresaw, and keep the log."""
    store = BrokenStore(ZeroDivisionError("a bug"))
    mock = Mock(store=store)
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    mock.app.logger.addHandler(handler)
    mock.app.logger.propagate = False
    store.broken = True
    return mock, store, records


def test_a_bug_is_the_contracts_500_and_stands_in_the_log(failing, door):
    mock, store, records = failing

    answer = door.ask(mock)
    store.broken = False

    assert refusal_of(answer)[:3] == (500, 18, "the mock server failed; its log says how")
    assert [record.exc_info[0] for record in records] == [ZeroDivisionError]
    assert door.ask(mock).status_code == 200


def test_a_bug_in_the_admin_api_is_told_in_its_own_words(failing):
    mock, _, records = failing

    answer = mock.admin("GET", "/rules")

    assert answer.status_code == 500
    assert answer.json == {"error": "the mock server failed; its log says how"}
    assert len(records) == 1


# The scenario file


def write(file, text, *, at):
    file.write_text(text)
    os.utime(file, (at, at))


def test_a_changed_scenario_file_is_read_again(tmp_path):
    file = tmp_path / "mine.yaml"
    write(file, FIRST, at=1)
    mock = Mock(scenario=str(file))
    before = mock.js().json["status"]

    write(file, SECOND, at=2)

    assert (before, mock.js().json["status"]) == ("NotAvailable", "Available")
    assert mock.steer("GET", "/scenario")["name"] == "second"
    assert mock.steer("GET", "/scenario")["source"] == str(file)


@pytest.mark.parametrize("broken", ["scenario: x\nstub: []\n", "a: [\n", "", "\x00", None])
def test_a_broken_scenario_file_leaves_the_one_before_in_force_and_says_why(tmp_path, broken):
    file = tmp_path / "mine.yaml"
    write(file, FIRST, at=1)
    mock = Mock(scenario=str(file))

    if broken is None:
        file.unlink()
    else:
        write(file, broken, at=2)
    answer, shown = mock.js(), mock.steer("GET", "/scenario")

    assert answer.json["status"] == "NotAvailable"
    assert (shown["name"], shown["text"]) == ("first", FIRST)
    assert str(file) in shown["error"]


def test_a_mended_scenario_file_is_in_force_again(tmp_path):
    file = tmp_path / "mine.yaml"
    write(file, FIRST, at=1)
    mock = Mock(scenario=str(file))
    write(file, "broken", at=2)
    mock.js()

    write(file, SECOND, at=3)

    assert mock.js().json["status"] == "Available"
    assert "error" not in mock.steer("GET", "/scenario")


def test_the_scenario_of_a_space_does_not_care_for_the_file(tmp_path):
    file = tmp_path / "mine.yaml"
    write(file, FIRST, at=1)
    mock = Mock(scenario=str(file))
    mock.steer("PUT", "/scenario", {"preset": "available"}, space="blue")

    write(file, "broken", at=2)
    mock.js()

    assert ids(mock.js(space="blue"))
    assert "error" not in mock.steer("GET", "/scenario", space="blue")
