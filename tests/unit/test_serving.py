import errno
import socket
import subprocess
import sys

import pytest

from mockserver.errors import SettingsError
from mockserver.serving import _reason, _server, listener


def test_a_missing_granian_names_the_extra_and_the_way_out(monkeypatch):
    monkeypatch.setitem(sys.modules, "granian", None)
    monkeypatch.delitem(sys.modules, "mockserver.granian_server", raising=False)

    with pytest.raises(SettingsError, match=r"pip install 'engagement-mockserver\[granian\]', or leave --server out"):
        _server("granian")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        pytest.param(PermissionError(errno.EACCES, "Permission denied"), "choose a higher one", id="privileged port"),
        pytest.param(OSError(errno.EAFNOSUPPORT, "Not supported"), "no addresses of that kind", id="no IPv6"),
        pytest.param(OSError(errno.EIO, "Input/output error"), "Input/output error", id="any other"),
    ],
)
def test_an_address_that_cannot_be_had_is_told_with_the_way_out(error, told):
    assert told in _reason(error)


def test_no_server_is_imported_before_it_is_asked_for():
    script = "import sys, mockserver.serving; sys.exit(bool({'granian', 'gunicorn'} & sys.modules.keys()))"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_no_part_of_a_reply_waits_until_the_part_before_it_was_acknowledged():
    with listener("127.0.0.1", 0) as taken, socket.create_connection(taken.getsockname()):
        connection, _ = taken.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
