"""Installs what reads the two documents, validators and generators: locked, once, in a folder of its own.

Nothing of it is needed to serve, and none of it runs a script while it is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

from tests.support.programs import missing, needs_program

TOOLS = Path(__file__).parent / "tools"
#: What Redocly asks for; the others run on it as well.
NODE = (20, 19)


def npm_programs() -> Path:
    """Return the folder of the programs that npm brings."""
    node = needs_program("node", debian_package="nodejs")
    npm = needs_program("npm", debian_package="npm")
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    if tuple(map(int, version.lstrip("v").split(".")[:2])) < NODE:
        missing(f"node is {version}; the tools that read the contract need {NODE[0]}.{NODE[1]} or newer")
    _once("node_modules", "package-lock.json", lambda: _run(npm, "ci", "--ignore-scripts", "--loglevel", "error"))
    return TOOLS / "node_modules" / ".bin"


def python_programs() -> Path:
    """Return the folder of the programs that pip brings; they have an environment of their own."""
    _once("venv", "requirements.txt", _make_environment)
    return TOOLS / "venv" / "bin"


def _make_environment() -> None:
    venv.create(TOOLS / "venv", clear=True)
    pip = [sys.executable, "-m", "pip", "--python", str(TOOLS / "venv" / "bin" / "python")]
    _run(*pip, "--disable-pip-version-check", "--quiet", "install", "--require-hashes", "-r", "requirements.txt")


def _once(folder: str, lock: str, install: Callable[[], None]) -> None:
    """Install into *folder*, unless what *lock* asks for stands there; tests in other processes wait meanwhile."""
    wanted = hashlib.sha256((TOOLS / lock).read_bytes()).hexdigest()
    stamp = TOOLS / folder / ".installed"
    with (TOOLS / f".{folder}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            install()
            stamp.write_text(wanted)


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=TOOLS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
