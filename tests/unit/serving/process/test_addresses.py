import pytest

from mockserver.serving.process.addresses import is_every_address, joined, url_of


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("localhost", "http://localhost:80"),
        ("::1", "http://[::1]:80"),
        ("10.0.0.1", "http://10.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("0:0::0", "http://[::1]:80"),
    ],
)
def test_a_server_is_reached_from_its_own_machine(host, url):
    assert url_of(host, 80) == url


@pytest.mark.parametrize("host", ["0.0.0.0", "0", "0x0", "::", "0:0:0:0:0:0:0:0"])
def test_every_address_has_many_spellings(host):
    assert is_every_address(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "0.0.0.1", "mock.test", "", "\udcff", "a\0b"])
def test_one_address_is_not_every_address(host):
    assert not is_every_address(host)


def test_an_ipv6_address_stands_in_brackets():
    assert (joined("::1", 80), joined("mock.test", 80)) == ("[::1]:80", "mock.test:80")
