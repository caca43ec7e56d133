"""Runs the harness without the mock's command: `python -m mockserver_contracts server --url URL`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from . import report
from .errors import FlagError
from .mock.tokens import FILE_VARIABLE, VARIABLE, chosen
from .processes.surroundings import Route
from .reading.argument_types import DEFAULT_SEED, LARGEST_SEED, account, whole
from .report.endings import ended
from .server_suite import examination as servers
from .wire.reasons import checked_url

_MOST_EXAMPLES = 1_000_000
#: What `check client` does, as its help says.
CLIENT = (
    "Run the client once in every situation of the contract, and judge what it sent. "
    "A run is one visit: of a program that makes several, each is examined by itself."
)
_EXITS = "Exit status: 0 the contract is kept; 1 it is broken, and nothing else; 2 it could not be examined."


def main(arguments: Sequence[str] | None = None, *, program: str = f"python -m {__package__}") -> int:
    """Read the arguments, examine, and return the exit status; *program* is what the user typed."""
    options = _parser(program).parse_args(arguments)

    def examine() -> int:
        return int(options.examine(options, report.wanted(options.report)))

    return ended(examine, show_traceback=options.traceback)


def examine_server(options: argparse.Namespace, reports: Mapping[str, Path]) -> int:
    """Examine the server that *options* describe."""
    plan = servers.Plan(
        suites=options.suite or servers.SUITES,
        seed=options.seed,
        account=options.account,
        max_examples=options.max_examples,
        operations=options.operation,
        admin_token=chosen(options.admin_token, options.admin_token_file, os.environ),
        route=_route(options),
    )
    return servers.examine(checked_url(options.url), plan=plan, reports=reports, out=sys.stdout)


def examine_client(options: argparse.Namespace, reports: Mapping[str, Path]) -> int:
    """Examine the client whose command *options* hold."""
    from .client_suite import examination as client_runs

    if options.list:
        return client_runs.list_situations(exhaustive=options.exhaustive, out=sys.stdout)
    words = options.words[1:] if options.words[:1] == ["--"] else options.words
    return client_runs.examine(
        words,
        profile=options.profile,
        url=None if options.url is None else checked_url(options.url),
        admin_token=chosen(options.admin_token, options.admin_token_file, os.environ) if options.url else "",
        exhaustive=options.exhaustive,
        situations=options.situation,
        seed=options.seed,
        reports=reports,
        out=sys.stdout,
    )


def examine_traffic(options: argparse.Namespace, reports: Mapping[str, Path]) -> int:
    """Judge the recording that *options* name."""
    from .traffic import examination as traffic

    return traffic.examine(
        options.file,
        prefix="" if options.url is None else checked_url(options.url),
        profile=options.profile,
        whole=options.whole_visit,
        reports=reports,
        out=sys.stdout,
    )


def _route(options: argparse.Namespace) -> Route:
    if options.proxy and not urlsplit(options.proxy).hostname:
        raise FlagError("--proxy", f" wants http://HOST:PORT, got {options.proxy!r}")
    if options.ca_file and not options.ca_file.is_file():
        raise FlagError("--ca-file", f": there is no file {str(options.ca_file)!r}")
    return Route(options.proxy, str(options.ca_file.absolute()) if options.ca_file else "")


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        description="Judge a server, a client, or recorded traffic by the contract.",
        epilog=_EXITS,
    )
    commands = parser.add_subparsers(required=True, metavar="server|client|traffic")
    server = commands.add_parser("server", help="examine a server", epilog=_EXITS)
    add_server_arguments(server)
    server.set_defaults(examine=examine_server)
    client = commands.add_parser("client", help="examine a client", description=CLIENT, epilog=_EXITS)
    add_client_arguments(client)
    client.set_defaults(examine=examine_client)
    traffic = commands.add_parser("traffic", help="judge recorded calls and replies", epilog=_EXITS)
    add_traffic_arguments(traffic)
    traffic.set_defaults(examine=examine_traffic)
    return parser


def add_traffic_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of judging a recording."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a HAR file, as it is or packed with gzip")
    parser.add_argument(
        "--url", help="the base URL of the API; every call below it is judged. Default: calls are known by their paths"
    )
    parser.add_argument("--profile", type=Path, help="whose retry policy holds; default: the documented one")
    parser.add_argument(
        "--whole-visit",
        action="store_true",
        help="the file holds one visit, from the client's first call to its end: nothing else was sent",
    )
    add_report_argument(parser)
    add_traceback_argument(parser)


def add_client_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of examining a client."""
    parser.add_argument("--profile", type=Path, help="how the client is run and what it reports")
    parser.add_argument("--url", help="a mock that runs already; otherwise one is started")
    add_token_argument(parser)
    parser.add_argument(
        "--situation", action="append", default=[], metavar="NAME", help="only this one of --list; may be repeated"
    )
    parser.add_argument(
        "--seed",
        type=whole(0, LARGEST_SEED),
        default=DEFAULT_SEED,
        help=f"decides every id that the mock hands out; default: {DEFAULT_SEED}",
    )
    parser.add_argument("--exhaustive", action="store_true", help="every combination instead of every pair")
    parser.add_argument("--list", action="store_true", help="print the situations and end")
    add_report_argument(parser)
    add_traceback_argument(parser)
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND ...", help="what runs the client")


def add_token_argument(parser: argparse.ArgumentParser) -> None:
    """Declare the token of a mock that has one."""
    parser.add_argument(
        "--admin-token",
        metavar="TOKEN",
        help=f"the admin token of the mock at --url, when it has one; default: ${VARIABLE}",
    )
    parser.add_argument(
        "--admin-token-file",
        metavar="FILE",
        help=f"a file that holds it, which the list of processes does not show; default: ${FILE_VARIABLE}",
    )


def add_traceback_argument(parser: argparse.ArgumentParser) -> None:
    """Declare the way to see where the harness itself failed."""
    parser.add_argument("--traceback", action="store_true", help="when the harness itself fails, show where")


def add_report_argument(parser: argparse.ArgumentParser) -> None:
    """Declare the wanted reports."""
    parser.add_argument("--report", action="append", default=[], metavar="FORMAT=PATH", help=", ".join(report.FORMATS))


def add_server_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of examining a server."""
    plan = servers.Plan()
    parser.add_argument("--url", required=True, help="where the server is: http://HOST:PORT")
    add_token_argument(parser)
    parser.add_argument("--proxy", default="", metavar="URL", help="reach the server through this proxy; default: none")
    parser.add_argument(
        "--ca-file",
        type=Path,
        metavar="FILE",
        help="certificates that vouch for an https server, in place of the usual",
    )
    parser.add_argument("--suite", action="append", choices=servers.SUITES, help="what is examined; may be repeated")
    parser.add_argument(
        "--operation", action="append", default=[], help="only this one, without walks; may be repeated"
    )
    add_report_argument(parser)
    add_traceback_argument(parser)
    parser.add_argument(
        "--seed", type=whole(0, LARGEST_SEED), default=plan.seed, help="decides every id and every generated call"
    )
    parser.add_argument("--account", type=account, default=plan.account, help="the account that calls are made for")
    parser.add_argument(
        "--max-examples",
        type=whole(1, _MOST_EXAMPLES),
        default=plan.max_examples,
        metavar="COUNT",
        help="fuzzed calls of each operation",
    )


if __name__ == "__main__":
    sys.exit(main())
