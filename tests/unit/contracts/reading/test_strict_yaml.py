import pytest

from contracts.errors import FileError
from contracts.reading.strict_yaml import meant, read


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "file.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_what_stands_without_quotes_stays_text_until_somebody_asks_what_it_means(file):
    written = read(file("a: [no, 1.10, 007, true, '5', null, 12:30]"))

    assert written.value == {"a": ["no", "1.10", "007", "true", "5", None, "12:30"]}
    assert meant(written.value) == {"a": ["no", 1.1, 7, True, "5", None, "12:30"]}


def test_a_byte_order_mark_is_no_part_of_the_text(file):
    assert read(file(b"\xef\xbb\xbfa: b")).value == {"a": "b"}


def test_an_empty_file_says_nothing(file):
    assert read(file("# only a comment\n")).value is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            "a: 1\nb:\n  c: 1\n  c: 2", r"file.yaml:4:3: b.c: this key stands twice, first in line 3", id="twice"
        ),
        pytest.param("a: &x 1", r"file.yaml:1:4: anchors are not read", id="an anchor"),
        pytest.param("a: &x 1\nb: *x", r"file.yaml:2:4: aliases are not read", id="an alias"),
        pytest.param("a: !!python/name:os.system x", r"file.yaml:1:4: the tag .* is not known here", id="a tag"),
        pytest.param("a: 1\n---\nb: 2", r"file.yaml:2:1: a second document", id="two documents"),
        pytest.param("[a]: 1", r"file.yaml:1:1: a key is plain text", id="a list as key"),
        pytest.param("a: 1\nb: [", r"file.yaml:3:1: this is not YAML", id="no YAML"),
        pytest.param("a: \x07", r"file.yaml:1:1: this is not YAML: .*control characters", id="a control character"),
        pytest.param("[" * 100_000, r"file.yaml:1:\d+: nested more than 50 deep", id="nested without end"),
        pytest.param("a: b".encode("utf-16"), r"file.yaml:1: this is not UTF-8", id="UTF-16"),
        pytest.param(b"a: b\nc: \xe4", r"file.yaml:2: this is not UTF-8", id="Latin-1"),
    ],
)
def test_what_yaml_allows_and_nobody_means_is_refused_where_it_stands(file, content, said):
    with pytest.raises(FileError, match=said):
        read(file(content))


def test_a_number_of_any_length_is_read(file):
    assert meant(read(file("9" * 5000)).value) == "9" * 5000


def test_all_mistakes_of_a_file_are_told_at_once_in_its_order(file):
    with pytest.raises(FileError) as refusal:
        read(file("a: 1\na: 2\nb: &x 1\n"))

    first, *others = str(refusal.value).splitlines()
    assert first.endswith("file.yaml has 2 mistakes")
    assert [line.rpartition("file.yaml:")[2].partition(": ")[0] for line in others] == ["2:1", "3:4"]


@pytest.mark.parametrize(
    ("name", "said"),
    [pytest.param("missing.yaml", "No such file", id="no file"), pytest.param(".", "directory", id="a folder")],
)
def test_a_file_that_cannot_be_opened_is_named_with_the_reason(tmp_path, name, said):
    with pytest.raises(FileError, match=f"cannot be read: .*{said}"):
        read(tmp_path / name)
