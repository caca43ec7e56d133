"""Walks through a page as a reader would: runs what it shows, and compares what it says comes back.

* `console`: lines that start with `$ ` are run by bash, one shell per page; the lines below are what they
  print, with `...` for anything. A command exits with 0, the last one of a block with the status in
  `<!-- exit status: N -->` above it. `$ make run` and `$ mockserver serve` start the page's server, which serves
  until the next such line or `$ kill %1`; a page that needs one earlier gets one with default settings.
* `python`: run as a program; with `>>>` as a doctest; with `def test_` by pytest; compiled when it is saved.
* `yaml` that starts with `# scenario`: put in force on the page's server. Other YAML, JSON and TOML is parsed.
* A first line with only a comment and a file name saves the block under that name; a later command must use it.
* `text` and `mermaid` are for reading. Any other block says why it is not run: `<!-- not run: reason -->`.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import yaml

from tests.support.pages.markdown import Block
from tests.support.pages.server import Server
from tests.support.pages.shell import Shell

CHECKOUT = Path(__file__).parents[3]
#: Not shown to the examples: pytest would take an example for one of our own tests.
HIDDEN = {"pyproject.toml", "tests"}

SERVES = re.compile(r"^(?P<env>(?:\w+=\S+ +)*)(?P<how>make run|mockserver serve)\b(?P<args>[^|;&>]*)&?$")
STOPS = re.compile(r"^kill %1$")
FILE_NAME = re.compile(r"^(?:#|//|<!--) *(?:scenario: *)?(?P<name>[\w./-]+\.\w+)(?: *-->)?$")
SCENARIO = re.compile(r"^# scenario\b")
HOSTS = r"(?P<host>127\.0\.0\.1|localhost|0\.0\.0\.0|\[::1\])"


class Running(Protocol):
    """A server that was started for a page."""

    announced: str
    port: int

    def close(self) -> None: ...


StartServer = Callable[[Sequence[str], Path, Mapping[str, str]], Running]


class Walk:
    """One walk through one page, in a folder of its own that looks like the checkout."""

    def __init__(self, folder: Path, start: StartServer = Server) -> None:
        self._folder = folder
        self._start = start
        self._env = _environment(folder)
        self._shell = Shell(folder, self._env)
        self._server: Running | None = None
        self._port_on_page = 8080
        #: Files that the page showed and no command has used yet, with the block that shows them.
        self._unused: dict[str, Block] = {}

    def through(self, block: Block) -> None:
        """Run or check *block*; raises `AssertionError` where the page is wrong."""
        if block.not_run is not None:
            assert block.not_run, f"{block.where}: say why: <!-- not run: reason -->"
            return
        saved = self._save(block)
        check = self._checks().get(block.language)
        if check:
            check(block)
        else:
            assert saved, (
                f"{block.where}: nothing runs a block marked {block.language or 'as nothing'!r}. Mark it as one of "
                f"{', '.join(self._checks())}, or say above it: <!-- not run: reason -->"
            )

    def end(self) -> None:
        """Say which files the page shows and never uses."""
        assert not self._unused, "no command uses " + ", ".join(
            f"{name} ({block.where})" for name, block in self._unused.items()
        )

    def close(self) -> None:
        self._shell.close()
        self._stop()

    def _checks(self) -> dict[str, Callable[[Block], object]]:
        return {
            "console": self._console,
            "python": self._python,
            "yaml": self._yaml,
            "json": lambda block: _parsed(block, json.loads),
            "toml": lambda block: _parsed(block, tomllib.loads),
            "text": lambda _: None,
            "mermaid": lambda _: None,
        }

    def _save(self, block: Block) -> bool:
        name = FILE_NAME.match(block.text.partition("\n")[0])
        if not name:
            return False
        path = self._folder / name["name"]
        path.unlink(missing_ok=True)  # it may be a link into the checkout
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text + "\n", encoding="utf-8")
        self._unused[name["name"]] = block
        return True

    def _console(self, block: Block) -> None:
        steps = list(_steps(block))
        assert steps, f"{block.where}: no line starts with '$ '"
        for number, (command, expected) in enumerate(steps, 1):
            status = block.exit_status if number == len(steps) else 0
            self._unused = {name: shown for name, shown in self._unused.items() if not _uses(command, name)}
            serves = SERVES.match(command)
            if serves and status == 0:
                got = self._serve(serves)
                # A page need not repeat every time what a server says when it is ready.
                unlike = expected and not _same(expected, got)
            elif STOPS.match(command) and self._server:
                got = self._stop()
                unlike = not _same(expected, got)
            else:
                got = self._run(block, command, status)
                unlike = not _same(expected, got)
            assert not unlike, _difference(block, command, expected, got)

    def _stop(self) -> str:
        if self._server:
            self._server.close()
            self._server = None
        return ""

    def _serve(self, serves: re.Match[str]) -> str:
        self._stop()
        env = dict(pair.split("=", 1) for pair in shlex.split(serves["env"]))
        args = shlex.split(serves["args"])
        if serves["how"] == "make run":
            args = [part for arg in args for part in _flag(arg)]
        parts = [*args, "--port", env.get("MOCKSERVER_PORT", "8080")]
        self._port_on_page = int(parts[parts.index("--port") + 1])
        command = [str(Path(sys.executable).with_name("mockserver")), "serve", *args, "--port", "0"]
        self._server = self._start(command, self._folder, {**self._env, **env})
        return self._as_on_page(self._server.announced)

    def _run(self, block: Block, command: str, status: int) -> str:
        printed, exited = self._shell.run(self._as_here(command))
        got = self._as_on_page(printed)
        assert exited == status, f"{block.where}: exit status {exited}, not {status}, of: {command}\n{got}"
        return got

    def _python(self, block: Block) -> None:
        if block in self._unused.values():
            compile(block.text, block.where, "exec")
            return
        text = self._as_here(block.text)
        name = f"line_{block.line}.txt" if ">>> " in text else f"test_line_{block.line}.py"
        (self._folder / name).write_text(text + "\n", encoding="utf-8")
        python = shlex.quote(sys.executable)
        if ">>> " in text:
            self._run(block, f"{python} -m doctest -o ELLIPSIS {name}", 0)
        elif "def test_" in text:
            self._run(block, f"{python} -m pytest -q -c /dev/null --rootdir . -p no:cacheprovider {name}", 0)
        else:
            self._run(block, f"{python} {name}", 0)

    def _yaml(self, block: Block) -> None:
        _parsed(block, yaml.safe_load)
        if not SCENARIO.match(block.text):
            return
        url = self._as_here(f"http://127.0.0.1:{self._port_on_page}/__admin/scenario")
        body = json.dumps({"text": block.text}).encode()
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="PUT")
        try:
            urllib.request.urlopen(request, timeout=30).close()
        except urllib.error.HTTPError as refusal:
            raise AssertionError(f"{block.where}: not a scenario: {refusal.read().decode()}") from None
        self._unused = {name: shown for name, shown in self._unused.items() if shown is not block}

    def _as_here(self, text: str) -> str:
        """Replace the port on the page by the one that the page's server really has."""
        address = re.compile(rf"{HOSTS}:{self._port_on_page}\b")
        if not address.search(text):
            return text
        if not self._server:
            self._serve(SERVES.match("mockserver serve"))
        return address.sub(rf"\g<host>:{self._server.port}", text)

    def _as_on_page(self, text: str) -> str:
        if not self._server:
            return text
        return re.sub(rf"{HOSTS}:{self._server.port}\b", rf"\g<host>:{self._port_on_page}", text)


def _steps(block: Block) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with what it should print."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        length = 1
        while length < len(lines) and lines[length - 1].endswith("\\"):
            length += 1
        yield "\n".join(line.removeprefix("> ") for line in lines[:length]), "\n".join(lines[length:])


def _parsed(block: Block, parse: Callable[[str], object]) -> None:
    try:
        parse(block.text)
    except (ValueError, yaml.YAMLError) as error:
        raise AssertionError(f"{block.where}: not {block.language}: {error}") from None


def _uses(command: str, name: str) -> bool:
    return name in command or (name.endswith("conftest.py") and "pytest" in command)


def _flag(variable: str) -> tuple[str, str]:
    """Return what `make run` makes of one of its variables."""
    name, _, value = variable.partition("=")
    return f"--{name.lower()}", value


def _same(expected: str, got: str) -> bool:
    parts = (re.escape(part) for part in _trimmed(expected).split("..."))
    return re.fullmatch(".*".join(parts), _trimmed(got), re.DOTALL) is not None


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()).rstrip()


def _difference(block: Block, command: str, expected: str, got: str) -> str:
    return f"{block.where}: {command}\n--- the page says\n{expected}\n--- it prints\n{got}"


def _environment(folder: Path) -> dict[str, str]:
    """Fill *folder* with links to the checkout, and return the variables that the examples run with."""
    for entry in CHECKOUT.iterdir():
        if not entry.name.startswith(".") and entry.name not in HIDDEN:
            (folder / entry.name).symlink_to(entry)
    # On a terminal curl shows no progress meter; here it would.
    (folder / ".curlrc").write_text("silent\nshow-error\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MOCKSERVER_", "PYTEST_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "CURL_HOME": str(folder), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
