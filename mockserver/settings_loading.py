"""Reads the settings from flags, variables and a TOML file; precedence: flag, variable, file, default.

A mistyped flag or key of a file is refused. A variable that is no setting may be somebody else's: Kubernetes sets
`MOCKSERVER_PORT=tcp://...` and more beside it for a Service called mockserver. It is ignored, with a warning.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Final

from mockserver.abbreviation import MOST_CHARACTERS, abbreviated
from mockserver.errors import SettingsError, nearest
from mockserver.settings import FIELDS, VARIABLE_PREFIX, Settings, flag, variable
from mockserver.tokens import token_in

#: Names the settings file.
CONFIG_VARIABLE: Final = VARIABLE_PREFIX + "CONFIG"
#: How Kubernetes, and Docker's links, name what they tell of a service: its host, its ports.
_SERVICE_LINK: Final = re.compile(r"(_|^)(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)$")
_TOKENS: Final = frozenset(["admin_token", "admin_token_file"])
_SERVICE_URL: Final = re.compile(r"(tcp|udp|sctp)://")


def load(
    flags: Mapping[str, str],
    environ: Mapping[str, str],
    file: str | None = None,
    warn: Callable[[str], object] | None = None,
) -> Settings:
    """Read the settings, and *warn* of variables that are ignored, on standard error if nothing else is said.

    Raises `SettingsError` for an unknown flag or key, and for a value that cannot be read; nothing is guessed. A
    variable whose setting has a flag is not read at all: it is meant for another server.
    """
    by_flag = set(flags) if _TOKENS.isdisjoint(flags) else _TOKENS.union(flags)
    from_environ = _from_environ(environ, warn or _warn, without=by_flag)
    from_file = _from_file(file or environ.get(CONFIG_VARIABLE))
    values: dict[str, Any] = {}
    for source in (from_file, from_environ, _from_flags(flags)):
        if not _TOKENS.isdisjoint(source):  # two names of one thing: where one is given, neither counts from before
            values = {name: value for name, value in values.items() if name not in _TOKENS}
        values |= source
    return Settings(**_with_token(values))


def _with_token(values: Mapping[str, Any]) -> dict[str, Any]:
    """Read the file that holds the token, if one is named."""
    given, file = values.get("admin_token"), values.get("admin_token_file")
    if not file:
        return dict(values)
    if given:
        raise SettingsError("admin_token and admin_token_file are both given; leave one out")
    try:
        return {**values, "admin_token": token_in(file)}
    except ValueError as error:
        raise SettingsError(f"admin_token_file: {error}") from error


def _warn(warning: str) -> None:
    sys.stderr.write(f"mockserver: {warning}\n")


def _from_flags(flags: Mapping[str, str]) -> dict[str, Any]:
    return {name: _read(name, value, f"{flag(name)} {_quoted(value)}") for name, value in flags.items()}


def _from_environ(
    environ: Mapping[str, str], warn: Callable[[str], object], *, without: Collection[str]
) -> dict[str, Any]:
    settings = {variable(name): name for name in FIELDS}
    ours = {key: value for key, value in environ.items() if key.startswith(VARIABLE_PREFIX) and key != CONFIG_VARIABLE}
    links = sorted(key for key, value in ours.items() if _is_service_link(key, value))
    if links:
        warn(
            f"ignored the variables that tell of a Kubernetes Service: {', '.join(links)}; "
            "`enableServiceLinks: false` in the pod keeps them out"
        )
    for key in sorted(ours.keys() - settings.keys() - set(links)):
        meant = nearest(key.upper(), [*settings, CONFIG_VARIABLE], VARIABLE_PREFIX)
        warn(f"ignored the variable {key}: no setting has this name (`mockserver serve --help` lists them){meant}")
    return {
        settings[key]: _read(settings[key], value, f"{key}={_quoted(value)}")
        for key, value in ours.items()
        if key in settings and key not in links and settings[key] not in without
    }


def _is_service_link(key: str, value: str) -> bool:
    rest = key.removeprefix(VARIABLE_PREFIX)
    return bool(_SERVICE_LINK.search(rest) or (rest.endswith("PORT") and _SERVICE_URL.match(value)))


def _from_file(file: str | None) -> dict[str, Any]:
    if not file:
        return {}
    import tomllib  # most starts have no file

    try:
        document = tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"the settings file {file} cannot be read: byte {error.start + 1} is not UTF-8; save it as UTF-8"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SettingsError(f"the settings file {file} cannot be read: {reason}") from error
    values = {}
    for key, value in document.items():
        name = key.replace("-", "_")
        if name not in FIELDS:
            raise SettingsError(f"{file}: {key!r} is no setting{nearest(name, FIELDS)}")
        where = f"{file}: {key}" + f" = {_in_file(value)}" * (name not in _TOKENS)
        values[name] = _read(name, _as_text(name, value, where), where)
    return values


def _as_text(name: str, value: Any, where: str) -> str:
    """Write *value* of a file as a variable would have it. Raises `SettingsError` for a value of another kind."""
    if isinstance(value, str):
        return value
    default = FIELDS[name].default
    if isinstance(default, str):
        raise SettingsError(f"{where} must be text in quotes")
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(item, str) or type(item) is int for item in value):
            return ",".join(map(str, value))
        raise SettingsError(f"{where} must be a list of texts")
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def _read(name: str, value: str, where: str) -> Any:
    declared = FIELDS[name]
    if value == "":
        return declared.default
    try:
        return declared.metadata["parse"](value)
    except ValueError as error:
        # A token is written down nowhere, a wrong one neither.
        raise SettingsError(f"{name if name in _TOKENS else where} {error}") from error


def _in_file(value: Any) -> str:
    """Write *value* much as it stands in the file, shortened."""
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False, default=str)
        return f"{value[:MOST_CHARACTERS]}{'...' * (len(value) > MOST_CHARACTERS)}"
    return abbreviated(value) if isinstance(value, bool | int | float | str) else str(value)


def _quoted(value: str) -> str:
    """Write *value* so that blanks and signs that a terminal would obey are seen."""
    return shlex.quote(value) if value.isprintable() else repr(value)
