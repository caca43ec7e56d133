"""Clients that keep the contract in their own ways are not accused, under any policy that is shipped or printed."""

import http.client
import json
import re
from pathlib import Path

import pytest

from contracts.judging.attempts import Answer
from contracts.judging.calls.policies import SHIPPED, load_policy
from contracts.judging.findings import ExitStatus
from contracts.mock.own_mock import mock_at
from tests.contract.clients.planted import Client, Failed
from tests.contract.clients.playing import patient, play

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "checking-clients.md"
PRINTED = re.findall(r"^```yaml\n(# \S+\.yaml\npolicy: .+?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
DOCUMENTED = load_policy("documented")

#: One situation of each kind.
USUAL = [
    "available-1", "available-4", "not-available", "first-400-with-message", "second-401-with-message",
    "update-404-with-message", "first-503-with-message", "second-503-recovers-after-3", "update-500-recovers-after-1",
    "loading-2", "loading-then-not-available", "first-429-once", "status-unknown", "reset-once", "session-lost",
]  # fmt: skip
#: In which the server recovers, or does not.
PASSING = [
    "first-503-with-message", "second-500-without-message", "update-503-with-message", "second-404-with-message",
    "first-500-recovers-after-1", "first-503-recovers-after-2", "first-500-recovers-after-3",
    "second-503-recovers-after-1", "second-500-recovers-after-2", "second-503-recovers-after-3",
    "update-500-recovers-after-1", "update-503-recovers-after-2", "update-500-recovers-after-3",
    "loading-1", "loading-3", "loading-for-ever", "loading-then-not-available", "first-429-once",
    "reset-once", "truncate-for-ever", "not-available", "status-missing",
]  # fmt: skip


class WithHeaders(Client):
    """Sends more headers than it needs."""

    def headers(self):
        return [("Accept-Language", "de"), ("X-Trace", "1"), ("traceparent", "00-0-0-01"), ("User-Agent", "shop/3")]


class InOtherOrder(Client):
    """Writes members and parameters the other way round, with members that the contract does not list."""

    def send(self, method, path, query, body):
        return super().send(method, path, query[::-1], {"shop": {"cart": 3}, **dict(reversed(body.items()))})


class OnOneConnection(Client):
    """Keeps its connection, and sends a call again at once when that is found closed."""

    connection = None

    def visit(self):
        try:
            return super().visit()
        finally:
            self.connection.close()

    def send(self, method, path, query, body):
        target = f"/{self.prefix}{path}" + ("?" if query else "") + "&".join(f"{name}={value}" for name, value in query)
        self.connection = self.connection or http.client.HTTPConnection(self.host, timeout=self.patience_s)
        try:
            self.connection.request(method, target, json.dumps(body), {"Content-Type": "application/json"})
            reply = self.connection.getresponse()
            content = reply.read()
            return reply.status, json.loads(content) if content else {}
        except (OSError, ValueError, http.client.HTTPException):
            self.connection.close()
            return None, {}


class WithCookies(Client):
    """Sends back every cookie that it ever got, and its own before and after."""

    def headers(self):
        return [("Cookie", f"shop=1; LPVID={self.vid or 'of-another-site'}; theme=dark")]


class BeginningAgain(Client):
    """Begins a new visit when the server refuses its ids."""

    def visit(self):
        try:
            return super().visit()
        except Failed as failed:
            if failed.args[0] not in {401, 404} or not self.sid:
                raise
            self.vid = self.sid = ""
            return super().visit()


class GivingUpEarly(Client):
    """Tries again once, although it might do so three times."""

    def pauses(self, _status):
        return self.pauses_s[:1]


class ReportingNothing(Client):
    """Shows no engagement, and so reports none as shown."""

    def update(self, _reply):
        pass


class Returning(Client):
    """Begins with the ids of a visit long ago."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.vid, self.sid = "of-last-week", "also-of-last-week"

    def call(self, build):
        for _ in range(1):  # a Loading reply asks for the vid of its message, without a sid
            status, said = self.send(*build())
            if status == 200:
                return said
            if said.get("internalCode") == 20:
                self.vid = self.sid = ""
        raise Failed(status)


class Impatient(Client):
    """Waits a second for a reply, tries three times more, and gives up."""

    patience_s = 1


VARIANTS = [
    WithHeaders, InOtherOrder, OnOneConnection, WithCookies, BeginningAgain, GivingUpEarly, ReportingNothing,
]  # fmt: skip


@pytest.fixture(scope="module")
def mock_url():
    with mock_at(None) as url:
        yield url


def accusations(verdict):
    return [(finding.rule, finding.where, finding.got) for finding in (*verdict.findings, *verdict.doubts)]


@pytest.mark.parametrize("door", ["rest", "js"])
@pytest.mark.parametrize("variant", VARIANTS, ids=[variant.__name__ for variant in VARIANTS])
def test_a_right_client_is_not_accused_of_what_it_does_in_its_own_way(mock_url, variant, door):
    kind = patient(variant)
    verdict = play(mock_url, lambda url, account: kind(url, account, door), DOCUMENTED, USUAL)

    assert accusations(verdict) == []
    assert verdict.status is ExitStatus.KEPT


def test_a_client_that_returns_with_old_ids_is_not_accused(mock_url):
    kind = patient(Returning)
    names = ["available-1", "not-available", "first-400-with-message", "session-lost"]
    verdict = play(mock_url, lambda url, account: kind(url, account, "rest"), DOCUMENTED, names)

    assert accusations(verdict) == []


def test_a_client_that_gives_up_waiting_has_not_lost_its_ids(mock_url):
    kind = patient(Impatient)
    verdict = play(mock_url, lambda url, account: kind(url, account, "rest"), DOCUMENTED, ["slow"])

    assert accusations(verdict) == []
    assert verdict.results[0].not_examined == "the client gave up waiting for a reply before it came"


def following(policy, count):
    """Return a client that tries again as often as *count* reads off a schedule of *policy*, and as late."""

    class Following(Client):
        @staticmethod
        def schedule(status):
            if status is None:
                return policy.after(Answer.LOST)
            if status == 429:
                return policy.after(Answer.TOO_MANY)
            return policy.after(Answer.SERVER_ERROR if status >= 500 else Answer.REFUSED)

        def is_final(self, status):
            return count(self.schedule(status)) == 0

        def pauses(self, status):
            schedule = self.schedule(status)
            return [schedule.pause_s(retry) for retry in range(1, count(schedule) + 1)]

    return patient(Following)


@pytest.mark.parametrize("how_often", ["at_most", "at_least"])
@pytest.mark.parametrize("name", [*sorted(path.stem for path in SHIPPED.glob("*.yaml")), *PRINTED])
def test_a_client_that_follows_a_policy_keeps_it(mock_url, tmp_path, name, how_often):
    path = name
    if "\n" in name:
        path = tmp_path / "printed.yaml"
        path.write_text(name)
    policy = load_policy(path)
    kind = following(policy, lambda schedule: getattr(schedule, how_often))
    verdict = play(mock_url, lambda url, account: kind(url, account, "rest"), policy, PASSING)

    assert accusations(verdict) == []
    assert verdict.status is ExitStatus.KEPT


def test_the_page_prints_a_policy_with_fewer_retries_than_the_documented_one():
    assert any("at_most: 1" in text for text in PRINTED)
