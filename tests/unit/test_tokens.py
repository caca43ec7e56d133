"""The admin token, as people give it: to the server, to the pytest plugin and to the harness."""

import pytest

from contracts.errors import TokenError
from contracts.mock.tokens import chosen as harness_chosen
from mockserver.errors import SettingsError
from mockserver.settings import Settings
from mockserver.settings_loading import load
from mockserver.testing.remote import Remote
from mockserver.tokens import chosen as plugin_chosen

BAD = {
    "blanks": " \n",
    "blank inside": "se cret",
    "line end inside": "sec\nret",
    "not ASCII": "s3cr\xe9t",
    "control character": "sec\x7fret",
    "too long": "s3cret" * 1000,
}
SIDES = pytest.mark.parametrize(
    ("chosen", "error"), [(plugin_chosen, ValueError), (harness_chosen, TokenError)], ids=["plugin", "harness"]
)


@pytest.fixture
def mounted(tmp_path):
    """Return a function that mounts a secret, and returns its path."""

    def mount(content):
        file = tmp_path / "admin-token"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(file)

    return mount


# --- the server -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["s3cret", "s3cret\n", " s3cret\r\n", "\ts3cret \n\n"])
def test_blanks_and_line_ends_around_a_token_do_not_count(given, mounted):
    loaded = [
        load({"admin_token": given}, {}),
        load({}, {"MOCKSERVER_ADMIN_TOKEN": given}),
        load({}, {"MOCKSERVER_ADMIN_TOKEN_FILE": mounted(given)}),
        load({"admin_token_file": mounted(b"\xef\xbb\xbf" + given.encode())}, {}),
    ]

    assert {settings.admin_token for settings in loaded} == {"s3cret"}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_token_that_no_request_could_carry_is_refused_and_not_quoted(bad, mounted):
    for flags, environ in (
        ({"admin_token": bad}, {}),
        ({}, {"MOCKSERVER_ADMIN_TOKEN": bad}),
        ({"admin_token_file": mounted(bad)}, {}),
    ):
        with pytest.raises(SettingsError, match=r"^admin_token.* must (hold a token|be ASCII|be at most)") as refused:
            load(flags, environ)

        assert "ret" not in str(refused.value)


@pytest.mark.parametrize("bad", [*BAD.values(), "s3cret\n"], ids=[*BAD, "line end"])
def test_settings_that_are_made_by_hand_take_no_such_token_either(bad):
    with pytest.raises(SettingsError, match=r"^admin_token must"):
        Settings(admin_token=bad)


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(SettingsError, match=r"^admin_token_file: the file /no/where cannot be read: No such file"):
        load({"admin_token_file": "/no/where"}, {})


def test_a_file_that_is_no_text_is_named(mounted):
    with pytest.raises(SettingsError, match="must be text in UTF-8"):
        load({"admin_token_file": mounted(b"\xff\xfe")}, {})


def test_a_token_and_a_file_beside_it_leave_open_which_one_counts(mounted):
    with pytest.raises(SettingsError, match="both given; leave one out"):
        load({"admin_token": "a", "admin_token_file": mounted("b")}, {})


def test_a_flag_comes_before_a_variable_whichever_of_the_two_names_it_has(mounted, tmp_path):
    file = tmp_path / "mock.toml"
    file.write_text('admin_token = "of-the-file"\n')
    environ = {"MOCKSERVER_ADMIN_TOKEN_FILE": mounted("mounted")}

    assert load({}, environ, str(file)).admin_token == "mounted"
    assert load({"admin_token": "typed"}, environ, str(file)).admin_token == "typed"
    assert load({"admin_token": ""}, environ, str(file)).admin_token == ""


def test_a_token_of_another_server_keeps_nobody_from_starting_one_without():
    environ = {"MOCKSERVER_ADMIN_TOKEN": "for another", "MOCKSERVER_ADMIN_TOKEN_FILE": "/no/where"}

    assert load({"admin_token": ""}, environ).admin_token == ""


# --- whoever asks it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", [plugin_chosen, harness_chosen], ids=["plugin", "harness"])
@pytest.mark.parametrize("given", ["s3cret", "s3cret\n", " s3cret\r\n"])
def test_whoever_asks_reads_a_token_as_the_server_does(chosen, given, mounted):
    file = mounted(given)

    assert chosen(given, None, {}) == chosen(None, file, {}) == "s3cret"
    assert chosen(None, None, {"MOCKSERVER_ADMIN_TOKEN": given}) == "s3cret"
    assert chosen(None, None, {"MOCKSERVER_ADMIN_TOKEN_FILE": file}) == "s3cret"
    assert chosen(given, None, {"MOCKSERVER_ADMIN_TOKEN_FILE": "/no/where"}) == "s3cret", "an option comes first"
    assert chosen(None, None, {}) == ""


@SIDES
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_whoever_asks_is_told_at_once_that_a_token_is_none(chosen, error, bad, mounted):
    for arguments in ((bad, None, {}), (None, mounted(bad), {}), (None, None, {"MOCKSERVER_ADMIN_TOKEN": bad})):
        with pytest.raises(error, match=r"must (hold a token|be ASCII|be at most)") as refused:
            chosen(*arguments)

        assert "sec" not in str(refused.value)


@SIDES
def test_two_tokens_leave_open_which_one_counts(chosen, error, mounted):
    for arguments in (
        ("a", mounted("b"), {}),
        (None, None, {"MOCKSERVER_ADMIN_TOKEN": "a", "MOCKSERVER_ADMIN_TOKEN_FILE": "b"}),
    ):
        with pytest.raises(error, match="given twice"):
            chosen(*arguments)


def test_what_steers_a_space_takes_a_token_with_a_line_end_and_none_that_no_header_carries():
    assert Remote("http://127.0.0.1:1", "s3cret\n").token == "s3cret"
    with pytest.raises(ValueError, match="must be ASCII"):
        Remote("http://127.0.0.1:1", "s3 cret")
