"""Every setting, once: its name, default, meaning, and how its text is read.

Flags, `MOCKSERVER_*` variables, the keys of a settings file and the reference page all follow from here;
`settings_loading.py` reads them.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.errors import SettingsError, nearest
from mockserver.tokens import token

VARIABLE_PREFIX = "MOCKSERVER_"
#: How long a stopping worker may finish the calls that it is answering, in seconds.
DRAIN_S = 30
#: How long a kept-alive connection may be idle, in seconds: longer than clients' pools wait between tests.
KEEP_ALIVE_S = 75
#: Connections that may wait to be accepted.
BACKLOG = 2048
#: Every reader of JSON keeps a seed up to this one exactly.
LARGEST_SEED = 2**53 - 1
MOST_ACCOUNTS = 1000
_ACCOUNT = re.compile(r"[a-zA-Z0-9_]{1,20}\Z")


def text(value: str) -> str:
    """Read any text."""
    return value


def without_brackets(value: str) -> str:
    """Read an address, which may stand in brackets as in a URL."""
    return value[1:-1] if value.startswith("[") and value.endswith("]") else value


def whole(least: int, most: int) -> Callable[[str], int]:
    """Make a reader of whole numbers from *least* to *most*."""

    def read(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return number

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    """Make a reader that accepts one of *choices*."""

    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}{nearest(value, choices)}")
        return value

    return read


def switch(value: str) -> bool:
    """Read `on` or `off`."""
    return one_of("on", "off")(value) == "on"


def account_list(value: str) -> tuple[str, ...]:
    """Read a comma-separated list of accounts; raises `ValueError` for what is none, or for too many."""
    found = tuple(word.strip() for word in value.split(",") if word.strip())
    wrong = next((word for word in found if not _ACCOUNT.match(word)), None)
    if wrong is not None:
        raise ValueError(f"must be accounts of 1 to 20 letters, digits and underscores, and {wrong[:60]!r} is none")
    if len(found) > MOST_ACCOUNTS:
        raise ValueError(f"must be at most {MOST_ACCOUNTS} accounts")
    return found


def secret(value: str) -> str:
    """Read a token; the error quotes nothing of it."""
    return token(value) if value else ""


def setting(default: Any, help_text: str, parse: Callable[[str], Any] = text) -> Any:
    """Declare one setting: its default, its sentence for people, its reader."""
    return dataclasses.field(default=default, metadata={"help": help_text, "parse": parse})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one server. Bad values and combinations raise `SettingsError`."""

    host: str = setting(
        "127.0.0.1", "Address to listen on. Any other than a loopback address needs an admin token.", without_brackets
    )
    port: int = setting(8080, "TCP port to listen on; 0 lets the system choose.", whole(0, 65535))
    workers: int = setting(1, "Worker processes. More than one needs a store that they share.", whole(1, 64))
    threads: int = setting(
        8, "Threads of each worker for calls that wait for a store; the admin API has as many.", whole(1, 256)
    )
    scenario: str = setting("available", "The active scenario: the name of a preset, or a YAML or JSON file.")
    store: str = setting(
        "",
        "Where state lives: memory:, sqlite:PATH, lmdb:PATH or redis://HOST:PORT/DB. "
        "Empty: memory for one worker; for more a private temporary file, of LMDB where that is installed.",
    )
    seed: int | None = setting(
        None,
        "Seed of every space: same seed, same calls, same bytes. Empty: each space draws one.",
        whole(0, LARGEST_SEED),
    )
    admin_token: str = setting(
        "", "Token that admin requests must carry (`Authorization: Bearer TOKEN`). A flag is seen by others.", secret
    )
    admin_token_file: str = setting(
        "", "File that holds the admin token, as secrets are mounted; blanks and line ends around it do not count."
    )
    second_request: str = setting(
        "cookie",
        "What makes a request a second one besides vid and sid: ids (nothing), cookie (the visitor cookie), "
        "consumer (any POST after the first 200 of the space).",
        one_of("ids", "cookie", "consumer"),
    )
    unknown_visitor: str = setting(
        "accept", "A well-formed vid that was never handed out: accept or reject.", one_of("accept", "reject")
    )
    id_type: str = setting(
        "string", "campaignId, engagementId and connectorId as string or number.", one_of("string", "number")
    )
    expired_offer: str = setting(
        "accept",
        "An impression for an engagement older than validForSeconds: accept or refuse.",
        one_of("accept", "refuse"),
    )
    text_members: str = setting(
        "refuse",
        "consumerSections as comma-delimited text, appDetails and engagementAttributes as JSON text: refuse or accept.",
        one_of("refuse", "accept"),
    )
    unknown_members: str = setting(
        "accept",
        "Members and query parameters that the contract does not list: accept or refuse.",
        one_of("accept", "refuse"),
    )
    session_lifetime_s: int = setting(21600, "Seconds that a visitor session lives; 6 hours at most.", whole(1, 21600))
    accounts: tuple[str, ...] = setting(
        (), "Accounts that exist, comma-separated. Empty: every well-formed one.", account_list
    )
    journal_entries: int = setting(10_000, "Exchanges that the journal of a space keeps.", whole(1, 10_000_000))
    journal_bytes: int = setting(64 << 20, "Bytes that the journal of a space keeps.", whole(1024, 1 << 40))
    journal_personal: str = setting(
        "keep",
        "Who the consumer is, in the journal: keep or redact. Redacted are names, addresses, numbers, cookies, "
        "addresses of clients, and all that the contract has no name for.",
        one_of("keep", "redact"),
    )
    max_body_bytes: int = setting(
        1 << 20,
        "Bytes of a call's body that the server reads; the admin API has a bound of its own.",
        whole(1, 1 << 30),
    )
    space_idle_s: int = setting(3600, "Seconds without a call after which a space is removed.", whole(1, 31_536_000))
    max_spaces: int = setting(100_000, "Spaces that the server keeps at a time.", whole(1, 10_000_000))
    cors: bool = setting(True, "Answer browsers of other origins (CORS): on or off.", switch)
    access_log: bool = setting(False, "Log each request on standard error: on or off.", switch)
    stop_with_stdin: bool = setting(
        False, "Stop when standard input ends, and so with whoever holds its other end: on or off.", switch
    )
    ready: str = setting(
        "text", "How the real URL is printed once the server answers: text or json.", one_of("text", "json")
    )

    def __post_init__(self) -> None:
        """Refuse combinations that cannot work."""
        _refuse_no_token(self.admin_token)
        if self.workers > 1 and self.store.startswith("memory:"):
            raise SettingsError(
                f"workers={self.workers} needs a shared store, because with {self.store!r} each process would keep "
                "sessions of its own. Leave store empty, or set it to sqlite:PATH, lmdb:PATH or redis://HOST:PORT/DB; "
                "or set workers to 1."
            )

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)


def _refuse_no_token(given: str) -> None:
    try:
        right = not given or token(given) == given
    except ValueError as error:
        raise SettingsError(f"admin_token {error}") from error
    if not right:
        raise SettingsError("admin_token must have no blanks or line ends around it")


def is_loopback(host: str) -> bool:
    """Say whether *host*, a name or an address without port, means this machine only."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


FIELDS: Mapping[str, dataclasses.Field[Any]] = {f.name: f for f in dataclasses.fields(Settings)}


def variable(name: str) -> str:
    """Return the environment variable of the setting *name*."""
    return VARIABLE_PREFIX + name.upper()


def flag(name: str) -> str:
    """Return the command-line flag of the setting *name*."""
    return "--" + name.replace("_", "-")
