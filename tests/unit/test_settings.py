import dataclasses

import pytest

from mockserver.settings import FIELDS, Settings, is_loopback


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
    text = ("off", "on")[declared.default] if isinstance(declared.default, bool) else str(declared.default)

    assert declared.metadata["help"].endswith(".")
    if declared.default not in (None, ()):
        assert declared.metadata["parse"](text) == declared.default


def test_settings_are_never_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1
