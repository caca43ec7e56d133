import subprocess
import sys
from contextlib import closing

import pytest

from mockserver.errors import SettingsError
from mockserver.stores.base import Limit, Limits
from mockserver.stores.opening import open_store


def test_a_store_carries_the_url_that_it_was_opened_with_but_no_password(tmp_path):
    urls = ["memory:", f"sqlite:{tmp_path}/state.db", "redis://me:secret@localhost/0"]
    names = []
    for url in urls:
        with closing(open_store(url, Limits())) as store:
            names.append(store.name)

    assert names == [*urls[:2], "redis://me:***@localhost/0"]


def test_memory_is_opened_with_its_limits():
    store = open_store("memory:", Limits(otherwise=Limit(1, 100)))
    for _ in range(2):
        store.append("s", "log", {})

    assert store.usage("s", "log").dropped == 1


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:{tmp_path}/state.db", "SqliteStore"),
        ("redis://localhost/0", "RedisStore"),
        ("rediss://localhost/0", "RedisStore"),
        ("unix:///nosuch/redis.sock", "RedisStore"),
    ],
)
def test_the_scheme_chooses_the_store(tmp_path, url, name):
    store = open_store(url.format(tmp_path=tmp_path), Limits())
    store.close()

    assert type(store).__name__ == name


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("rediz://host", "no store 'rediz'.*did you mean 'redis'", id="misspelt"),
        pytest.param("memory", "no store 'memory'; expected memory:", id="no colon"),
        pytest.param("", "no store ''", id="empty"),
        pytest.param("memory:x", "takes nothing after its colon", id="memory with a path"),
    ],
)
def test_a_url_that_is_not_understood_is_refused_with_the_way_out(url, message):
    with pytest.raises(SettingsError, match=message):
        open_store(url, Limits())


@pytest.mark.parametrize(("package", "url"), [("redis", "redis://localhost/0"), ("lmdb", "lmdb:/tmp/state")])
def test_a_missing_package_names_the_extra(monkeypatch, package, url):
    monkeypatch.setitem(sys.modules, package, None)
    for module in [name for name in sys.modules if name.startswith("mockserver.stores.") and package in name]:
        monkeypatch.delitem(sys.modules, module)

    with pytest.raises(SettingsError, match=rf"mockserver\[{package}\]"):
        open_store(url, Limits())


def test_no_store_is_imported_before_its_url_asks_for_it():
    script = (
        "import sys; from mockserver.stores.opening import open_store; from mockserver.stores.base import Limits;"
        "open_store('memory:', Limits()); sys.exit(bool({'redis', 'sqlite3', 'lmdb'} & sys.modules.keys()))"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
