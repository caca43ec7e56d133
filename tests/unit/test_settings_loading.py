import pytest

from mockserver.errors import SettingsError
from mockserver.settings import Settings
from mockserver.settings_loading import load


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
        ("seed", "9007199254740991", 2**53 - 1),
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
        pytest.param({"port": "80a"}, {}, "--port 80a must be a whole number from 0 to 65535", id="no number"),
        pytest.param({"port": "65536"}, {}, "--port 65536 must be a whole number from 0 to 65535", id="too large"),
        pytest.param({"workers": "0"}, {}, "--workers 0 must be a whole number from 1 to 64", id="too small"),
        pytest.param({"port": " "}, {}, "--port ' ' must be a whole number", id="blanks are seen"),
        pytest.param({"port": "\x1b[31m"}, {}, r"--port '\x1b[31m' must be a whole", id="the terminal is left alone"),
        pytest.param({"cors": "yes"}, {}, "--cors yes must be one of on, off", id="no switch"),
        pytest.param(
            {"second_request": "cooky"},
            {},
            "--second-request cooky must be one of ids, cookie, consumer; did you mean 'cookie'?",
            id="misspelt choice",
        ),
        pytest.param({}, {"MOCKSERVER_PORT": "x"}, "MOCKSERVER_PORT=x must be a whole number from 0", id="variable"),
        pytest.param({}, {"MOCKSERVER_PORT": "http://h:80"}, "must be a whole number from 0", id="no service link"),
        pytest.param(
            {"session_lifetime_s": "21601"}, {}, "must be a whole number from 1 to 21600", id="over six hours"
        ),
        pytest.param(
            {"seed": "9223372036854775807"}, {}, "must be a whole number from 0 to 9007199254740991", id="too exact"
        ),
        pytest.param({"accounts": "1,a b"}, {}, "--accounts '1,a b' must be accounts of 1 to 20", id="no account"),
        pytest.param({"seed": "9" * 5000}, {}, "must be a whole number", id="enormous"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(flags, environ, message):
    with pytest.raises(SettingsError) as refused:
        load(flags, environ)

    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("environ", "warning"),
    [
        pytest.param({"MOCKSERVER_PROT": "1"}, "the variable MOCKSERVER_PROT: no setting has this name", id="misspelt"),
        pytest.param({"MOCKSERVER_PROT": "1"}, "did you mean 'MOCKSERVER_PORT'?", id="nearest"),
        pytest.param({"MOCKSERVER_CONFG": "x.toml"}, "did you mean 'MOCKSERVER_CONFIG'?", id="nearest to no setting"),
        pytest.param({"MOCKSERVER_port": "1"}, "did you mean 'MOCKSERVER_PORT'?", id="small letters"),
        pytest.param({"MOCKSERVER_LOG_LEVEL": "INFO"}, "MOCKSERVER_LOG_LEVEL", id="another product's"),
        pytest.param({"MOCKSERVER_": "x"}, "the variable MOCKSERVER_:", id="the prefix alone"),
    ],
)
def test_a_variable_that_is_no_setting_is_ignored_with_a_warning(environ, warning):
    warnings = []

    loaded = load({}, environ, warn=warnings.append)

    [told] = warnings
    assert loaded == Settings()
    assert warning in told


def test_a_variable_that_is_nothing_like_a_setting_suggests_none(capsys):
    load({}, {"MOCKSERVER_INITIALIZATION_JSON_PATH": "x"})

    assert capsys.readouterr().err == (
        "mockserver: ignored the variable MOCKSERVER_INITIALIZATION_JSON_PATH: "
        "no setting has this name (`mockserver serve --help` lists them)\n"
    )


def links(service, port):
    """Return what Kubernetes tells each pod of a Service, in its documentation's order."""
    prefix, address = service.upper().replace("-", "_"), "10.0.0.11"
    tcp = f"{prefix}_PORT_{port}_TCP"
    return {
        f"{prefix}_SERVICE_HOST": address,
        f"{prefix}_SERVICE_PORT": str(port),
        f"{prefix}_SERVICE_PORT_HTTP": str(port),
        f"{prefix}_PORT": f"tcp://{address}:{port}",
        tcp: f"tcp://{address}:{port}",
        f"{tcp}_PROTO": "tcp",
        f"{tcp}_PORT": str(port),
        f"{tcp}_ADDR": address,
    }


@pytest.mark.parametrize("service", ["mockserver", "mockserver-redis", "mockserver-2"])
def test_what_kubernetes_tells_of_a_service_is_ignored_with_one_word(service):
    warnings = []
    told = links(service, 80)

    loaded = load({}, told | {"MOCKSERVER_THREADS": "3"}, warn=warnings.append)

    [warning] = warnings
    assert loaded == Settings(threads=3)
    assert [name for name in told if name not in warning] == []
    assert "Kubernetes" in warning
    assert "enableServiceLinks: false" in warning


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("prot = 1", "'prot' is no setting; did you mean 'port'?", id="misspelt key"),
        pytest.param('port = "x"', 'port = "x" must be a whole number from 0 to 65535', id="bad value"),
        pytest.param("port = true", "port = true must be a whole number", id="wrong type"),
        pytest.param("port = 80.0", "port = 80.0 must be a whole number", id="fraction"),
        pytest.param("seed = 1979-05-27", "seed = 1979-05-27 must be a whole number", id="date"),
        pytest.param("port = [80]", "port = [80] must be a whole number", id="list of numbers"),
        pytest.param("cors = 1", "cors = 1 must be one of on, off", id="number for a switch"),
        pytest.param("host = 5", "host = 5 must be text in quotes", id="number for text"),
        pytest.param("admin_token = 5551", "mock.toml: admin_token must be text in quotes", id="a token is not shown"),
        pytest.param("scenario = true", "scenario = true must be text in quotes", id="switch for text"),
        pytest.param('store = ["memory:"]', 'store = ["memory:"] must be text in quotes', id="list for text"),
        pytest.param("ready = {json = true}", 'ready = {"json": true} must be text in quotes', id="table for text"),
        pytest.param("accounts = 5", "accounts = 5 must be a list of texts", id="number for a list"),
        pytest.param("accounts = [[5]]", "accounts = [[5]] must be a list of texts", id="lists in a list"),
        pytest.param("accounts = [true]", "accounts = [true] must be a list of texts", id="switches in a list"),
        pytest.param("[network]\nport = 1", "'network' is no setting", id="table"),
        pytest.param("port =", "cannot be read", id="no TOML"),
        pytest.param("\x00", "cannot be read", id="no text"),
        pytest.param("a = " + "[" * 100_000, "cannot be read", id="too deep"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path, text, message):
    file = tmp_path / "mock.toml"
    file.write_text(text)

    with pytest.raises(SettingsError) as refused:
        load({}, {}, str(file))

    assert message in str(refused.value)
    assert str(file) in str(refused.value)


@pytest.mark.parametrize(
    ("text", "loaded"),
    [
        pytest.param('port = "81"', Settings(port=81), id="number in quotes"),
        pytest.param('cors = "off"', Settings(cors=False), id="switch in quotes"),
        pytest.param('accounts = "1,2"', Settings(accounts=("1", "2")), id="list in quotes"),
        pytest.param("accounts = [1, 2]", Settings(accounts=("1", "2")), id="list of numbers"),
        pytest.param('scenario = ""', Settings(), id="empty"),
    ],
)
def test_a_file_may_write_a_value_as_a_variable_would(tmp_path, text, loaded):
    file = tmp_path / "mock.toml"
    file.write_text(text)

    assert load({}, {}, str(file)) == loaded


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda file: file.mkdir(), "Is a directory", id="directory"),
        pytest.param(
            lambda file: file.write_bytes("port = 1".encode("utf-16")),
            "byte 1 is not UTF-8; save it as UTF-8",
            id="UTF-16",
        ),
        pytest.param(lambda file: file.parent, "No such file or directory", id="not there"),
    ],
)
def test_what_is_no_settings_file_is_refused_with_the_reason(tmp_path, make, reason):
    file = tmp_path / "mock.toml"
    make(file)

    with pytest.raises(SettingsError) as refused:
        load({}, {"MOCKSERVER_CONFIG": str(file)})

    assert str(refused.value).startswith(f"the settings file {file} cannot be read: ")
    assert reason in str(refused.value)


@pytest.mark.parametrize(("workers", "store"), [("1", "memory:"), ("2", ""), ("2", "sqlite:x"), ("2", "redis://h")])
def test_workers_may_share_a_store(workers, store):
    assert load({"workers": workers, "store": store}, {}).workers == int(workers)


def test_workers_that_share_nothing_are_refused_with_the_remedy():
    with pytest.raises(SettingsError, match=r"workers=2 needs a shared store.*sqlite:PATH.*set workers to 1"):
        load({"workers": "2", "store": "memory:"}, {})
