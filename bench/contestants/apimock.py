"""apimock-rs: a native program (Rust) that sends one fixed reply; what HTTP alone costs, as the limit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bench.contestants.contestant import Contestant, Ports
from bench.contestants.installed import MODULES, npm_version
from bench.work import PATH, Work

_PACKAGE = "@apimock-rs/bin-linux-x64-gnu"
_PROGRAM = MODULES / _PACKAGE / "apimock"
_RULES = """\
[[rules]]
when.request.method = "POST"
when.request.url_path = {path}
respond.json = {answer}
"""
_SETTINGS = """\
[listener]
ip_address = "127.0.0.1"
port = {port}

[service]
rule_sets = ["rules.toml"]
fallback_respond_dir = "."
"""


def apimock_contestant() -> Contestant:
    """Return apimock-rs, which has conditions on single members but no schema, no made-up values and no journal."""
    note = "native (Rust); one fixed reply to one path: the limit"
    return Contestant("apimock-rs", _command, None, note, [_PROGRAM], npm_version(_PACKAGE), native=True)


def _command(folder: Path, ports: Ports, work: Work) -> Sequence[str]:
    answer = json.dumps(json.dumps(work.answer))  # a string of JSON is one of TOML as well
    (folder / "rules.toml").write_text(_RULES.format(path=json.dumps(PATH), answer=answer), encoding="utf-8")
    settings = folder / "apimock.toml"
    settings.write_text(_SETTINGS.format(port=ports.mock), encoding="utf-8")
    return [str(_PROGRAM), "--config", str(settings)]
