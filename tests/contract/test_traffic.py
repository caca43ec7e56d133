"""Recordings of browsers and proxies are judged: calls and replies, with clauses; what they do not show is named."""

import gzip
import io
import json
import zlib

import pytest

from contracts.errors import HarError
from contracts.judging.findings import ExitStatus
from contracts.traffic.examination import Plan, examine, verdict_on
from contracts.traffic.har import load
from tests.contract.recordings import chromium
from tests.contract.recordings.changed import HERE, Recording
from tests.support.programs import needs_program
from tests.support.serving.running import running


def judged(recording, folder, **plan):
    verdict = verdict_on(recording.written(folder), Plan(**plan))
    assert verdict.doubts == ()
    return verdict


def found(verdict):
    return {(finding.rule, finding.where.rpartition(", ")[2].partition(".")[0]) for finding in verdict.findings}


def unseen(verdict):
    return {result.name: result.not_examined for result in verdict.results if result.not_examined}


@pytest.mark.parametrize("tool", ["chromium", "mitmproxy"])
def test_a_right_visit_recorded_by_a_browser_or_a_proxy_is_kept(tool):
    verdict = verdict_on(HERE / f"{tool}.har", Plan())

    assert verdict.findings == verdict.doubts == ()
    assert verdict.status is ExitStatus.KEPT
    kept = {clause for clause, word in verdict.coverage().items() if word == "kept"}
    assert {"CL-RETRY-5XX", "CL-RETRY-LOADING", "CL-IDS-CARRIED", "US-400-CONTEXT"} <= kept, "of the client"
    assert {"GE-200-AVAILABLE", "GE-200-STATUS", "ERR-ENTITY", "US-EMPTY-REPLY"} <= kept, "of the server"
    assert "Schemathesis on 4 calls and 4 replies" in verdict.readers
    assert "openapi-core on 4 of the replies" in verdict.readers


def test_what_chromium_records_now_is_kept(tmp_path):
    needs_program("chromium", debian_package="chromium")
    path = tmp_path / "live.har"
    with running() as served:
        text, report = chromium.recorded(served.url)
    path.write_text(text, encoding="utf-8")
    verdict = verdict_on(path, Plan(prefix=served.url))

    assert report["outcome"] == "available"
    assert verdict.findings == verdict.doubts == ()
    assert "Schemathesis on 3 calls and 3 replies" in verdict.readers
    assert len([result for result in verdict.examined if result.suite == "calls"]) == 1, "one visit"


# Call 1 is answered with Loading, call 2 is its retry, call 3 carries the ids, call 4 is the update.
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda it: it.adds(2, appType="WEB"), ("REST-400-APPTYPE", "body"), id="a wrong word"),
        pytest.param(lambda it: it.adds(2, appType=None), ("REST-400-APPTYPE", "body"), id="a missing member"),
        pytest.param(lambda it: it.adds(2, consumerSections=1), ("GE-400-SECTIONS", "body"), id="a wrong type"),
        pytest.param(lambda it: it.says(2, "appType=EXTERNAL"), ("GE-400-BODY", "body"), id="no JSON"),
        pytest.param(lambda it: it.asks(2, "v=1.0", "v=2.0"), ("REST-400-VERSION", "query"), id="another version"),
        pytest.param(lambda it: it.asks(2, "v=1.0", "v=1.0&v=1.0"), ("REQ-400-REPEATED", "query"), id="a value twice"),
        pytest.param(lambda it: it.asks(3, "visitors/", "visitor/"), ("REST-SINGULAR-PATH", "path"), id="a wrong path"),
        pytest.param(
            lambda it: it.declares(it.call(2)["request"], "Content-Type", "text/plain"),
            ("REQ-415", "header"),
            id="another media type",
        ),
        pytest.param(lambda it: it.adds(4, pageId=None), ("US-400-PAGE", "body"), id="an update without its page"),
    ],
)
def test_a_call_that_breaks_the_contract_is_found_and_so_is_the_server_that_lets_it_through(tmp_path, change, expected):
    recording = Recording()
    change(recording)
    refused = judged(recording, tmp_path)

    assert expected in found(refused)
    assert (expected[0], "reply") in found(refused)
    assert {rule for rule, _ in found(refused)} <= {expected[0], "CL-IDS-CARRIED", "GE-401-SID"}
    assert refused.status is ExitStatus.BROKEN


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda it: it.asks(3, "&sid=", "&old="), "GE-401-SID", id="no session id"),
        pytest.param(lambda it: it.asks(3, it.reply_of(2)["visitorId"], ""), "GE-401-VID", id="no visitor id"),
        pytest.param(
            lambda it: it.asks(3, it.reply_of(2)["sessionId"], "made-up"), "CL-IDS-CARRIED", id="another session"
        ),
        pytest.param(lambda it: it.later(2, -3), "CL-RETRY-5XX", id="a pause that is too short"),
        pytest.param(lambda it: it.later(2, 30), "CL-RETRY-5XX", id="a pause that is too long"),
        pytest.param(
            lambda it: it.asks(2, it.reply_of(2)["visitorId"], ""), "CL-RETRY-LOADING", id="a retry without the visitor"
        ),
        pytest.param(
            lambda it: it.says(4, it.call(4)["request"]["postData"]["text"].replace('"id": "1"', '"id": "9"')),
            "US-400-CONTEXT",
            id="a made-up context",
        ),
    ],
)
def test_what_several_calls_break_together_is_found_by_its_own_clause(tmp_path, change, expected):
    recording = Recording()
    change(recording)

    assert expected in {rule for rule, where in found(judged(recording, tmp_path)) if where != "reply"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            lambda it: it.answers(3, {**it.reply_of(3), "pageId": 1}), "GE-200-IDS", id="an id of the wrong type"
        ),
        pytest.param(
            lambda it: it.answers(3, {**it.reply_of(3), "engagementDetails": {}}), "GE-200-AVAILABLE", id="no details"
        ),
        pytest.param(lambda it: it.answers(3, "<html>", Content_Type="text/html"), "REP-TYPE", id="a page"),
        pytest.param(lambda it: it.answers(3, it.reply_of(3), 299), "documented_status", id="an undocumented status"),
        pytest.param(lambda it: it.answers(4, "{}"), "US-EMPTY-REPLY", id="a body where none belongs"),
        pytest.param(
            lambda it: it.answers(1, {**it.reply_of(1), "time": 1}, 500), "ERR-ENTITY", id="a time in seconds"
        ),
    ],
)
def test_a_reply_that_breaks_the_contract_is_found(tmp_path, change, expected):
    recording = Recording()
    change(recording)

    assert (expected, "reply") in found(judged(recording, tmp_path))


def test_a_server_that_refuses_a_broken_call_as_the_contract_says_is_not_accused(tmp_path):
    recording = Recording()
    recording.adds(4, pageId=None)
    recording.answers(4, {"time": recording.reply_of(1)["time"], "internalCode": 5}, 400)
    recording.declares(recording.call(4)["response"], "Content-Type", "application/json")
    verdict = judged(recording, tmp_path)

    assert found(verdict) == {("US-400-PAGE", "body")}


def beside_others(recording):
    recording.goes_on(0)
    recording.entries.reverse()


def at_another_place(recording):
    for entry in recording.entries:
        entry["request"]["url"] = entry["request"]["url"].replace("127.0.0.1:8080", "[::1]:9000/__space/blue")


def with_other_cookies(recording):
    for entry in recording.entries:
        headers = entry["response"]["headers"]
        cookies = [{"name": "Set-Cookie", "value": f"{name}=1; Path=/"} for name in ("before", "after")]
        entry["response"]["headers"] = [cookies[0], *headers, cookies[1]]


def packed(recording):
    for entry in recording.entries:
        recording.declares(entry["response"], "Content-Encoding", "gzip")
        entry["response"]["bodySize"] = 20


@pytest.mark.parametrize("tool", ["chromium", "mitmproxy"])
@pytest.mark.parametrize(
    "change",
    [
        Recording.in_base64, Recording.over_http2, beside_others, at_another_place,
        packed, with_other_cookies,
        pytest.param(lambda it: it.answers(3, {**it.reply_of(3), "more": [1]}), id="an unlisted member"),
        pytest.param(lambda it: it.data["log"].pop("creator"), id="no creator"),
    ],
)  # fmt: skip
def test_right_traffic_is_not_accused_however_it_was_recorded(tmp_path, tool, change):
    recording = Recording(tool)
    change(recording)
    verdict = judged(recording, tmp_path)

    assert found(verdict) == set()
    assert "Schemathesis on 4 calls and 4 replies" in verdict.readers


class TestVisits:
    def test_several_visits_in_one_file_are_told_apart(self, tmp_path):
        recording = Recording()
        recording.repeated()
        verdict = judged(recording, tmp_path)

        assert found(verdict) == set()
        assert [result.name for result in verdict.results[:2]] == [
            "visit 1: entries 1, 2, 3, 4",
            "visit 2: entries 5, 6, 7, 8",
        ]
        assert unseen(verdict)["visit 2: entries 5, 6, 7, 8"].startswith("whether entry 5 begins a visit, or goes on")

    def test_a_client_that_forgets_its_ids_is_found_where_the_file_is_known_to_hold_one_visit(self, tmp_path):
        recording = Recording()
        recording.forgets_its_ids()

        assert "CL-IDS-CARRIED" not in {rule for rule, _ in found(judged(recording, tmp_path))}
        assert "CL-IDS-CARRIED" in {rule for rule, _ in found(judged(recording, tmp_path, whole=True))}

    def test_a_cookie_tells_that_it_is_the_same_visit(self, tmp_path):
        recording = Recording()
        visitor = recording.reply_of(2)["visitorId"]
        recording.forgets_its_ids()
        recording.declares(recording.call(3)["request"], "Cookie", f"theme=dark; LPVID={visitor}")

        assert "CL-IDS-CARRIED" in {rule for rule, _ in found(judged(recording, tmp_path))}

    def test_a_page_tells_that_it_is_the_same_visit(self, tmp_path):
        recording = Recording()
        recording.forgets_its_ids()
        for entry in recording.entries:
            entry["pageref"] = "page_1"

        assert "CL-IDS-CARRIED" in {rule for rule, _ in found(judged(recording, tmp_path))}

    def test_a_visit_that_began_before_the_recording_is_not_blamed_for_what_it_got_then(self, tmp_path):
        recording = Recording()
        del recording.entries[:3]
        verdict = judged(recording, tmp_path)

        assert found(verdict) == set()
        assert "before the recording began" in unseen(verdict)["visit 1: entry 1"]
        assert ("US-404-SESSION", "query") in found(judged(recording, tmp_path, whole=True))

    def test_a_client_that_may_still_call_again_is_not_said_to_have_given_up(self, tmp_path):
        recording = Recording()
        del recording.entries[1:]
        verdict = judged(recording, tmp_path)

        assert found(verdict) == set()
        assert "whether the call of entry 1 was made again later" in unseen(verdict)["visit 1: entry 1"]

    def test_a_client_that_gave_up_is_found_when_the_recording_went_on_or_is_whole(self, tmp_path):
        recording = Recording()
        del recording.entries[1:]

        assert found(judged(recording, tmp_path, whole=True)) == {("CL-RETRY-5XX", "engagement call")}
        recording.goes_on(60)
        assert found(judged(recording, tmp_path)) == {("CL-RETRY-5XX", "engagement call")}


class TestWhatARecordingDoesNotShow:
    def test_is_listed_whatever_stands_in_it(self):
        verdict = verdict_on(HERE / "chromium.har", Plan())

        listed = unseen(verdict)
        assert {"outcomes", "other situations", "framing and coding", "entries 3, 8"} <= listed.keys()
        assert any(name.startswith("3 entries of 127.0.0.1:") for name in listed)

    def test_a_call_that_got_no_reply_is_judged_without_one(self, tmp_path):
        recording = Recording()
        recording.call(4)["response"] = {"status": 0, "headers": [], "content": {"size": 0}}
        verdict = judged(recording, tmp_path)

        assert found(verdict) == set()
        assert unseen(verdict)["entry 4"].startswith("no reply was recorded")

    def test_a_body_that_was_cut_or_left_out_breaks_nothing(self, tmp_path):
        recording = Recording()
        recording.call(3)["response"]["content"]["text"] = '{"status":'
        del recording.call(4)["request"]["postData"]
        verdict = judged(recording, tmp_path)

        assert found(verdict) == set()
        listed = unseen(verdict)
        assert listed["entry 3"] == "the file does not hold the whole body of the reply"
        assert listed["entry 4"] == "the file does not hold the whole body of the call"
        assert "ids and retries" in listed["visit 1: entries 1, 2, 3, 4"]

    def test_a_server_that_limits_calls_is_not_accused_of_it(self, tmp_path):
        recording = Recording()
        recording.answers(4, "slow down", 429, Content_Type="text/plain")
        verdict = judged(recording, tmp_path)

        assert found(verdict) == set()
        assert "429" in unseen(verdict)["entry 4"]

    def test_what_the_browser_answered_by_itself_says_nothing_about_a_server(self, tmp_path):
        recording = Recording("chromium")
        recording.call(4)["_fromCache"] = "disk"
        verdict = judged(recording, tmp_path)

        assert "the browser answered by itself" in " ".join(unseen(verdict).values())


def test_every_call_below_the_url_is_judged(tmp_path):
    recording = Recording()
    recording.asks(4, "/api/account/56072331/app/engagement/visitors/", "/api/updates/")
    host = "http://127.0.0.1:8080"

    assert "REQ-404" not in {rule for rule, _ in found(judged(recording, tmp_path))}
    assert ("REQ-404", "path") in found(judged(recording, tmp_path, prefix=host))


def test_a_url_that_is_not_the_base_of_the_api_accuses_nobody():
    out = io.StringIO()

    assert examine(HERE / "mitmproxy.har", prefix="http://127.0.0.1:8080/api", out=out) == 2
    assert "no call of the contract below http://127.0.0.1:8080/api, but some below http://127.0.0.1:8080;" in (
        out.getvalue()
    )


def test_no_report_says_what_a_body_says_about_a_person(tmp_path):
    recording = Recording()
    person = {
        "firstname": "Sarah",
        "contacts": [{"email": "sarah@example.org", "phone": 987653}],
        "age": {"age": "x17"},
    }
    recording.adds(3, engagementAttributes=[{"type": "personal", "personal": person}], secret="hunter2")
    recording.adds(4, pageId={"firstname": "Sarah", "unknown": "hunter2"})
    reports = {name: tmp_path / name for name in ("text", "json", "junit", "html", "sarif")}
    out = io.StringIO()

    assert examine(recording.written(tmp_path), reports=reports, out=out) == 1
    written = out.getvalue() + "".join(path.read_text() for path in reports.values())
    assert "[redacted]" in written
    assert [word for word in ("Sarah", "sarah@", "987653", "x17", "hunter2") if word in written] == []


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            pytest.param(b"", "is empty", id="nothing"),
            pytest.param(b"GET / HTTP/1.1", "is no HAR: it is no JSON", id="no JSON"),
            pytest.param(b"\xff\xfe{}", "is no text in UTF-8", id="no UTF-8"),
            pytest.param(b"[" * 100_000, "is no HAR: it is no JSON", id="JSON without end"),
            pytest.param(b"[]", "it has no list log.entries", id="another JSON"),
            pytest.param(b'{"log": {"entries": {}}}', "it has no list log.entries", id="no list"),
            pytest.param(b'{"log": {"entries": []}}', "holds no entry at all", id="no entry"),
            pytest.param(b'{"log": {"entries": [{}]}}', "entry 1 lacks 'request'", id="an empty entry"),
            pytest.param(b'{"log": {"entries": [5]}}', "entry 1 cannot be understood", id="no entry but a number"),
            pytest.param(gzip.compress(b'{"log": {' + b"x" * 999)[:-20], "it is no JSON", id="half a packed file"),
            pytest.param(b"\x1f\x8bnonsense", "cannot be unpacked", id="a packed file of nothing"),
        ],
    )
    def test_a_file_that_is_no_recording_is_told_so_with_status_2(self, tmp_path, content, words):
        path = tmp_path / "some.har"
        path.write_bytes(content)
        out = io.StringIO()

        assert examine(path, out=out) == 2
        assert words in out.getvalue()
        assert out.getvalue().count("\n") == 1

    def test_a_date_that_is_none_is_told_with_its_entry(self, tmp_path):
        recording = Recording()
        recording.call(2)["startedDateTime"] = "yesterday"
        out = io.StringIO()

        assert examine(recording.written(tmp_path), out=out) == 2
        assert "entry 2 cannot be understood: Invalid isoformat string: 'yesterday'" in out.getvalue()

    def test_a_file_that_is_not_there_is_told_so(self, tmp_path):
        out = io.StringIO()

        assert examine(tmp_path / "no.har", out=out) == 2
        assert "No such file or directory" in out.getvalue()

    def test_a_file_without_a_call_of_the_contract_names_the_hosts_that_it_knows(self, tmp_path):
        recording = Recording()
        recording.goes_on()
        del recording.entries[:-1]
        out = io.StringIO()

        assert examine(recording.written(tmp_path), out=out) == 2
        assert "its 1 entries went to elsewhere.example" in out.getvalue()
        assert "--url" in out.getvalue()

    @pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda data: b"\xef\xbb\xbf" + data])
    def test_a_packed_file_and_a_mark_before_the_text_are_read(self, tmp_path, pack):
        path = tmp_path / "recorded.har.gz"
        path.write_bytes(pack((HERE / "mitmproxy.har").read_bytes()))

        assert verdict_on(path, Plan()).status is ExitStatus.KEPT

    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["as it is", "packed"])
    def test_a_file_that_is_too_large_is_not_read(self, tmp_path, pack):
        path = tmp_path / "large.har"
        path.write_bytes(pack(b" " * (1 << 20) + (HERE / "mitmproxy.har").read_bytes()))

        with pytest.raises(HarError, match="holds more than 1 MiB; export only the calls of the API"):
            load(path, largest=1 << 20)


def test_retries_are_judged_by_the_policy_of_the_profile(tmp_path):
    (tmp_path / "policy.yaml").write_text(
        "policy: patient\nsentence: After a minute.\nretries: {5xx: {at_most: 1, at_least: 1, after_s: [60]}}\n"
    )
    (tmp_path / "profile.yaml").write_text("client: button\npolicy: policy.yaml\n")
    out, report = io.StringIO(), tmp_path / "report.json"

    assert examine(HERE / "mitmproxy.har", profile=tmp_path / "profile.yaml", reports={"json": report}, out=out) == 1
    assert "wait at least 60 s before retry 1" in out.getvalue()
    assert json.loads(report.read_text())["verdict"] == "broken"
