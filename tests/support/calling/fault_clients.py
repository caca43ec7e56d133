"""Clients that meet faults, and what each of them makes of a reply: the status, or the name of its error."""

from __future__ import annotations

import json
import subprocess

import httpx
import requests

#: How long a client waits for a byte, in seconds; longer than any reply takes that does come.
WAIT_S = 20
FETCH = """
const [url, wait] = process.argv.slice(1)
fetch(url, {method: 'POST', signal: AbortSignal.timeout(Number(wait))})
  .then(async reply => console.log(JSON.stringify([reply.status, await reply.text()])))
  .catch(error => console.log(JSON.stringify([`${error.name}: ${error.message}`, ''])))
"""


def by_requests(url: str, wait_s: float = WAIT_S) -> str:
    """Ask with the library requests."""
    try:
        reply = requests.post(url, timeout=wait_s)
    except requests.RequestException as error:
        return type(error).__name__
    return outcome(reply.status_code, reply.content)


def by_httpx(url: str, wait_s: float = WAIT_S) -> str:
    """Ask with the library httpx."""
    try:
        reply = httpx.post(url, timeout=wait_s)
    except httpx.HTTPError as error:
        return type(error).__name__
    return outcome(reply.status_code, reply.content)


def by_curl(url: str, wait_s: float = WAIT_S) -> str:
    """Ask with curl, whose exit status names the error."""
    command = ["curl", "--silent", "--max-time", str(wait_s), "--write-out", "\n%{http_code}", "--request", "POST", url]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        return f"exit status {done.returncode}"
    body, _, status = done.stdout.rpartition(b"\n")
    return outcome(int(status), body)


def by_node(url: str, wait_s: float = WAIT_S) -> str:
    """Ask with Node's fetch."""
    command = ["node", "--eval", FETCH, url, str(round(wait_s * 1000))]
    done = subprocess.run(command, capture_output=True, check=True)
    status, body = json.loads(done.stdout)
    return outcome(status, body.encode()) if isinstance(status, int) else status


def outcome(status: int, body: bytes) -> str:
    """Name a reply that a client took for sound."""
    try:
        json.loads(body)
    except ValueError:
        return f"{status} without JSON"
    return str(status)
