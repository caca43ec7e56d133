"""The command `mockserver`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from mockserver import __version__
from mockserver.command import BROKEN, COULD_NOT, KEPT, look_in_own_folders_first, run
from mockserver.errors import ScenarioError, SettingsError, UnreadableFile, nearest
from mockserver.harness import harness
from mockserver.settings import FIELDS, flag, variable
from mockserver.settings_loading import load

#: How long the health check may be told to wait, in seconds.
_LONGEST_TIMEOUT_S = 3600
_EXITS = (
    "Exit status: 0 all is well; 1 what was asked about is broken (the contract, a scenario file, the health of a "
    "server), and nothing else; 2 it could not be done, standard error says why."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    if arguments is None:  # this process is ours alone
        look_in_own_folders_first()
    return run(lambda: _command(arguments))


def _command(arguments: Sequence[str] | None) -> int:
    given, unknown = _parser().parse_known_args(arguments)
    _refuse(unknown)
    status: int = given.run(given)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mockserver",
        description="A mock of LivePerson's engagement API, "
        "and a harness that judges servers and clients by its contract.",
        epilog=f"Start with: mockserver serve. {_EXITS}",
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
        f"Precedence: flag, variable, file, default. {_EXITS}",
        allow_abbrev=False,
    )
    serve.add_argument("--config", metavar="FILE", help="TOML file with settings (MOCKSERVER_CONFIG)")
    for name, field in FIELDS.items():
        default = "" if field.default in (None, "", ()) else f" Default: {_as_typed(field.default)}."
        help_text = f"{field.metadata['help']}{default} ({variable(name)})"
        serve.add_argument(flag(name), metavar=name.upper(), help=help_text.replace("%", "%%"))
    serve.set_defaults(run=_serve)


def _add_healthcheck(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser(
        "healthcheck",
        help="exit with 0 when a server answers and its store can be written",
        description="Ask a server for its health; for containers, whose images have no curl.",
        epilog=_EXITS,
    )
    check.add_argument(
        "--url", help="http://HOST:PORT or https://HOST:PORT; default: host and port of the settings in the environment"
    )
    check.add_argument(
        "--timeout",
        type=_seconds,
        default=5.0,
        metavar="SECONDS",
        help=f"more than 0, at most {_LONGEST_TIMEOUT_S}; default: 5",
    )
    check.set_defaults(run=_healthcheck)


def _add_validate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    validate = commands.add_parser(
        "validate",
        help="check scenario files",
        description="Check scenario files against their schema and the contract, and tell all mistakes at once.",
        epilog="Exit status: 0 all are sound; 1 a scenario is wrong; 2 a file cannot be read.",
    )
    validate.add_argument("files", nargs="+", metavar="FILE", type=Path)
    validate.set_defaults(run=_validate)


def _add_presets(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    presets = commands.add_parser(
        "presets",
        help="list the scenarios that ship with the server, or print one",
        description="List the presets, or print one.",
        epilog=_EXITS,
    )
    presets.add_argument("name", nargs="?", help="print this preset, as a start for a scenario of your own")
    presets.set_defaults(run=_presets)


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser(
        "check",
        help="judge a server, a client, or recorded traffic by the contract",
        description="Judge by the contract: `mockserver check server --url URL`, `mockserver check client -- COMMAND`, "
        "`mockserver check traffic FILE.har`. The judge shares no code with the mock.",
        add_help=False,
        prefix_chars="\0",  # what it is told is read by the harness, `--help` included
    )
    check.add_argument("words", nargs=argparse.REMAINDER)
    check.set_defaults(run=_check)


def _add_selfcheck(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    selfcheck = commands.add_parser(
        "selfcheck",
        help="judge this installation: the mock by the server suite, and the shipped clients on the mock",
        description="Judge this installation: the mock by the server suite, and the shipped clients on the mock.",
        epilog=_EXITS,
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
    from mockserver.serving.server import serve  # gunicorn and Flask are for those who serve

    serve(settings)
    return KEPT


def _healthcheck(given: argparse.Namespace) -> int:
    # It takes a tenth of a start, and is not for those who serve.
    from mockserver.serving.healthcheck import healthcheck, own_url

    server = own_url(load({}, os.environ)) if given.url is None else given.url
    return healthcheck(server, given.timeout)


def _validate(given: argparse.Namespace) -> int:
    from mockserver.engine.apis import Apis
    from mockserver.own_apis import own_apis
    from mockserver.scenarios.documents.files import text_of_file
    from mockserver.scenarios.reading.loading import load_scenario

    vocabulary = Apis(own_apis()).vocabulary
    statuses = []
    for file in given.files:
        try:
            scenario = load_scenario(text_of_file(file), str(file), vocabulary)
        except ScenarioError as error:
            for line in str(error).splitlines():
                print(f"mockserver: {line}", file=sys.stderr)
            statuses.append(COULD_NOT if isinstance(error, UnreadableFile) else BROKEN)
        else:
            print(f"{file}: ok, scenario {scenario.name!r} with {len(scenario.stubs)} stubs")
            statuses.append(KEPT)
    return max(statuses)


def _presets(given: argparse.Namespace) -> int:
    from mockserver.engine.apis import Apis
    from mockserver.own_apis import own_apis

    presets = Apis(own_apis()).vocabulary.presets
    if given.name:
        print(presets.text(given.name), end="")
        return KEPT
    width = max(map(len, presets.names()))
    for name in presets.names():
        print(f"{name:{width}}  {presets.description(name)}")
    return KEPT


def _check(given: argparse.Namespace) -> int:
    status: int = harness("__main__").main(given.words, program="mockserver check")
    return status


def _selfcheck(given: argparse.Namespace) -> int:
    status: int = harness("selfcheck").selfcheck(clients=given.client, out=sys.stdout, show_traceback=given.traceback)
    return status


def _seconds(text: str) -> float:
    with suppress(ValueError):
        seconds = float(text)
        if 0 < seconds <= _LONGEST_TIMEOUT_S:  # no number is not, either
            return seconds
    raise argparse.ArgumentTypeError(f"must be seconds, more than 0 and at most {_LONGEST_TIMEOUT_S}, got {text!r}")


def _as_typed(value: object) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)
