"""The server's own scenario: one version at a time, for all workers, whatever becomes of the file."""

import os

import pytest

from mockserver.engine.apis import Apis
from mockserver.errors import ScenarioError, WouldBlock
from mockserver.own_apis import own_apis
from mockserver.scenarios.own_scenario import OwnScenario
from mockserver.stores.memory import MemoryStore
from tests.support.builders import DOCUMENT

VOCABULARY = Apis(own_apis(DOCUMENT)).vocabulary
TEXT = "scenario: {}\nstubs: [{{then: not_available}}]\n"


class Workers:
    """Two workers of one server, which share a store and what they say."""

    def __init__(self, file):
        self.said = []
        self.file = file
        self.store = MemoryStore()
        self.both = [self.worker(), self.worker()]

    def worker(self, server="ours"):
        return OwnScenario(str(self.file), self.store, VOCABULARY, server=server, say=self.said.append)

    def seen_by(self, *numbers):
        for number in numbers:
            self.both[number].look()
        return [self.both[number].active.scenario.name for number in numbers]


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(TEXT.format("first"))
    return file


@pytest.fixture
def workers(file):
    return Workers(file)


def test_a_preset_has_no_file_to_look_at():
    own = OwnScenario("loading", MemoryStore(), VOCABULARY)
    own.look(wait=False)

    assert (own.active.scenario.name, own.source, own.active.error) == ("loading", "loading", None)


@pytest.mark.parametrize("text", ["", "a: [", "\x00"])
def test_a_file_that_cannot_be_read_at_first_is_refused(file, text):
    file.write_text(text)

    with pytest.raises(ScenarioError, match=r"mine\.yaml"):
        OwnScenario(str(file), MemoryStore(), VOCABULARY)


def test_a_file_that_did_not_change_is_not_read_again(workers):
    before = workers.both[0].active
    workers.seen_by(0)

    assert workers.both[0].active is before


def test_a_file_that_is_replaced_is_read_again_even_under_the_same_time(workers, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(TEXT.format("other"))
    for path in (workers.file, other):
        os.utime(path, (1, 1))
    other.replace(workers.file)

    assert workers.seen_by(0) == ["other"]


def test_a_worker_that_saw_neither_of_two_saves_goes_by_what_another_found(workers):
    workers.file.write_text(TEXT.format("second"))
    workers.seen_by(0)
    workers.file.write_text("scenario: [")

    assert workers.seen_by(1, 0) == ["second", "second"]
    assert workers.both[0].active.error == workers.both[1].active.error
    assert "not YAML" in workers.both[0].active.error


def test_the_console_is_told_once_of_each_change(workers):
    workers.file.write_text(TEXT.format("second"))
    workers.seen_by(0, 1, 0, 1)
    workers.file.write_text("scenario: [")
    workers.seen_by(1, 0, 1, 0)

    good, bad = workers.said
    assert good == f"mockserver: {workers.file} was read again: scenario 'second' with 1 stubs is active\n"
    assert bad.startswith(f"mockserver: {workers.file} has changed and cannot be read; the version before it stays act")
    assert f"{workers.file}:2:1: this is not YAML" in bad


def test_a_broken_file_that_is_mended_is_active_again(workers):
    workers.file.write_text("scenario: [")
    workers.seen_by(0, 1)
    workers.file.write_text(TEXT.format("first"))

    assert workers.seen_by(1, 0) == ["first", "first"]
    assert [own.active.error for own in workers.both] == [None, None]


def test_a_file_that_is_removed_stays_active_until_it_is_back(workers):
    text = workers.file.read_text()
    workers.file.unlink()
    gone = workers.seen_by(0, 1), workers.both[1].active.error
    workers.file.write_text(text)

    assert gone[0] == ["first", "first"]
    assert gone[1].startswith(f"there is no scenario file {str(workers.file)!r}")
    assert workers.seen_by(1) == ["first"]
    assert workers.both[1].active.error is None


def test_a_file_whose_rights_change_is_looked_at_again(workers):
    before = workers.both[0].active
    workers.file.chmod(0o600)
    workers.seen_by(0)

    assert workers.both[0].active.stamp != before.stamp


def test_a_save_while_another_is_read_is_not_lost(workers, monkeypatch):
    late = workers.both[1]
    update = workers.store.update

    def saved_meanwhile(*arguments):
        monkeypatch.setattr(workers.store, "update", update)
        workers.file.write_text(TEXT.format("third"))
        late.look()
        return update(*arguments)

    monkeypatch.setattr(workers.store, "update", saved_meanwhile)
    workers.file.write_text(TEXT.format("second"))

    assert workers.seen_by(0, 1) == ["third", "third"]
    assert [line for line in workers.said if "second" in line] == []


def test_who_may_not_wait_is_told_so_before_anything_is_read(workers):
    workers.file.write_text("scenario: [")

    with pytest.raises(WouldBlock):
        workers.both[0].look(wait=False)
    assert workers.said == []


def test_servers_that_share_a_store_go_each_by_its_own_file(workers, tmp_path):
    elsewhere = tmp_path / "theirs.yaml"
    elsewhere.write_text(TEXT.format("theirs"))
    theirs = OwnScenario(str(elsewhere), workers.store, VOCABULARY, server="theirs")
    workers.file.write_text(TEXT.format("second"))
    elsewhere.write_text("")
    theirs.look()

    assert workers.seen_by(0) == ["second"]
    assert theirs.active.scenario.name == "theirs"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ScenarioError, match="neither a file nor a preset"):
        OwnScenario(str(tmp_path / "gone.yaml"), MemoryStore(), VOCABULARY)
