"""The reader of pages sees what a renderer would."""

import textwrap

import pytest

from tests.support.pages.markdown import Link, blocks, documented_names, headings, links, tables


@pytest.fixture
def page(tmp_path):
    def write(text):
        path = tmp_path / "page.md"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


def test_a_block_knows_its_line_language_and_text(page):
    [block] = blocks(page("# Title\n\n```python title=x\na = 1\n\nb = 2\n```\n"))

    assert (block.where, block.language, block.text) == ("page.md:3", "python", "a = 1\n\nb = 2")


def test_a_block_in_a_list_loses_its_indent(page):
    [block] = blocks(page("1. Step\n\n   ```yaml\n   a:\n     b: 1\n   ```\n"))

    assert block.text == "a:\n  b: 1"


def test_a_longer_fence_holds_a_shorter_one(page):
    [block] = blocks(page("````text\n```\ninner\n```\n````\n"))

    assert block.text == "```\ninner\n```"


def test_comments_right_above_a_block_belong_to_it(page):
    first, second, third = blocks(
        page(
            """\
            <!-- not run: it would never end -->
            ```console
            ```

            <!-- exit status: 2 -->
            <!-- a remark -->

            ```console
            ```

            ```console
            ```
            """
        )
    )

    assert (first.not_run, first.exit_status) == ("it would never end", 0)
    assert (second.not_run, second.exit_status) == (None, 2)
    assert (third.not_run, third.exit_status) == (None, 0)


def test_a_comment_above_other_text_does_not_belong_to_the_block(page):
    [block] = blocks(page("<!-- not run: old -->\nText.\n```console\n```\n"))

    assert block.not_run is None


def test_a_block_that_is_never_closed_is_refused(page):
    with pytest.raises(ValueError, match=r"page\.md:2: the code block is never closed"):
        blocks(page("Text\n```python\na = 1\n"))


def test_headings_become_anchors_and_code_holds_none(page):
    path = page("# The `Prefer` header, in short\n## Again\n## Again\n```text\n# not a heading\n```\n")

    assert headings(path) == ["the-prefer-header-in-short", "again", "again-1"]


def test_links_are_found_in_every_form_but_not_in_code(page):
    path = page('See [a](A.md#x "t") and ![i](i.png).\n`[no](no.md)` <img src="b.png">\n\n[ref]: C.md\n')

    assert links(path) == [Link(1, "A.md#x"), Link(1, "i.png"), Link(2, "b.png"), Link(4, "C.md")]


def test_a_table_is_read_row_by_row(page):
    path = page("| Name | Means |\n|---|:-:|\n| `a` | x \\| y |\n\n| Other |\n|---|\n| z |\n")

    assert tables(path) == [{"Name": "`a`", "Means": "x | y"}, {"Other": "z"}]


def test_documented_names_are_the_code_of_one_column(page):
    path = page("| Name | Means |\n|---|---|\n| `a`, `b` | `no` |\n| plain | |\n")

    assert documented_names(path, "Name") == ["a", "b"]


def test_a_column_that_no_table_has_is_an_error_and_not_an_empty_list(page):
    with pytest.raises(LookupError, match=r"page\.md has no table with rows and a column 'Name'"):
        documented_names(page("| Other |\n|---|\n| `a` |\n"), "Name")
