"""The walk through a page finds what is wrong with it, and says where."""

import textwrap

import pytest

from tests.support.pages.markdown import blocks
from tests.support.pages.walk import Walk


class FakeServer:
    """Stands for a server on port 4711; keeps what it was started with."""

    def __init__(self, command, _, env):
        self.command = command[1:]
        self.env = env
        self.announced = "mockserver answers on http://127.0.0.1:4711\n"
        self.port = 4711
        self.closed = False

    def close(self):
        self.closed = True


@pytest.fixture
def started():
    return []


@pytest.fixture
def walk(tmp_path, started):
    def start(*args):
        started.append(FakeServer(*args))
        return started[-1]

    folder = tmp_path / "folder"
    folder.mkdir()
    walk = Walk(folder, start)
    yield walk
    walk.close()


@pytest.fixture
def follow(walk, tmp_path):
    def through_all(text):
        page = tmp_path / "page.md"
        page.write_text(textwrap.dedent(text), encoding="utf-8")
        for block in blocks(page):
            walk.through(block)
        walk.end()

    return through_all


def console(*lines):
    return "\n".join(["```console", *lines, "```\n"])


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["$ echo one", "one", "$ echo two", "two"], id="exactly"),
        pytest.param(["$ echo one two three", "one ... three"], id="with a gap"),
        pytest.param(["$ seq 9", "1", "...", "9"], id="with a gap of lines"),
        pytest.param(["$ true"], id="nothing"),
        pytest.param(["$ echo oops >&2", "oops"], id="on the other stream"),
        pytest.param(["$ echo one \\", "    two", "one two"], id="a command over two lines"),
        pytest.param(["$ vid=42", "$ echo $vid", "42"], id="a variable of the command before"),
        pytest.param(["$ cat openapi.yaml | head -n 1", "openapi: 3.1.0"], id="a file of the checkout"),
    ],
)
def test_a_command_that_prints_what_the_page_says_passes(follow, lines):
    follow(console(*lines))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["$ echo one", "two"], id="something else"),
        pytest.param(["$ echo one"], id="more than nothing"),
        pytest.param(["$ echo one", "one", "two"], id="less"),
        pytest.param(["$ echo one two", "... one"], id="a gap at the wrong end"),
    ],
)
def test_a_command_that_prints_something_else_is_shown_with_both(follow, lines):
    with pytest.raises(AssertionError, match=r"(?s)page\.md:1: echo one.*--- the page says.*--- it prints\none"):
        follow(console(*lines))


def test_a_command_that_fails_fails_the_page(follow):
    with pytest.raises(AssertionError, match=r"page\.md:1: exit status 3, not 0, of: \(exit 3\)"):
        follow(console("$ (exit 3)"))


def test_a_failure_that_the_page_announces_is_expected(follow):
    follow("<!-- exit status: 3 -->\n" + console("$ true", "$ (exit 3)"))


def test_an_announced_failure_that_does_not_come_fails_the_page(follow):
    with pytest.raises(AssertionError, match="exit status 0, not 3"):
        follow("<!-- exit status: 3 -->\n" + console("$ true"))


def test_a_command_that_ends_the_shell_fails_the_page(follow):
    with pytest.raises(AssertionError, match="the shell ended"):
        follow(console("$ exit 0"))


def test_a_console_block_without_a_command_fails_the_page(follow):
    with pytest.raises(AssertionError, match=r"page\.md:1: no line starts with"):
        follow(console("curl http://127.0.0.1:8080"))


@pytest.mark.parametrize("fence", ["```sh", "```"], ids=["unknown", "none"])
def test_a_block_that_nothing_runs_must_say_why(follow, fence):
    with pytest.raises(AssertionError, match=r"page\.md:1: nothing runs a block marked"):
        follow(f"{fence}\nmake deploy\n```\n")


def test_a_block_that_says_why_it_is_not_run_is_passed_over(follow):
    follow("<!-- not run: needs Docker -->\n" + console("$ (exit 3)"))


def test_a_block_that_gives_no_reason_fails_the_page(follow):
    with pytest.raises(AssertionError, match=r"page\.md:2: say why"):
        follow("<!-- not run: -->\n" + console("$ true"))


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        pytest.param("make run", [], id="make"),
        pytest.param(
            "make run SCENARIO=loading WORKERS=2", ["--scenario", "loading", "--workers", "2"], id="make, set"
        ),
        pytest.param("mockserver serve --seed 7 &", ["--seed", "7"], id="serve, in the background"),
    ],
)
def test_a_line_that_serves_starts_the_server_of_the_page(follow, started, command, arguments):
    follow(console(f"$ {command}", "... http://127.0.0.1:8080"))

    assert started[0].command == ["serve", *arguments, "--port", "0"]


def test_commands_reach_the_server_under_the_port_on_the_page(follow, started):
    follow(console("$ mockserver serve --port 9000", "$ echo http://a.localhost:9000/x | tr / +", "http:++a...:9000+x"))

    assert started[0].command == ["serve", "--port", "9000", "--port", "0"]


def test_variables_before_a_command_that_serves_are_the_servers(follow, started):
    follow(console("$ MOCKSERVER_PORT=9000 mockserver serve", "$ echo localhost:9000", "localhost:9000"))

    assert started[0].env["MOCKSERVER_PORT"] == "9000"


def test_the_port_on_the_page_is_not_the_real_one(follow):
    with pytest.raises(AssertionError, match="4711"):
        follow(console("$ make run", "$ echo 127.0.0.1:8080 | tr : =", "127.0.0.1=8080"))


def test_an_address_starts_a_server_where_the_page_has_started_none(follow, started):
    follow(console("$ echo 127.0.0.1:8080", "127.0.0.1:8080", "$ echo 127.0.0.1:8080", "127.0.0.1:8080"))

    assert [server.command for server in started] == [["serve", "--port", "0"]]


def test_the_next_line_that_serves_ends_the_server_before(follow, started):
    follow(console("$ make run", "$ make run"))

    assert [server.closed for server in started] == [True, False]


def test_a_server_in_the_background_is_ended_as_the_page_ends_it(follow, started):
    follow(console("$ make run &", "$ kill %1", "$ echo 127.0.0.1:8080", "127.0.0.1:8080"))

    assert [server.closed for server in started] == [True, False]


def test_an_announcement_that_the_page_tells_wrongly_fails_it(follow):
    with pytest.raises(AssertionError, match="mockserver answers on"):
        follow(console("$ make run", "listening"))


def test_a_server_that_refuses_to_start_is_an_example_too(follow, started):
    with pytest.raises(AssertionError, match="not 77"):
        follow("<!-- exit status: 77 -->\n" + console("$ mockserver serve --colour red"))

    assert started == []


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("assert 1 + 1 == 2", id="a program"),
        pytest.param(">>> 1 + 1\n2", id="a doctest"),
        pytest.param("def test_sum():\n    assert 1 + 1 == 2", id="a test"),
    ],
)
def test_python_runs_in_each_of_its_forms_and_can_fail(follow, code):
    follow(f"```python\n{code}\n```\n")

    with pytest.raises(AssertionError, match=r"page\.md:1: "):
        follow(f"```python\n{code.replace('2', '3')}\n```\n")


def test_a_saved_file_can_be_used_by_a_later_command(follow):
    follow("```yaml\n# hours.yaml\na: 1\n```\n" + console("$ tail -n 1 hours.yaml", "a: 1"))


def test_a_saved_file_that_no_command_uses_fails_the_page(follow):
    with pytest.raises(AssertionError, match=r"no command uses hours\.yaml \(page\.md:1\)"):
        follow("```yaml\n# hours.yaml\na: 1\n```\n")


@pytest.mark.parametrize(
    ("language", "text"), [("json", "{'a': 1}"), ("yaml", "a: ["), ("toml", "a")], ids=["json", "yaml", "toml"]
)
def test_data_that_cannot_be_read_fails_the_page(follow, language, text):
    with pytest.raises(AssertionError, match=rf"page\.md:1: not {language}: "):
        follow(f"```{language}\n{text}\n```\n")


class TestScenarios:
    """On a real server, because only that knows what a scenario is."""

    @pytest.fixture
    def walk(self, tmp_path):
        folder = tmp_path / "folder"
        folder.mkdir()
        walk = Walk(folder)
        yield walk
        walk.close()

    def test_a_scenario_is_in_force_for_the_commands_below_it(self, follow):
        asked = "$ curl -X POST -H 'Content-Type: application/json' http://127.0.0.1:8080/api/account/1/getEngagement"

        follow("```yaml\n# scenario\nscenario: closed\nstubs: [{then: not_available}]\n```\n")
        follow(console(asked, "...NotAvailable..."))

    def test_a_scenario_that_the_server_refuses_fails_the_page(self, follow):
        with pytest.raises(AssertionError, match=r"page\.md:1: not a scenario: .*stbus"):
            follow("```yaml\n# scenario\nscenario: closed\nstbus: [{then: not_available}]\n```\n")
