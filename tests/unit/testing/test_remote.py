"""What steers a space from a test."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from contracts.wire.messages import Reply
from contracts.wire.wsgi import WsgiSubject
from mockserver.app import create_app
from mockserver.settings import Settings
from mockserver.testing.remote import BEGINNING, Remote, SteeringError, in_lines, space_url
from tests.support.calling.asking import ask
from tests.support.serving.subject_server import on_a_port

AT = datetime(2026, 7, 26, 9, 30, tzinfo=UTC)
DOCUMENT = {"scenario": "mine", "stubs": [{"then": "not_available"}]}


@pytest.fixture(scope="module")
def url():
    with on_a_port(WsgiSubject(create_app(Settings()))) as url:
        yield url


@pytest.fixture
def space(url):
    server = Remote(space_url(url, "a-test"))
    yield server
    server.reset()


def asked(space, app_type="EXTERNAL"):
    """Ask for an engagement, and return the status with what came back."""
    body = json.dumps({"appType": app_type}).encode()
    request = Request(f"{space.url}/api/account/1/getEngagement", body, {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=30) as reply:
            return reply.status, json.load(reply)
    except HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


class TestAScenario:
    @pytest.mark.parametrize(
        "scenario",
        [
            pytest.param("not-available", id="a preset"),
            pytest.param("scenario: mine\nstubs:\n  - then: not_available\n", id="text"),
            pytest.param(DOCUMENT, id="a document"),
        ],
    )
    def test_can_be_named_or_written(self, space, scenario):
        space.use(scenario)

        assert asked(space)[1]["status"] == "NotAvailable"

    def test_can_be_a_file(self, space, tmp_path: Path):
        file = tmp_path / "mine.yaml"
        file.write_text(json.dumps(DOCUMENT))

        space.use(file)

        assert asked(space)[1]["status"] == "NotAvailable"

    def test_that_is_unknown_is_refused_in_the_servers_words(self, space):
        with pytest.raises(SteeringError, match="did you mean 'not-available'"):
            space.use("not-availible")


class TestAFault:
    def test_holds_for_every_call(self, space):
        space.fault(status={"code": 503})

        assert [asked(space)[0], asked(space)[0]] == [503, 503]

    def test_holds_for_the_calls_of_its_window_only(self, space):
        space.fault(status={"code": 503}, window={"first": 1})

        assert [asked(space)[0], asked(space)[0]] == [503, 200]

    def test_ends_when_none_is_named(self, space):
        space.fault(status={"code": 503})

        space.fault()

        assert asked(space)[0] == 200

    def test_that_is_unknown_is_refused_with_what_is_wrong(self, space):
        with pytest.raises(SteeringError, match="dealy"):
            space.fault(dealy={"ms": 1})


class TestTheClock:
    def test_stands_still_where_it_was_frozen(self, space):
        space.clock.freeze()

        assert space.clock.now() == space.clock.now()

    @pytest.mark.parametrize(
        "at",
        [
            pytest.param(AT, id="a date with its zone"),
            pytest.param(AT.replace(tzinfo=None), id="a date in UTC"),
            pytest.param(AT.astimezone(timezone(timedelta(hours=2))), id="a date elsewhere"),
            pytest.param("2026-07-26T09:30:00Z", id="text"),
            pytest.param(1_785_058_200_000, id="milliseconds"),
        ],
    )
    def test_is_frozen_at_a_moment(self, space, at):
        space.clock.freeze(at=at)

        assert space.clock.now() == AT

    @pytest.mark.parametrize("by", [timedelta(seconds=0.5), 500], ids=["timedelta", "milliseconds"])
    def test_is_moved_forward(self, space, by):
        space.clock.freeze(at=AT)

        space.clock.advance(by)

        assert space.clock.now() == AT + timedelta(milliseconds=500)

    def test_is_not_moved_by_a_number_that_looks_like_seconds(self, space):
        with pytest.raises(SteeringError, match=r"ms: 0\.5 is not of type"):
            space.clock.advance(0.5)

    def test_runs_from_where_it_is_set(self, space):
        space.clock.run(at=AT)

        assert AT <= space.clock.now() < AT + timedelta(minutes=10)


class TestRulesAndSeed:
    def test_rules_hold_for_the_space(self, space):
        space.rules(accounts=["56072331"])

        assert asked(space)[0] == 404

    def test_the_same_seed_gives_the_same_ids(self, space):
        space.seed(7)
        first = asked(space)[1]["visitorId"]
        space.reset()

        space.seed(7)

        assert asked(space)[1]["visitorId"] == first


class TestTheJournal:
    def test_has_every_exchange_oldest_first(self, space):
        asked(space)
        asked(space, app_type="WEB")

        assert [exchange["reply"]["status"] for exchange in space.journal] == [200, 400]

    def test_is_read_page_by_page(self):
        first, second = ({"number": number, "arrived_ms": 5} for number in (1, 2))
        pages = {0: {"exchanges": [first], "more": True}, 1: {"exchanges": [second], "more": False}}
        paged = Told(lambda call: {**pages[int(dict(call.query)["after"])], "dropped": 0, "lost": None})

        with on_a_port(paged) as url:
            numbers = [exchange["number"] for exchange in Remote(url).journal]

        assert numbers == [1, 2]

    def test_that_dropped_exchanges_is_not_given_as_if_it_were_whole(self):
        with (
            on_a_port(Told(lambda _: {"exchanges": [], "more": False, "dropped": 3, "lost": None})) as url,
            pytest.raises(SteeringError, match="had to drop 3 exchanges; raise journal_entries"),
        ):
            _ = Remote(url).journal

    def test_is_read_from_a_mark_on(self, space):
        asked(space)
        mark = space.mark()
        assert space.since(mark) == []

        asked(space, app_type="WEB")

        assert [exchange["number"] for exchange in space.since(mark)] == [2]

    def test_is_read_as_a_whole_from_a_mark_that_a_reset_has_wiped_out(self, space):
        asked(space)
        mark = space.mark()

        space.reset()
        asked(space)
        asked(space)

        assert [exchange["number"] for exchange in space.since(mark)] == [1, 2]

    def test_an_empty_one_is_marked_at_its_beginning(self, space):
        assert space.mark() == BEGINNING

    def test_that_was_lost_is_not_given_as_if_nothing_had_come(self):
        lost = {"at_ms": 5, "message": "the server lost its state"}
        with (
            on_a_port(Told(lambda _: {"exchanges": [], "more": False, "dropped": 0, "lost": lost})) as url,
            pytest.raises(SteeringError, match="the server lost its state"),
        ):
            _ = Remote(url).journal

    def test_names_every_clause_that_a_call_broke(self, space):
        asked(space, app_type="WEB")

        [line] = space.broken_clauses()
        assert line.startswith("exchange 1, POST /api/account/1/getEngagement -> 400: body.appType: must be EXTERNAL")
        assert line.endswith("(JS-400-APPTYPE)")

    def test_shows_what_a_client_sent_without_letting_the_terminal_obey(self, space):
        ask(space.url, "GET", "/%0aFORGED%1b[31m")

        for line in (*space.broken_clauses(), *in_lines(space.journal)):
            assert line.isprintable()
            assert "/\\nFORGED\\x1b[31m" in line


class TestAssertCalled:
    def test_holds_for_once_or_more(self, space):
        asked(space)
        asked(space)

        space.assert_called(operation="getEngagement", status=200)

    def test_fails_with_the_nearest_exchange_and_its_differences(self, space):
        asked(space)

        with pytest.raises(AssertionError) as failure:
            space.assert_called(operation="getEngagement", status=503)

        assert str(failure.value).splitlines() == [
            "wanted at least 1 matching exchanges, found 0",
            "  nearest: exchange 1, POST /api/account/1/getEngagement -> 200",
            "    status: wanted 503, got 200",
        ]

    def test_fails_when_it_was_more_often_than_wanted(self, space):
        asked(space)

        with pytest.raises(AssertionError, match="wanted exactly 0 matching exchanges, found 1"):
            space.assert_called(operation="getEngagement", times=0)

    def test_refuses_a_filter_that_does_not_exist(self, space):
        with pytest.raises(SteeringError) as refusal:
            space.assert_called(operaton="getEngagement")

        assert "match: 'operaton' is unknown here; did you mean 'operation'?; known: operation, status," in str(
            refusal.value
        )

    def test_refuses_an_operation_that_no_call_can_have(self, space):
        with pytest.raises(SteeringError, match=r"'getEngagment' is no operation of the contract.*'getEngagement'"):
            space.assert_called(operation="getEngagment", times=0)

    def test_compares_what_was_sent(self, space):
        asked(space, app_type="WEB")

        with pytest.raises(AssertionError) as failure:
            space.assert_called(body={"appType": "EXTERNAL"}, header={"X-Trace": "7"})

        assert str(failure.value).splitlines()[2:] == [
            '    header.X-Trace: wanted "7", it was not sent',
            '    body.appType: wanted "EXTERNAL", got "WEB"',
        ]


class TestAsking:
    @pytest.mark.parametrize("path", ["/clock", "clock", "/__admin/clock"])
    def test_takes_a_path_as_the_pages_name_it(self, space, path):
        assert space.ask("GET", path)["frozen"] is False


class Told:
    """A server that answers every call with what *tell* says, JSON or bytes."""

    def __init__(self, tell, status=200):
        self._tell = tell
        self._status = status

    def ask(self, call):
        told = self._tell(call)
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        return Reply(self._status, (), body)


class TestAServerThatIsNoMock:
    @pytest.mark.parametrize("status", [200, 404, 502])
    def test_is_told_as_what_it_is(self, status):
        with (
            on_a_port(Told(lambda _: b"<html>elsewhere</html>", status)) as url,
            pytest.raises(SteeringError, match="is no mock server"),
        ):
            Remote(url).reset()

    def test_that_does_not_answer_is_named(self):
        with pytest.raises(SteeringError, match=r"no mock server answers at http://127\.0\.0\.1:9: .*refused"):
            Remote("http://127.0.0.1:9").reset()


class TestAToken:
    def test_opens_the_admin_api(self):
        with on_a_port(WsgiSubject(create_app(Settings(admin_token="secret")))) as url:
            assert Remote(url, "secret").journal == []

    def test_is_asked_for_when_it_is_missing(self):
        with (
            on_a_port(WsgiSubject(create_app(Settings(admin_token="secret")))) as url,
            pytest.raises(SteeringError, match="admin token is missing or wrong"),
        ):
            Remote(url).reset()
