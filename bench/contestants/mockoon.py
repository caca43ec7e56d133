"""Mockoon: templates for the identifiers, a rule with the JSON Schema of the body, and a bounded journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench.contestants.contestant import JOURNAL_ENTRIES, Ask, Contestant, Journal, Ports, constant
from bench.contestants.documents import request_schema
from bench.contestants.installed import BIN, npm_version
from bench.contestants.mockoon_environment import environment
from bench.work import Work, read_contract

_NAME = "Mockoon"
_TOKEN = "bench"
_HEADERS = (("Authorization", f"Bearer {_TOKEN}"),)
_LOGS = constant(Ask("GET", f"/mockoon-admin/logs?page=1&limit={JOURNAL_ENTRIES}", headers=_HEADERS))
_JOURNAL = Journal(
    count=_LOGS,
    counted=len,
    everything=_LOGS,
    entries=list,
    reset=constant(Ask("POST", "/mockoon-admin/state/purge", headers=_HEADERS)),
)


def mockoon_contestants() -> list[Contestant]:
    """Return Mockoon with and without validation, which is dear."""
    needs, version = [BIN / "mockoon-cli"], npm_version("@mockoon/cli")
    return [
        Contestant(_NAME, partial(_command, validating=False), _JOURNAL, "transaction logs of the admin API", needs,
                   version),
        Contestant(f"{_NAME}, validating", partial(_command, validating=True), _JOURNAL,
                   "body by JSON Schema, which it compiles for each call", needs, version, journal_as=_NAME),
    ]  # fmt: skip


def _command(folder: Path, ports: Ports, work: Work, *, validating: bool) -> Sequence[str]:
    schema = request_schema(read_contract()) if validating else None
    file = folder / "mockoon.json"
    file.write_text(json.dumps(environment(ports.mock, work.answer, schema)), encoding="utf-8")
    options = ["--disable-log-to-file", "--max-transaction-logs", str(JOURNAL_ENTRIES)]
    return [str(BIN / "mockoon-cli"), "start", "--data", str(file), "--admin-api-token", _TOKEN, *options]
