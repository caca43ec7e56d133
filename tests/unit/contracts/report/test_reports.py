import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from contracts.errors import ReportError
from contracts.judging.circumstances import Circumstances
from contracts.judging.findings import Finding, Result, Verdict
from contracts.report import FORMATS, deliver, wanted, write_text
from tests.support.harness.contract import CONTRACT

CLAUSE = CONTRACT.clauses["GE-401-SID"]
LINE = CONTRACT.line(CLAUSE.pointer)
FOUND = Finding(
    "GE-401-SID",
    "T6 <a>",
    CLAUSE.rule,
    "200 & <b>",
    "answer 401",
    "curl -i 'x'",
    CLAUSE,
    CLAUSE.pointer,
    LINE,
    "expectation",
)
AGAIN = Finding(**{**vars(FOUND), "where": "elsewhere"})
BARE = Finding("no_reply", "generated \x00\ud800", "every call is answered", "nothing", check="no_reply")

RESULTS = (
    Result("a kept case", "cases", ("GE-401-VID",)),
    Result("T6 <a>", "cases", ("GE-401-SID",), (FOUND, AGAIN), seconds=0.5),
    Result("T2", "cases", ("GE-COOKIE",), not_examined="needs an admin API"),
    Result("generated calls", "generated", (), (BARE,), notes=("calls: 3 <fuzzing>",)),
)
CLAUSES = {name: CONTRACT.clauses[name] for name in ("GE-401-VID", "GE-401-SID", "GE-COOKIE")}
CIRCUMSTANCES = Circumstances(
    datetime(2026, 11, 25, 14, 10, 57, tzinfo=UTC), 12.34, "0.1.0", 7, {"suite": "cases, generated", "account": "1"}
)
BROKEN = Verdict("http://host:1", "openapi.yaml", CLAUSES, RESULTS, circumstances=CIRCUMSTANCES)
KEPT = Verdict("http://host:1", "openapi.yaml", CLAUSES, RESULTS[:1])
EMPTY = Verdict("http://host:1", "openapi.yaml", CLAUSES)
BROKE_OFF = Verdict("http://host:1", "openapi.yaml", CLAUSES, RESULTS[:1], trouble="it broke off")


class Terminal(io.StringIO):
    def isatty(self):
        return True


class TestText:
    def test_a_finding_says_where_what_why_and_the_way_out(self):
        text = FORMATS["text"](BROKEN)

        assert "GE-401-SID (documented; JavaScript Chat SDK, getEngagement" in text
        assert "  expected  sid is required on a second request." in text
        assert "  got       200 & <b>" in text
        assert "  mend      answer 401" in text
        assert "  repeat    curl -i 'x'" in text
        assert f"  contract  openapi.yaml:{LINE}" in text

    def test_nothing_that_came_back_is_obeyed_by_the_terminal(self):
        foreign = "\x1b]0;title\x07 \x9b31m \ud800"
        found = replace(FOUND, got=foreign, where=foreign, repeat=f"curl -d '{foreign}'")
        results = (
            Result("a case", "cases", (), (found,), notes=(foreign,)),
            Result("b", "cases", not_examined=foreign),
        )

        text = FORMATS["text"](Verdict("http://host:1", "openapi.yaml", CLAUSES, results, trouble=foreign))

        assert text.replace("\n", "").isprintable()
        assert text.count("\\x1b]0;title\\x07 \\x9b31m \\ud800") == 7  # the trouble is told first and last

    def test_findings_of_the_same_kind_are_told_once(self):
        text = FORMATS["text"](BROKEN)

        assert text.count("BROKEN  GE-401-SID") == 1
        assert "in 1 more place, such as elsewhere" in text

    def test_what_was_not_examined_is_listed_with_its_reason(self):
        assert "Not examined: needs an admin API\n  T2\n" in FORMATS["text"](BROKEN)

    def test_it_begins_with_the_verdict_and_ends_with_it(self):
        lines = FORMATS["text"](BROKEN).splitlines()

        assert lines[0] == lines[-1] == "BROKEN  http://host:1, by openapi.yaml"

    def test_what_to_mend_first_stands_beside_the_verdict_at_both_ends(self):
        found = replace(FOUND, at_first_call=True)
        results = tuple(Result(name, "clients", findings=(found,)) for name in "ab")

        lines = FORMATS["text"](Verdict("c", "openapi.yaml", {}, results)).splitlines()

        assert lines[1] == lines[-2]
        assert lines[1].startswith("Every situation broke at the first call; mend that first")
        assert lines[-1] == "BROKEN  c, by openapi.yaml"

    def test_it_ends_with_sums_and_circumstances_before_the_verdict(self):
        assert FORMATS["text"](BROKEN).splitlines()[-8:-1] == [
            "cases: 1 kept, 1 broken, 1 not examined, in 0.5 s",
            "generated: 0 kept, 1 broken, 0 not examined, in 0.0 s",
            "clauses: 1 kept, 1 broken, 1 not examined",
            "  broken: GE-401-SID",
            "  not examined: GE-COOKIE",
            "examined: 2026-11-25 14:10:57 UTC, in 12.3 s, by mockserver 0.1.0",
            "options: seed 7; suite cases, generated; account 1",
        ]

    def test_the_calls_are_drawn_under_the_finding_that_they_show(self):
        drawn = tuple(f"{number} s  #1 POST visitors/ -> {'x' * 120}" for number in range(41))
        result = Result("first-503", "clients", (), (FOUND,), notes=("The first call fails.",), timeline=drawn)

        text = FORMATS["text"](Verdict("client c", "openapi.yaml", CLAUSES, (result,)))

        finding = text.partition("BROKEN  GE-401-SID")[2].partition("\n\n")[0]
        assert "  calls     The first call fails.\n            0 s  #1 POST" in finding
        assert f"-> {'x' * 120}\n" in finding, "a line of it is never wrapped"
        assert finding.endswith("... 1 more lines; the html report has all of them")

    def test_long_lists_of_names_are_cut_and_counted(self):
        left_out = (Result(f"case {number}", "cases", not_examined="why") for number in range(13))
        results = (Result("a kept case", "cases"), *left_out)

        text = FORMATS["text"](Verdict("s", "openapi.yaml", CONTRACT.clauses, results))

        assert "  case 9\n  ... and 3 more, which the html report names\n" in text
        named, more = re.search(r"  not examined: (.*)\n      \.\.\. and (\d+) more", text, re.DOTALL).groups()
        assert len(re.findall(r"[A-Z0-9-]+", named)) + int(more) == len(CONTRACT.clauses)

    @pytest.mark.parametrize(
        ("verdict", "end"),
        [
            pytest.param(KEPT, "KEPT  http://host:1, by openapi.yaml\n", id="kept"),
            pytest.param(EMPTY, "Nothing was examined, and that is no pass.\n", id="empty"),
            pytest.param(BROKE_OFF, "The examination is incomplete: it broke off\n", id="broken off"),
        ],
    )
    def test_every_verdict_has_its_last_words(self, verdict, end):
        assert FORMATS["text"](verdict).endswith(end)

    def test_colours_are_for_terminals(self, monkeypatch):
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.delenv("NO_COLOR", raising=False)
        plain, coloured = io.StringIO(), Terminal()

        write_text(BROKEN, plain)
        write_text(BROKEN, coloured)

        assert "\x1b[" not in plain.getvalue()
        assert "\x1b[1;31mBROKEN\x1b[0m" in coloured.getvalue()
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured.getvalue()) == plain.getvalue()

    def test_a_terminal_is_given_lines_that_it_has_room_for_and_no_colours_when_it_wants_none(self, monkeypatch):
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "60")
        out = Terminal()

        write_text(BROKEN, out)

        assert "\x1b[" not in out.getvalue()
        assert max(map(len, out.getvalue().partition("got")[2].partition("repeat")[0].splitlines())) <= 60


class TestJson:
    def test_each_member_is_documented(self):
        page = (Path(__file__).parents[4] / "docs" / "reference" / "reports.md").read_text(encoding="utf-8")
        report = json.loads(FORMATS["json"](BROKEN))
        result = report["results"][1]

        members = {*report, *report["examination"], *result, *result["findings"][0]}
        assert {name for name in members if f"`{name}`" not in page} == set()

    def test_it_holds_everything(self):
        report = json.loads(FORMATS["json"](BROKEN))

        assert (report["verdict"], report["exit_status"]) == ("broken", 1)
        assert report["clauses"]["GE-COOKIE"] == "not examined"
        assert report["results"][1]["findings"][0]["clause"]["standing"] == "documented"
        assert report["results"][1]["findings"][0]["line"] == LINE
        assert report["results"][2]["not_examined"] == "needs an admin API"
        assert report["examination"] == {
            "began": "2026-11-25T14:10:57+00:00",
            "seconds": 12.34,
            "version": "0.1.0",
            "seed": 7,
            "options": {"suite": "cases, generated", "account": "1"},
        }


class TestJUnit:
    def test_what_was_not_examined_is_skipped_never_passed(self):
        root = ET.fromstring(FORMATS["junit"](BROKEN))

        cases = root.find("testsuite[@name='cases']")
        assert cases.attrib | {"time": "", "timestamp": ""} == {
            "name": "cases", "tests": "3", "failures": "1", "errors": "0", "skipped": "1", "time": "", "timestamp": "",
        }  # fmt: skip
        assert cases.find("testcase[@name='T2']/skipped").get("message") == "needs an admin API"
        assert "repeat: curl -i 'x'" in cases.find("testcase/failure").text

    def test_a_result_that_broke_before_it_came_to_what_it_was_for_is_a_failure_and_not_skipped(self):
        result = Result("a", "clients", (), (FOUND,), not_examined="the client never came to it")

        suite = ET.fromstring(FORMATS["junit"](Verdict("c", "openapi.yaml", {}, (result,)))).find("testsuite")

        assert (suite.get("failures"), suite.get("skipped")) == ("1", "0")
        assert [child.tag for child in suite.find("testcase")] == ["failure"]

    def test_each_suite_says_when_it_was_and_with_what(self):
        root = ET.fromstring(FORMATS["junit"](BROKEN))

        assert root.get("time") == "12.340"
        for suite in root:
            told = {each.get("name"): each.get("value") for each in suite.find("properties")}
            assert suite.get("timestamp") == "2026-11-25T14:10:57"
            assert told == {"version": "0.1.0", "seed": "7", "suite": "cases, generated", "account": "1"}

    @pytest.mark.parametrize(
        ("verdict", "message"),
        [
            pytest.param(EMPTY, "nothing was examined", id="empty"),
            pytest.param(BROKE_OFF, "it broke off", id="broken off"),
        ],
    )
    def test_an_examination_that_did_not_take_place_is_an_error(self, verdict, message):
        root = ET.fromstring(FORMATS["junit"](verdict))

        assert root.find("testsuite[@name='examination']/testcase/error").get("message") == message


class TestSarif:
    @pytest.mark.parametrize(
        ("source", "place"),
        [
            pytest.param("docs/openapi.yaml", {"region": {"startLine": LINE}}, id="the contract, by its lines"),
            pytest.param("a b/client.py", {}, id="the client, whose lines nobody knows"),
        ],
    )
    def test_results_point_at_a_file_that_the_user_has(self, source, place):
        [run] = json.loads(FORMATS["sarif"](replace(BROKEN, source=source)))["runs"]

        uri = {"uri": source.replace(" ", "%20"), "uriBaseId": "%SRCROOT%"}
        assert run["results"][0]["locations"][0]["physicalLocation"] == {"artifactLocation": uri, **place}

    def test_without_such_a_file_a_result_names_its_place_and_invents_none(self):
        [run] = json.loads(FORMATS["sarif"](BROKEN))["runs"]

        assert run["results"][0]["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "T6 <a>"}]}]

    def test_it_says_when_it_was_with_what_and_by_which_version(self):
        [run] = json.loads(FORMATS["sarif"](BROKEN))["runs"]

        [invocation] = run["invocations"]
        assert (invocation["startTimeUtc"], invocation["endTimeUtc"]) == (
            "2026-11-25T14:10:57Z",
            "2026-11-25T14:11:09Z",
        )
        assert invocation["properties"]["options"] == {"seed": "7", "suite": "cases, generated", "account": "1"}
        assert run["tool"]["driver"]["version"] == "0.1.0"

    def test_rules_have_the_ids_of_clauses_and_checks(self):
        [run] = json.loads(FORMATS["sarif"](BROKEN))["runs"]

        rules = run["tool"]["driver"]["rules"]
        assert [rule["id"] for rule in rules] == ["GE-401-SID", "no_reply"]
        assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == ["GE-401-SID", "no_reply"]

    def test_fingerprints_do_not_depend_on_what_came_back(self):
        other = Verdict("x", "y", CLAUSES, (Result("r", "cases", (), (Finding(**{**vars(FOUND), "got": "else"}),)),))

        first, second = (json.loads(FORMATS["sarif"](verdict))["runs"][0]["results"][0] for verdict in (BROKEN, other))

        assert first["partialFingerprints"] == second["partialFingerprints"]

    @pytest.mark.parametrize(
        ("verdict", "successful"),
        [(BROKEN, True), (KEPT, True), (EMPTY, False), (BROKE_OFF, False)],
        ids=["broken", "kept", "empty", "broken off"],
    )
    def test_an_examination_that_did_not_take_place_was_not_successful(self, verdict, successful):
        [run] = json.loads(FORMATS["sarif"](verdict))["runs"]

        assert run["invocations"][0]["executionSuccessful"] is successful


class TestHtml:
    def test_it_is_one_page_with_nothing_to_fetch(self):
        page = FORMATS["html"](BROKEN)

        assert not re.search(r"""src=|href="[^#]|url\(|@import|fetch\(""", page)

    def test_every_link_leads_to_something_on_the_page_and_no_id_stands_twice(self):
        page = FORMATS["html"](BROKEN)

        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)

    def test_a_finding_leads_to_its_case_its_clause_and_its_other_places(self):
        finding = re.search(r'<article id="finding-1".*?</article>', FORMATS["html"](BROKEN), re.DOTALL)[0]

        assert '<a href="#result-2">T6 &lt;a&gt;</a>' in finding
        assert '<a href="#clause-GE-401-SID">GE-401-SID</a>' in finding
        assert '<a href="#result-2">elsewhere</a>' in finding

    def test_broken_rows_come_first(self):
        page = FORMATS["html"](BROKEN)

        assert re.findall(r'id="result-\d" data-state="([^"]+)"', page) == ["broken", "not examined", "kept", "broken"]
        assert re.findall(r'id="clause-([^"]+)"', page) == ["GE-401-SID", "GE-COOKIE", "GE-401-VID"]

    def test_time_lines_stand_open_where_something_was_found(self):
        drawn = ("0.00 s  #1",)
        results = (
            Result("a", "clients", (), (FOUND,), timeline=drawn),
            Result("b", "clients", ("GE-401-SID",), timeline=drawn),
        )

        page = FORMATS["html"](Verdict("c", "openapi.yaml", CLAUSES, results))

        box = '<pre tabindex="0" role="region" aria-label="Time line of {}">0.00 s  #1</pre>'
        assert f"{box.format('a')}</figure></article>" in page.replace("\n", "")
        assert f"<summary>time line</summary>{box.format('b')}</details>" in page

    def test_it_says_when_it_was_and_with_what(self):
        page = FORMATS["html"](BROKEN)

        assert (
            '<time datetime="2026-11-25T14:10:57Z">2026-11-25 14:10:57 UTC</time>, in 12.3 s, with mockserver 0.1.0'
            in page
        )
        assert "<dt>seed</dt><dd>7</dd><dt>suite</dt><dd>cases, generated</dd>" in page

    def test_what_came_back_cannot_become_markup(self):
        page = FORMATS["html"](BROKEN)

        assert "200 &amp; &lt;b&gt;" in page
        assert not re.search(r"200 & |T6 <a>|<fuzzing>", page)

    @pytest.mark.parametrize("verdict", [BROKEN, KEPT, EMPTY, BROKE_OFF], ids=["broken", "kept", "empty", "broken off"])
    def test_every_element_is_closed(self, verdict):
        class Balance(HTMLParser):
            def __init__(self):
                super().__init__()
                self.open = []

            def handle_starttag(self, tag, _attrs):
                if tag not in {"meta", "br", "input"}:
                    self.open.append(tag)

            def handle_endtag(self, tag):
                assert self.open.pop() == tag

        balance = Balance()

        balance.feed(FORMATS["html"](verdict))

        assert balance.open == []


class TestWhatIsNotJudged:
    NOT_JUDGED = replace(KEPT, not_judged={"CORS <headers>": "no source says them"})

    def test_a_terminal_names_it(self):
        assert "not judged, because no source settles it: CORS <headers>\n" in FORMATS["text"](self.NOT_JUDGED)

    def test_a_program_and_a_page_are_told_why(self):
        assert json.loads(FORMATS["json"](self.NOT_JUDGED))["not_judged"] == {"CORS <headers>": "no source says them"}
        assert "<dt>CORS &lt;headers&gt;</dt><dd>no source says them</dd>" in FORMATS["html"](self.NOT_JUDGED)

    def test_a_report_without_it_says_nothing(self):
        assert "not judged" not in FORMATS["text"](KEPT)
        assert "Not judged" not in FORMATS["html"](KEPT)


class TestWantedReports:
    def test_a_report_is_wanted_as_format_and_path(self, tmp_path):
        assert wanted([f"json={tmp_path}/a=b.json"])["json"] == tmp_path / "a=b.json"

    def test_a_folder_that_is_not_there_is_made(self, tmp_path):
        wanted([f"html={tmp_path}/new/folder/report.html"])

        assert (tmp_path / "new" / "folder").is_dir()

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            pytest.param(
                ["pdf=x"], "FORMAT one of text, json, junit, html, sarif, got 'pdf=x'", id="an unknown format"
            ),
            pytest.param(["json"], "FORMAT=PATH", id="no path"),
            pytest.param(["json="], "FORMAT=PATH", id="an empty path"),
            pytest.param(["json=."], r"wants a file, and \. is a folder; try report.json", id="a folder"),
            pytest.param(["json=/dev/null/report.json"], "has no folder, and none can be made", id="a file as folder"),
            pytest.param(["json=a", "json=b"], "the json report is wanted twice, as a and as b", id="a format twice"),
            pytest.param(["json=a", "html=a"], "two reports are wanted in the one file a", id="a file twice"),
        ],
    )
    def test_what_cannot_become_a_report_is_refused_before_anything_runs(self, options, said, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)

        with pytest.raises(ReportError, match=said):
            wanted(options)

    def test_a_place_where_nobody_may_write_is_refused_before_anything_runs(self, tmp_path, monkeypatch):
        monkeypatch.setattr("os.access", lambda *_: False)  # root, whom tests may run as, may write everywhere

        with pytest.raises(ReportError, match=r"cannot be written to .*permission denied"):
            wanted([f"json={tmp_path}/report.json"])


class TestDelivery:
    def test_every_format_is_written_whatever_came_back(self, tmp_path):
        reports = {name: tmp_path / name for name in FORMATS}

        deliver(BROKEN, reports, io.StringIO())

        assert all(path.stat().st_size for path in reports.values())

    @pytest.mark.parametrize(
        ("verdict", "status"), [(KEPT, 2), (BROKEN, 1), (EMPTY, 2)], ids=["kept", "broken", "empty"]
    )
    def test_a_report_that_cannot_be_written_costs_no_verdict_and_no_other_report(self, verdict, status, tmp_path):
        out = io.StringIO()

        assert deliver(verdict, {"json": Path("/dev/full"), "text": tmp_path / "text"}, out) == status
        assert FORMATS["text"](verdict) in out.getvalue()
        assert "The json report could not be written to /dev/full: No space left on device" in out.getvalue()
        assert (tmp_path / "text").read_text(encoding="utf-8") == FORMATS["text"](verdict)

    @pytest.mark.parametrize(
        ("verdict", "status"), [(KEPT, 0), (BROKEN, 1), (EMPTY, 2)], ids=["kept", "broken", "empty"]
    )
    def test_the_status_is_the_verdict_s_when_all_is_written(self, verdict, status):
        assert deliver(verdict, {}, io.StringIO()) == status

    def test_the_reports_are_written_when_nobody_reads_the_verdict(self, tmp_path):
        class Closed(io.StringIO):
            def flush(self):
                raise BrokenPipeError

        with pytest.raises(BrokenPipeError):
            deliver(BROKEN, {"json": tmp_path / "json"}, Closed())

        assert json.loads((tmp_path / "json").read_text(encoding="utf-8"))["verdict"] == "broken"


class TestColours:
    PAGE = (Path(__file__).parents[4] / "contracts" / "report" / "html" / "page.css").read_text(encoding="utf-8")

    @staticmethod
    def light_of(colour):
        """Return the relative luminance that WCAG defines."""
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    @pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize("paper", ["paper", "soft"])
    def test_whatever_is_written_stands_out_from_what_it_is_written_on(self, scheme, paper):
        found = [dict(re.findall(r"--(\w+): (#\w{6})", block)) for block in self.PAGE.split("@media", 1)]
        colours = found[scheme]

        for name in ("ink", "quiet", "link", "kept", "broken", "left"):
            dark, light = sorted(map(self.light_of, (colours[name], colours[paper])))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, name
