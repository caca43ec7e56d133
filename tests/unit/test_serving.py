import subprocess
import sys

import pytest

from mockserver.errors import SettingsError
from mockserver.serving import _server


def test_a_missing_granian_names_the_extra_and_the_way_out(monkeypatch):
    monkeypatch.setitem(sys.modules, "granian", None)
    monkeypatch.delitem(sys.modules, "mockserver.granian_server", raising=False)

    with pytest.raises(SettingsError, match=r"pip install 'mockserver\[granian\]', or leave --server out"):
        _server("granian")


def test_no_server_is_imported_before_it_is_asked_for():
    script = "import sys, mockserver.serving; sys.exit(bool({'granian', 'gunicorn'} & sys.modules.keys()))"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
