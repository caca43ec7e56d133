"""Sessions of `requests` that add nothing to a call."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy

import requests

from ..processes.surroundings import DIRECT, Route
from .connections import ResendingAdapter


def open_session(route: Route = DIRECT) -> requests.Session:
    """Open a session that adds nothing to a call, and takes *route* whatever the environment says of proxies."""
    session = requests.Session()
    session.trust_env = False
    session.proxies = {"http": route.proxy, "https": route.proxy} if route.proxy else {}
    session.verify = route.ca_file or True
    # Every call of a case says by itself who is calling: no cookie is kept, and nobody is authorized.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.auth = _as_it_is
    session.headers.clear()
    for scheme in ("http://", "https://"):
        session.mount(scheme, ResendingAdapter())
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
