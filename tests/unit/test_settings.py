import dataclasses

import pytest

from mockserver import settings
from mockserver.errors import SettingsError
from mockserver.settings import FIELDS, Settings, is_loopback, load


def test_without_anything_said_the_defaults_hold():
    assert load({}, {}) == Settings()


def test_a_flag_comes_before_a_variable_and_a_variable_before_the_file(tmp_path):
    file = tmp_path / "mock.toml"
    file.write_text("port = 1\nthreads = 2\nseed = 3\n")

    loaded = load({"port": "7"}, {"MOCKSERVER_PORT": "8", "MOCKSERVER_THREADS": "9"}, str(file))

    assert (loaded.port, loaded.threads, loaded.seed) == (7, 9, 3)


def test_the_file_may_be_named_by_a_variable(tmp_path):
    file = tmp_path / "mock.toml"
    file.write_text('cors = false\naccounts = ["1", "2"]\nsecond-request = "ids"\n')

    loaded = load({}, {"MOCKSERVER_CONFIG": str(file)})

    assert (loaded.cors, loaded.accounts, loaded.second_request) == (False, ("1", "2"), "ids")


def test_variables_of_others_are_left_alone():
    assert load({}, {"PATH": "/bin", "MOCK": "x"}) == Settings()


def test_an_empty_value_means_the_default():
    assert load({"seed": ""}, {"MOCKSERVER_PORT": ""}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("port", "0", 0),
        ("seed", "9223372036854775807", 2**63 - 1),
        ("accounts", " 1, 2 ,,", ("1", "2")),
        ("cors", "off", False),
        ("access_log", "on", True),
        ("store", "redis://h:1/2", "redis://h:1/2"),
    ],
)
def test_text_is_read(name, text, value):
    assert getattr(load({name: text}, {}), name) == value


@pytest.mark.parametrize(
    ("flags", "environ", "message"),
    [
        pytest.param({"port": "80a"}, {}, "--port=80a: must be a whole number", id="no number"),
        pytest.param({"port": "65536"}, {}, "--port=65536: must be from 0 to 65535", id="too large"),
        pytest.param({"workers": "0"}, {}, "--workers=0: must be from 1 to 64", id="too small"),
        pytest.param({"cors": "yes"}, {}, "--cors=yes: must be one of on, off", id="no switch"),
        pytest.param(
            {"second_request": "cooky"},
            {},
            "--second-request=cooky: must be one of ids, cookie, consumer; did you mean 'cookie'?",
            id="misspelt choice",
        ),
        pytest.param(
            {},
            {"MOCKSERVER_PROT": "1"},
            "did you mean 'MOCKSERVER_PORT'?",
            id="misspelt variable",
        ),
        pytest.param({}, {"MOCKSERVER_port": "1"}, "the variable MOCKSERVER_port is no setting", id="small letters"),
        pytest.param({}, {"MOCKSERVER_PORT": "x"}, "MOCKSERVER_PORT=x: must be a whole number", id="variable"),
        pytest.param({"session_lifetime_s": "21601"}, {}, "must be from 1 to 21600", id="more than six hours"),
        pytest.param({"seed": "9" * 5000}, {}, "must be a whole number", id="enormous"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(flags, environ, message):
    with pytest.raises(SettingsError) as refused:
        load(flags, environ)

    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("prot = 1", "'prot' is no setting; did you mean 'port'?", id="misspelt key"),
        pytest.param('port = "a"', "=a: must be a whole number", id="bad value"),
        pytest.param("port = true", "must be a whole number", id="wrong type"),
        pytest.param("[network]\nport = 1", "'network' is no setting", id="table"),
        pytest.param("port =", "cannot be read", id="no TOML"),
        pytest.param("\x00", "cannot be read", id="no text"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path, text, message):
    file = tmp_path / "mock.toml"
    file.write_text(text)

    with pytest.raises(SettingsError) as refused:
        load({}, {}, str(file))

    assert message in str(refused.value)
    assert str(file) in str(refused.value)


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(SettingsError, match=r"the settings file nowhere.toml cannot be read"):
        load({}, {}, "nowhere.toml")


@pytest.mark.parametrize(("workers", "store"), [("1", "memory:"), ("2", ""), ("2", "sqlite:x"), ("2", "redis://h")])
def test_workers_may_share_a_store(workers, store):
    assert load({"workers": workers, "store": store}, {}).workers == int(workers)


def test_workers_that_share_nothing_are_refused_with_the_remedy():
    with pytest.raises(SettingsError, match=r"workers=2 needs a shared store.*sqlite:PATH.*set workers to 1"):
        load({"workers": "2", "store": "memory:"}, {})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "a.localhost"])
def test_loopback_means_this_machine(host):
    assert is_loopback(host)
    assert Settings(host=host).loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "mock.test", "localhost.test", "", "127.0.0.1.test"])
def test_other_addresses_do_not(host):
    assert not is_loopback(host)


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_has_a_sentence_and_a_default_that_its_reader_knows(name):
    declared = FIELDS[name]
    text = settings._as_text(declared.default) if isinstance(declared.default, bool) else str(declared.default)

    assert declared.metadata["help"].endswith(".")
    if declared.default not in (None, ()):
        assert declared.metadata["parse"](text) == declared.default


def test_settings_are_never_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1
