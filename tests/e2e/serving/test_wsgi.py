"""The application under a WSGI server that is not ours, by the command of `docs/reference/http-servers.md`."""

import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

from tests.support.calling.asking import ask
from tests.support.serving.running import CHECKOUT, environment, eventually, kill_group

DOOR = "/api/account/56072331/getEngagement"
PAGE = (CHECKOUT / "docs/reference/http-servers.md").read_text()


def documented_command():
    """Return the words of the page's command, and the variables that stand before it."""
    words = shlex.split(re.search(r"^\$ (MOCKSERVER_.* mockserver\.wsgi:app)$", PAGE, re.MULTILINE)[1])
    variables = dict(word.split("=", 1) for word in words if word.startswith("MOCKSERVER_"))
    return words[len(variables) :], variables


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def answered(url):
    try:
        return ask(url, "POST", DOOR)
    except OSError:
        return None


def test_granian_serves_the_application_by_the_command_of_the_page(tmp_path):
    (program, *options), variables = documented_command()
    port = free_port()
    options[options.index("--port") + 1] = str(port)
    with (tmp_path / "said").open("w") as said:
        served = subprocess.Popen(
            [Path(sys.executable).with_name(program), *options],
            env=environment(variables),
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        )
        try:
            answer = eventually(lambda: answered(f"http://127.0.0.1:{port}"), lambda answer: answer or served.poll())
        finally:
            kill_group(served)

    assert answer, (tmp_path / "said").read_text()
    assert (answer.status, answer.json["status"]) == (200, "Available")
