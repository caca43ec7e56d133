"""connexion: validates by a derived document, answers with its example, keeps no journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bench.contestants.contestant import Contestant, Ports
from bench.contestants.documents import for_connexion
from bench.contestants.installed import python_program, python_version
from bench.work import Work, read_contract

_PROGRAM = python_program("connexion")


def connexion_contestant() -> Contestant:
    """Return connexion with its mock of everything."""
    note = "a derived OpenAPI 3.0 document; its example, word for word"
    return Contestant("connexion", _command, None, note, [_PROGRAM], python_version("connexion"))


def _command(folder: Path, ports: Ports, _work: Work) -> Sequence[str]:
    file = folder / "openapi.json"
    file.write_text(json.dumps(for_connexion(read_contract())), encoding="utf-8")
    return [str(_PROGRAM), "run", str(file), "--mock", "all", "--host", "127.0.0.1", "--port", str(ports.mock)]
