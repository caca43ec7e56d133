"""In every YAML file and every YAML block of the docs, prose in `{...}` and `[...]` is quoted."""

import subprocess

import pytest

from tests.spec.flow_mappings import loose_words
from tests.support.pages.markdown import blocks
from tests.support.serving.running import CHECKOUT


def listed(*patterns):
    names = subprocess.run(["git", "ls-files", *patterns], cwd=CHECKOUT, check=True, capture_output=True, text=True)
    return [CHECKOUT / name for name in names.stdout.splitlines()]


FILES = listed("*.yaml", "*.yml")
BLOCKS = [block for page in listed("*.md") for block in blocks(page) if block.language in ("yaml", "yml")]


def test_there_are_files_and_blocks_to_read():
    assert len(FILES) > 100
    assert len(BLOCKS) > 5


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_the_prose_of_a_file_is_quoted(path):
    assert loose_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.where)
def test_the_prose_of_a_block_is_quoted(block):
    assert loose_words(block.text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "{source: The preset, or admin.}", ["'The preset' has", "'or admin.' is a key"], id="cut sentence"
        ),
        pytest.param("{source: Preset, admin}", ["'admin' is a key without a value"], id="cut after one word"),
        pytest.param("a: [one two, three]", ["'one two' has to be quoted"], id="in a list"),
        pytest.param("{a: {b: [{c: d e}]}}", ["'d e' has to be quoted"], id="deep inside"),
        pytest.param("{source: 'The preset, or admin.', empty: '', none: null}", [], id="quoted"),
        pytest.param("source: The preset, or admin.\nempty:\n", [], id="in a block"),
        pytest.param("a: 1\n--- \nb: {c: d e}\n", ["line 3: 'd e' has"], id="in the second document"),
    ],
)
def test_prose_that_a_comma_can_cut_is_found(text, found):
    told = loose_words(text)

    assert len(told) >= len(found)
    assert all(any(part in line for line in told) for part in found)
    assert bool(told) == bool(found)
