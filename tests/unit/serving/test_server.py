import errno
import socket
import subprocess
import sys

import pytest

from mockserver.serving.server import _reason, listener


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


def test_gunicorn_is_not_imported_before_it_is_asked_for():
    script = "import sys, mockserver.serving.server; sys.exit('gunicorn' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_no_part_of_a_reply_waits_until_the_part_before_it_was_acknowledged():
    with listener("127.0.0.1", 0) as taken, socket.create_connection(taken.getsockname()):
        connection, _ = taken.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
