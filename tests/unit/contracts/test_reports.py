import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from contracts.document import load
from contracts.findings import Finding, Result, Verdict
from contracts.report import FORMATS, ReportError, deliver, wanted, write_text

CONTRACT = load()
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
BROKEN = Verdict("http://host:1", "openapi.yaml", CLAUSES, RESULTS)
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
        assert text.count("\\x1b]0;title\\x07 \\x9b31m \\ud800") == 6

    def test_findings_of_the_same_kind_are_told_once(self):
        text = FORMATS["text"](BROKEN)

        assert text.count("BROKEN  GE-401-SID") == 1
        assert "in 1 more places, such as elsewhere" in text

    def test_what_was_not_examined_is_listed_with_its_reason(self):
        assert "Not examined: needs an admin API\n  T2\n" in FORMATS["text"](BROKEN)

    def test_it_ends_with_sums_and_the_verdict(self):
        assert FORMATS["text"](BROKEN).splitlines()[-4:] == [
            "cases: 1 kept, 1 broken, 1 not examined, in 0.5 s",
            "generated: 0 kept, 1 broken, 0 not examined, in 0.0 s",
            "clauses: 1 kept, 1 broken, 1 not examined",
            "BROKEN  http://host:1, by openapi.yaml",
        ]

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

    def test_colours_are_for_terminals(self):
        plain, coloured = io.StringIO(), Terminal()

        write_text(BROKEN, plain)
        write_text(BROKEN, coloured)

        assert "\x1b[" not in plain.getvalue()
        assert "\x1b[1;31mBROKEN\x1b[0m" in coloured.getvalue()
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured.getvalue()) == plain.getvalue()


class TestJson:
    def test_it_holds_everything(self):
        report = json.loads(FORMATS["json"](BROKEN))

        assert (report["verdict"], report["exit_status"]) == ("broken", 1)
        assert report["clauses"]["GE-COOKIE"] == "not examined"
        assert report["results"][1]["findings"][0]["clause"]["standing"] == "documented"
        assert report["results"][1]["findings"][0]["line"] == LINE
        assert report["results"][2]["not_examined"] == "needs an admin API"


class TestJUnit:
    def test_what_was_not_examined_is_skipped_never_passed(self):
        root = ET.fromstring(FORMATS["junit"](BROKEN))

        cases = root.find("testsuite[@name='cases']")
        assert cases.attrib | {"time": ""} == {
            "name": "cases", "tests": "3", "failures": "1", "errors": "0", "skipped": "1", "time": "",
        }  # fmt: skip
        assert cases.find("testcase[@name='T2']/skipped").get("message") == "needs an admin API"
        assert "repeat: curl -i 'x'" in cases.find("testcase/failure").text

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
    def test_results_point_at_lines_of_the_contract(self):
        [run] = json.loads(FORMATS["sarif"](BROKEN))["runs"]

        place = run["results"][0]["locations"][0]["physicalLocation"]
        assert place == {"artifactLocation": {"uri": "openapi.yaml"}, "region": {"startLine": LINE}}

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

        assert not re.search(r"""(src|href)=|url\(|@import""", page)

    def test_what_came_back_cannot_become_markup(self):
        page = FORMATS["html"](BROKEN)

        assert "200 &amp; &lt;b&gt;" in page
        assert "<b>" not in re.sub(r"<li><b>", "", page)

    @pytest.mark.parametrize("verdict", [BROKEN, KEPT, EMPTY, BROKE_OFF], ids=["broken", "kept", "empty", "broken off"])
    def test_every_element_is_closed(self, verdict):
        class Balance(HTMLParser):
            def __init__(self):
                super().__init__()
                self.open = []

            def handle_starttag(self, tag, _attrs):
                if tag not in {"meta", "br"}:
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
        assert "<li>CORS &lt;headers&gt;: no source says them</li>" in FORMATS["html"](self.NOT_JUDGED)

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
