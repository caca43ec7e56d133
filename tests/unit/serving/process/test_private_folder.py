import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mockserver.serving.process.private_folder import PREFIX, private_folder
from mockserver.serving.process.signals import STOPPING

#: A process that gets a signal right after its nth call to a function of os, with a handler that raises.
INTERRUPTED = """
import os, signal, sys
from mockserver.serving.process.private_folder import private_folder

function, nth, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def ended(*_): raise SystemExit(3)
signal.signal(number, ended)

whole, calls = getattr(os, function), []
def interrupted(*arguments, **keywords):
    done = whole(*arguments, **keywords)
    calls.append(1)
    if len(calls) == nth:
        os.kill(os.getpid(), number)
    return done
setattr(os, function, interrupted)

with private_folder() as folder:
    open(folder + "/state", "w").close()
"""

IN_USE = """
import os, signal, sys
from mockserver.serving.process.private_folder import private_folder

def ended(*_): raise SystemExit(3)
signal.signal(signal.SIGTERM, ended)
with private_folder() as folder:
    assert os.stat(folder).st_mode & 0o777 == 0o700
    if child := os.fork():
        os.waitpid(child, 0)
        assert os.path.isdir(folder), "a worker that ended took it along"
        os.kill(os.getpid(), signal.SIGTERM)
        sys.exit("the signal is still held")
"""


def run(program, *arguments, temporary):
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, check=False, timeout=60, env={"TMPDIR": str(temporary)}).returncode


@pytest.mark.parametrize("number", [int(number) for number in STOPPING])
@pytest.mark.parametrize(
    ("function", "nth"),
    [
        pytest.param("open", 1, id="tempfile-tries-the-place"),
        pytest.param("mkdir", 1, id="made"),
        pytest.param("unlink", 2, id="half-removed"),
    ],
)
def test_no_signal_leaves_a_folder_behind(tmp_path, function, nth, number):
    assert run(INTERRUPTED, function, nth, number, temporary=tmp_path) == 3
    assert list(tmp_path.iterdir()) == []


def test_it_is_private_and_stays_until_its_maker_ends(tmp_path):
    assert run(IN_USE, temporary=tmp_path) == 3
    assert list(tmp_path.iterdir()) == []


def test_what_has_such_a_name_and_is_no_folder_left_by_a_server_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    (tmp_path / f"{PREFIX}file").touch()
    (tmp_path / f"{PREFIX}abandoned").mkdir()
    with private_folder():
        pass

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["elsewhere", "mine", f"{PREFIX}file", f"{PREFIX}link"]


def test_one_that_is_in_use_stays_when_another_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with private_folder() as first:
        with private_folder() as second:
            both = {path.name for path in tmp_path.iterdir()}

        assert both == {Path(first).name, Path(second).name}
        assert [path.name for path in tmp_path.iterdir()] == [Path(first).name]
