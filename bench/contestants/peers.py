"""The mock servers that integrators would pick instead, each set up to do the same work as well as it can."""

from __future__ import annotations

import platform

from bench.contestants.apimock import apimock_contestant
from bench.contestants.connexion import connexion_contestant
from bench.contestants.contestant import Contestant
from bench.contestants.mockoon import mockoon_contestants
from bench.contestants.mokapi import mokapi_contestant
from bench.contestants.mountebank import mountebank_contestant
from bench.contestants.prism import prism_contestants
from bench.contestants.wiremock import wiremock_contestants


def peer_contestants() -> list[Contestant]:
    """Return every peer; those that do more at a price come with and without it."""
    return [
        *prism_contestants(),
        *mockoon_contestants(),
        *wiremock_contestants(),
        mountebank_contestant(),
        connexion_contestant(),
        *(_native() if platform.machine() == "x86_64" else []),
    ]


def _native() -> list[Contestant]:
    """Return the peers that are programs for one kind of machine."""
    return [mokapi_contestant(), apimock_contestant()]
