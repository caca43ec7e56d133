"""The command `mockserver`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from mockserver import __version__
from mockserver.errors import MockServerError, ScenarioError, SettingsError, UnreadableFile, nearest
from mockserver.harness import harness
from mockserver.quoting import printable
from mockserver.settings import FIELDS, Settings, flag, variable
from mockserver.settings_loading import load

#: Exit statuses, the same for every command.
KEPT, BROKEN, COULD_NOT = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given, unknown = _parser().parse_known_args(arguments)
    try:
        _refuse(unknown)
        status: int = given.run(given)
    except MockServerError as error:
        print(f"mockserver: {error}", file=sys.stderr)
        return COULD_NOT
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mockserver",
        description="A mock of LivePerson's engagement API, "
        "and a harness that judges servers and clients by its contract.",
        epilog="Start with: mockserver serve",
    )
    parser.add_argument("--version", action="version", version=f"mockserver {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_healthcheck(commands)
    _add_validate(commands)
    _add_presets(commands)
    _add_check(commands)
    _add_selfcheck(commands)
    return parser


def _refuse(unknown: Sequence[str]) -> None:
    if unknown:
        known = ["--config", *map(flag, FIELDS)]
        word = unknown[0].partition("=")[0]
        raise SettingsError(f"{word!r} is not understood{nearest(word, known)}; see the command's --help")


def _add_serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = commands.add_parser(
        "serve",
        help="serve the mock until Ctrl-C or SIGTERM",
        description="Serve the mock until Ctrl-C or SIGTERM.",
        epilog="Each flag can also be set by its variable, or in a TOML file under its name with underscores. "
        "Precedence: flag, variable, file, default.",
        allow_abbrev=False,
    )
    serve.add_argument("--config", metavar="FILE", help="TOML file with settings (MOCKSERVER_CONFIG)")
    for name, field in FIELDS.items():
        default = "" if field.default in (None, "", ()) else f" Default: {_told(field.default)}."
        help_text = f"{field.metadata['help']}{default} ({variable(name)})"
        serve.add_argument(flag(name), metavar=name.upper(), help=help_text.replace("%", "%%"))
    serve.set_defaults(run=_serve)


def _add_healthcheck(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser(
        "healthcheck",
        help="exit with 0 when a server answers and its store is alive",
        description="Ask a server for its health; for containers, whose images have no curl.",
    )
    check.add_argument("--url", help="the server; default: the host and port of the settings in the environment")
    check.add_argument("--timeout", type=float, default=5.0, metavar="SECONDS", help="default: 5")
    check.set_defaults(run=_healthcheck)


def _add_validate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    validate = commands.add_parser(
        "validate",
        help="check scenario files",
        description="Check scenario files against their schema and the contract, and tell all mistakes at once. "
        "The exit status is 0 when all are sound, 1 when a scenario is wrong, and 2 when a file cannot be read.",
    )
    validate.add_argument("files", nargs="+", metavar="FILE", type=Path)
    validate.set_defaults(run=_validate)


def _add_presets(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    presets = commands.add_parser(
        "presets", help="list the scenarios that ship with the server, or print one", description="List the presets."
    )
    presets.add_argument("name", nargs="?", help="print this preset, as a start for a scenario of your own")
    presets.set_defaults(run=_presets)


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser(
        "check",
        help="judge a server or a client by the contract",
        description="Judge a server or a client by the contract: `mockserver check server --url URL`, "
        "`mockserver check client -- COMMAND`. The judge shares no code with the mock.",
        add_help=False,
    )
    check.add_argument("words", nargs=argparse.REMAINDER)
    check.set_defaults(run=_check)


def _add_selfcheck(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    selfcheck = commands.add_parser(
        "selfcheck",
        help="judge this installation: the mock by the server suite, and the shipped clients on the mock",
        description="Judge this installation: the mock by the server suite, and the shipped clients on the mock.",
    )
    selfcheck.add_argument(
        "--client", action="append", metavar="NAME", help="only this shipped client; may be repeated"
    )
    selfcheck.add_argument("--traceback", action="store_true", help="when the harness itself fails, show where")
    selfcheck.set_defaults(run=_selfcheck)


def _serve(given: argparse.Namespace) -> int:
    flags = {name: value for name in FIELDS if (value := getattr(given, name)) is not None}
    settings = load(flags, os.environ, given.config)
    gc.disable()  # what is imported now stays; `serve` switches it on again
    from mockserver.serving import serve  # gunicorn and Flask are for those who serve

    serve(settings)
    return KEPT


def _healthcheck(given: argparse.Namespace) -> int:
    import http.client  # which takes a tenth of a start, and is not for those who serve

    url = urlsplit(given.url or _own_url(load({}, os.environ)))
    connection = http.client.HTTPConnection(url.hostname or "127.0.0.1", url.port or 80, timeout=given.timeout)
    try:
        connection.request("GET", "/__admin/health")
        response = connection.getresponse()
        print(printable(response.read().decode(errors="replace")))
    except (OSError, http.client.HTTPException) as error:
        print(f"mockserver: nothing answers at {url.geturl()}: {error}; is the server running?", file=sys.stderr)
        return BROKEN
    finally:
        connection.close()
    return KEPT if response.status == http.HTTPStatus.OK else BROKEN


def _validate(given: argparse.Namespace) -> int:
    from mockserver.contract_file import read_document
    from mockserver.contract_rules import DocumentRules
    from mockserver.scenario_files import text_of_file
    from mockserver.scenario_loading import load_scenario
    from mockserver.spec import Contract

    rules = DocumentRules(Contract(read_document()))
    statuses = []
    for file in given.files:
        try:
            scenario = load_scenario(text_of_file(file), str(file), rules)
        except ScenarioError as error:
            for line in str(error).splitlines():
                print(f"mockserver: {line}", file=sys.stderr)
            statuses.append(COULD_NOT if isinstance(error, UnreadableFile) else BROKEN)
        else:
            print(f"{file}: ok, scenario {scenario.name!r} with {len(scenario.stubs)} stubs")
            statuses.append(KEPT)
    return max(statuses)


def _presets(given: argparse.Namespace) -> int:
    from mockserver.scenario_loading import described, preset, preset_names

    if given.name:
        print(preset(given.name), end="")
        return KEPT
    width = max(map(len, preset_names()))
    for name in preset_names():
        print(f"{name:{width}}  {described(name)}")
    return KEPT


def _check(given: argparse.Namespace) -> int:
    status: int = harness("__main__").main(given.words, program="mockserver check")
    return status


def _selfcheck(given: argparse.Namespace) -> int:
    status: int = harness("selfcheck").selfcheck(clients=given.client, out=sys.stdout, show_traceback=given.traceback)
    return status


def _own_url(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 a comparison
    return f"http://{host}:{settings.port}"


def _told(value: object) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)
