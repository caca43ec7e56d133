"""Scenario documents as weapons: each is refused, in one clear line and within bounded time."""

import datetime
import time

import pytest

from mockserver.engine.apis import Apis
from mockserver.errors import ScenarioError
from mockserver.own_apis import own_apis
from mockserver.scenarios.documents.files import LONGEST_TEXT
from mockserver.scenarios.documents.mistakes import MOST_MISTAKES
from mockserver.scenarios.reading.loading import MOST_STUBS, load_scenario
from tests.support.builders import a_valid_call
from tests.support.serving.running import command, running

HEAD = "scenario: mine\nstubs:\n"
ONE = HEAD + "  - then: not_available\n"
LAUGHS = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9))
#: Processor time, so that a busy machine changes nothing; all but the largest take a hundredth of it.
MOST_S = 10
LONGEST_MESSAGE = 1_000
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

HOSTILE = {
    "billion laughs": (f"a: &a [x, x]\n{LAUGHS}", "anchors"),
    "alias of nothing": (HEAD + "  - *nothing\n", "anchors"),
    "anchor that holds itself": ("&a [*a]", "anchors"),
    "merge key": ("<<: {scenario: mine}\nstubs: []\n", "merge keys"),
    "object of Python": ("!!python/object/apply:os.system ['true']", "tag"),
    "unknown tag": (HEAD + "  - !secret then\n", "tag"),
    "deep lists": (HEAD + "  - then: " + "[" * 100_000, "nested more than"),
    "deep mappings": ("{a: " * 100_000, "nested more than"),
    "deep indentation": ("".join(" " * n + "a:\n" for n in range(2_000)), "nested more than"),
    "deep list of JSON": ('{"scenario": "mine", "stubs": ' + "[" * 100_000, "nested more than"),
    "ten million characters": (HEAD + "#" * 10_000_000, "longer than"),
    "one long word": ("a" * LONGEST_TEXT, "mapping"),
    "one long key": (f"{'a' * 1_000}: 1\n", "unknown key"),
    "one long text": (f"scenario: {'a' * (LONGEST_TEXT - 100)}\nstubs: []\n", "scenario"),
    "many keys": ("".join(f"k{n}: 1\n" for n in range(50_000)), "k0"),
    "one key many times": ("a: 1\n" * 300_000, "stands twice"),
    "many stubs": (HEAD + "  - then: not_available\n" * (MOST_STUBS + 1), "at most"),
    "many documents": ("---\na\n" * 100_000, "second document"),
    "many backslashes": ('a: "' + "\\" * (LONGEST_TEXT - 100) + '"', "unknown key"),
    "half of a pair": ('scenario: "\\ud800"\nstubs: []\n', "YAML"),
    "large integer": (f"scenario: {'9' * 100_000}\nstubs: []\n", "64 bits"),
    "infinity": ("scenario: 1e999999\nstubs: []\n", "no number"),
    "bytes that are no text": ("\x00\x01\x02", "YAML"),
    "no end of a text": ('scenario: "' + "a" * 1_000_000, "YAML"),
    "tabs": ("scenario: mine\nstubs:\n\t- then: x\n", "YAML"),
    "directives": ("%YAML 9.9\n" * 1_000 + "---\na", "YAML"),
}  # fmt: skip


@pytest.fixture(scope="module")
def vocabulary():
    return Apis(own_apis()).vocabulary


@pytest.mark.parametrize(("text", "told"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_is_refused_in_a_few_clear_lines_and_soon(vocabulary, text, told):
    started = time.process_time()
    with pytest.raises(ScenarioError, match=told) as refusal:
        load_scenario(text, "mine.yaml", vocabulary)

    assert time.process_time() - started < MOST_S
    lines = str(refusal.value).splitlines()
    assert len(lines) <= MOST_MISTAKES + 1
    assert all(len(line) < LONGEST_MESSAGE and line.startswith("mine.yaml") for line in lines)


def test_what_looks_like_a_pattern_is_plain_text(vocabulary):
    bomb = "(a+)+$"
    text = HEAD + f"  - when: {{consumer_sections: '{bomb}'}}\n    then: {{offer: {{}}}}\n"
    matcher = load_scenario(text, "mine.yaml", vocabulary).stubs[0].matcher
    sections = [["a"], [bomb], ["a" * 50 + "!"]]

    assert [matcher.matches(a_valid_call(body={"consumerSections": sent}), NOW) for sent in sections] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "content",
    [pytest.param(bytes(range(256)), id="binary"), pytest.param(b"\xff\xfe" * 1_000, id="UTF-16"), b""],
)
def test_a_file_that_is_no_text_keeps_the_server_from_starting_and_says_why(tmp_path, content):
    file = tmp_path / "mine.yaml"
    file.write_bytes(content)

    done = command("serve", "--port", 0, "--scenario", file)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert str(file) in done.stderr


def test_hostile_documents_by_the_admin_api_leave_the_scenario_in_force():
    with running() as served:
        refused = [served.ask("PUT", "/__admin/scenario", json_body={"text": text}) for text, _ in HOSTILE.values()]
        in_force = served.ask("GET", "/__admin/scenario").json

        assert {answer.status for answer in refused} == {400}
        assert in_force["name"] == "available"
        assert served.ask("POST", "/api/account/1/getEngagement").status == 200
