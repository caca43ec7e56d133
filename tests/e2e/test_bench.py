"""The harness of `make bench` measures what it says; figures are made where nobody times them."""

import itertools
import json
import shutil
import sys
from dataclasses import replace
from xml.etree import ElementTree

import jsonschema_rs
import pytest

from bench.__main__ import main
from bench.contestants.contestant import Ask
from bench.contestants.documents import for_connexion, request_schema
from bench.contestants.ours import OURS, OURS_WITH_WORKERS, contestants_of, our_contestants
from bench.measuring.asking import ask, count, traits
from bench.measuring.comparison import Row, Starts
from bench.measuring.growth import measure_growth
from bench.measuring.load import Load, Posts, put_load, send, warmed
from bench.measuring.processes import Failed, started
from bench.measuring.rounds import QUICK, measure, serving
from bench.measuring.warm_up import warm_up
from bench.reporting import report, results
from bench.reporting.ratios import comparison_tables, ratio
from bench.reporting.targets import targets
from bench.work import CHECKOUT, PATH, read_contract, work_of
from tests.e2e.running import eventually
from tests.support.programs import needs_program

CONTRACT = read_contract()
WORK = work_of(CONTRACT)


def silent(_what):
    pass


@pytest.fixture(scope="module")
def wrk():
    return needs_program("wrk", debian_package="wrk")


@pytest.fixture(scope="module")
def ours():
    return our_contestants()[0]


@pytest.fixture(scope="module")
def up(ours):
    with serving(ours, WORK) as up:
        yield up


@pytest.fixture
def posts(tmp_path):
    return Posts.write(tmp_path / "posts", [(PATH, WORK.body)])


@pytest.mark.usefixtures("wrk")
class TestMeasuring:
    def test_a_server_of_ours_does_all_of_the_work(self, ours, up):
        seen = traits(ours, up.ports, WORK)

        assert (seen.validates, seen.fresh_ids, seen.journal) == (True, True, True)

    def test_the_time_to_the_first_answer_and_the_memory_are_taken(self, up):
        memory = up.tree.memory()

        assert up.start_s > 0
        assert 0 < memory.pss_mb <= memory.rss_mb

    def test_load_counts_answers_and_processor_time(self, up, posts):
        load = put_load(up.tree, up.ports.mock, posts, connections=1, seconds=1)

        assert load.requests > 0
        assert 0 < load.p50_ms <= load.p99_ms
        assert load.cpu_us > 0

    def test_so_many_calls_are_sent_as_are_asked_for(self, ours, up, posts):
        ask(ours.journal.reset(up.ports), up.ports)

        send(up.ports.mock, posts, 20, connections=1)

        assert count(ours, up.ports).value == 20

    def test_a_reset_empties_the_journal(self, ours, up, posts):
        send(up.ports.mock, posts, 1, connections=1)

        ask(ours.journal.reset(up.ports), up.ports)

        assert count(ours, up.ports).value == 0

    def test_the_calls_go_round_the_lines_of_a_file(self, ours, up, tmp_path):
        ask(ours.journal.reset(up.ports), up.ports)
        posts = Posts.write(tmp_path / "posts", [(f"/__space/b{number}{PATH}", WORK.body) for number in range(3)])

        send(up.ports.mock, posts, 3, connections=1)

        spaces = ask(Ask("GET", "/__admin/spaces"), up.ports).value["spaces"]
        assert {"b0", "b1", "b2"} <= set(spaces)

    def test_a_run_whose_answers_are_errors_is_no_result(self, up, tmp_path):
        posts = Posts.write(tmp_path / "posts", [(PATH, WORK.wrong_body)])

        with pytest.raises(Failed, match="were refused"):
            put_load(up.tree, up.ports.mock, posts, connections=1, seconds=1)
        with pytest.raises(Failed, match="were refused"):
            send(up.ports.mock, posts, 5, connections=1)

    def test_a_question_that_is_refused_is_no_result(self, up):
        with pytest.raises(Failed, match="404"):
            ask(Ask("GET", "/__admin/nothing"), up.ports)

    def test_a_server_that_dies_is_told_with_its_last_words(self, ours):
        def prepare(_folder, _ports, _work):
            return ["sh", "-c", "echo out of luck >&2; exit 3"]

        with pytest.raises(Failed, match="ended with 3: out of luck"), serving(replace(ours, prepare=prepare), WORK):
            pass

    def test_nothing_of_a_server_is_left_when_the_measuring_fails(self, tmp_path):
        trees = []

        def measure_in_vain():
            with started(["sh", "-c", "sleep 600 & wait"], tmp_path, {}) as tree:
                trees.append(tree)
                eventually(tree.processes, lambda found: len(found) == 2)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            measure_in_vain()

        assert [tree.processes() for tree in trees] == [[]]

    def test_growth_is_measured_with_what_the_server_holds(self):
        found = measure_growth({"sessions": (2,), "stubs": (2,), "spaces": (2,)}, WORK, QUICK, silent)

        assert {kind: list(by_amount) for kind, by_amount in found.items()} == {
            "sessions": ["2"], "stubs": ["2"], "spaces": ["2"],
        }  # fmt: skip
        assert all(by_amount["2"][0]["requests"] > 0 for by_amount in found.values())

    def test_a_round_of_all_our_servers_has_every_figure(self):
        found = measure(our_contestants(), WORK, QUICK, silent)

        assert list(found) == [OURS, OURS_WITH_WORKERS]
        for server in found.values():
            [one] = server["rounds"]
            assert one["traits"] == {"validates": True, "fresh_ids": True, "journal": True}
            assert len(one["start_s"]) == 2
            assert one["load"]["1"]["requests"] > 0
            assert one["journal"]["entries"] >= QUICK.journal_entries
            assert one["journal"]["left"] == 0


class TestPeers:
    def test_the_schema_for_peers_accepts_what_is_asked_and_refuses_what_is_wrong(self):
        validator = jsonschema_rs.validator_for(request_schema(CONTRACT))

        assert validator.is_valid(json.loads(WORK.body))
        assert not validator.is_valid(json.loads(WORK.wrong_body))

    def test_the_document_for_connexion_speaks_openapi_3_0_without_references(self):
        document = for_connexion(CONTRACT)

        assert document["openapi"].startswith("3.0")
        text = json.dumps(document)
        assert [word for word in ("$ref", '"const"', '"x-') if word in text] == []


def a_round(rps, *, start_s=0.2, journal=True, pss_mb=50.0):
    memory = {"pss_mb": pss_mb, "rss_mb": pss_mb * 2}
    found = {
        "start_s": [start_s, start_s],
        "idle": memory,
        "loaded": memory,
        "traits": {"validates": True, "fresh_ids": True, "journal": journal},
        "load": {"16": {"requests": 1, "rps": rps, "p50_ms": 1.0, "p99_ms": 2.0, "cpu_us": 100.0}},
    }
    asked = {"entries": 10_000, "count_ms": [4.0, 5.0, 6.0], "read_ms": [70.0], "reset_ms": [8.0], "left": 0}
    return {**found, "journal": asked} if journal else found


def a_server(*rounds, ours=False):
    return {"version": "1.0", "ours": ours, "note": "a note", "rounds": list(rounds)}


@pytest.fixture
def found():
    """Return results that a reader can judge in the head."""
    return {
        "machine": {
            "measured": "2026-01-02", "processor": "Abacus", "cores": 2, "kernel": "6.1", "python": "3.11.0",
            "node": "", "java": "", "load_before": 0.1,
        },
        "plan": {"rounds": 3, "seconds": 3, "connections": [16]},
        "servers": {
            OURS: a_server(a_round(900.0), a_round(1000.0), a_round(2000.0), ours=True),
            OURS_WITH_WORKERS: a_server(a_round(1200.0), ours=True),
            "With": a_server(a_round(400.0, start_s=0.5)),
            "Without": a_server(a_round(2000.0, start_s=2.0, journal=False)),
        },
        "growth": {"stubs": {"1": [{"cpu_us": 100.0, "rps": 9.0}], "10000": [{"cpu_us": 150.0, "rps": 6.0}]}},
    }  # fmt: skip


class TestReporting:
    def test_a_figure_is_the_median_of_all_rounds(self, found):
        assert results.figure(found["servers"][OURS], "load", "16", "rps") == 1000.0

    def test_promises_are_judged_by_the_figures(self, found):
        judged = {target.promise: (target.found, target.reached) for target in targets(found)}

        assert judged == {
            "`mockserver --workers 2`: at least 3 times the requests of the fastest peer with a journal, "
            "16 connections": ("3.0 times With", True),
            "`mockserver`: at least 1 times the requests of every peer, 16 connections": ("0.5 times Without", False),
            "first answer within 0.30 s": ("0.20 s", True),
            "first answer in half the time of every peer": ("0.40 of With", True),
            "process tree under 70 MB after the first answer (PSS)": ("50 MB", True),
            "process tree under 70 MB with a full journal (PSS)": ("50 MB", True),
            "10,000 stubs: a call costs at most 1.2 times as much as with 1": ("1.50 times", False),
        }

    def test_the_tables_show_every_server_with_its_figures(self, found):
        told = report.tables(found)

        assert "| With 1.0 | 400 (1.0 / 2.0) | 100 µs |" in told
        assert "| Without 1.0 | yes | yes | no | a note |" in told
        assert "| **`mockserver`** | 10,000 | 5.0 ms | 70.0 ms | 8.0 ms |" in told
        assert "| 10,000 stubs | 150 µs | 1.50 | 6 |" in told

    def test_page_and_plot_are_made_of_kept_results(self, found, tmp_path, capsys):
        kept = tmp_path / "results.json"
        results.write(kept, found)
        page = tmp_path / "performance.md"
        page.write_text(f"Before.\n{report.BEGIN}\nold\n{report.END}\nAfter.\n", encoding="utf-8")

        status = main(["--report-only", "--results", str(kept), "--docs", str(tmp_path)])

        assert status == 0
        assert page.read_text(encoding="utf-8") == (
            f"Before.\n{report.BEGIN}\n\n{report.tables(found)}\n{report.END}\nAfter.\n"
        )
        drawn = ElementTree.parse(tmp_path / "performance.svg").getroot()
        words = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
        assert {"With", "2,000", "0.50 s", "10,000 stubs", "1.50"} <= set(words)
        assert "Measured on 2026-01-02" in capsys.readouterr().out

    def test_the_page_of_the_project_has_the_place_for_the_tables(self, found, tmp_path):
        shutil.copy(CHECKOUT / "docs/maintaining/performance.md", tmp_path)

        report.write(found, tmp_path)

        assert "| With 1.0 |" in (tmp_path / "performance.md").read_text(encoding="utf-8")

    def test_a_page_without_that_place_is_refused(self, found, tmp_path):
        (tmp_path / "performance.md").write_text("nothing", encoding="utf-8")

        with pytest.raises(Failed, match="must have the lines"):
            report.write(found, tmp_path)

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            pytest.param(["--only", "WireMok"], "nobody is called WireMok", id="an unknown contestant"),
            pytest.param(["--report-only", "--results", "/nowhere"], "does not exist yet", id="no results"),
        ],
    )
    def test_what_cannot_be_done_is_named(self, arguments, told, capsys):
        status = main(arguments)

        assert status == 1
        assert told in capsys.readouterr().err


class TestWarmUp:
    def test_it_ends_when_the_rate_no_longer_changes(self):
        rates = iter([100.0, 400.0, 900.0, 980.0, 1000.0, 990.0, 1010.0, 5000.0])

        warm = warm_up(lambda: next(rates), longest_s=60, clock=itertools.count(step=2.0).__next__)

        assert (warm.stable, warm.rates[-1]) == (True, 1010.0)

    def test_a_rate_that_never_settles_ends_with_the_time_and_is_told(self):
        rates = itertools.cycle([100.0, 200.0])

        warm = warm_up(lambda: next(rates), longest_s=10, clock=itertools.count(step=2.0).__next__)

        assert not warm.stable
        assert warm.took_s > 10

    @pytest.mark.usefixtures("wrk")
    def test_a_server_that_answers_with_errors_is_no_warm_server(self, up, tmp_path):
        posts = Posts.write(tmp_path / "posts", [(PATH, WORK.wrong_body)])

        with pytest.raises(Failed, match="were refused"):
            warmed(up.tree, up.ports.mock, posts, connections=1, longest_s=1)


def a_load(rps, cpu_us, others=0.0):
    return Load(requests=1, rps=rps, p50_ms=1.0, p99_ms=2.0, cpu_us=cpu_us, others=others)


class TestComparing:
    def test_medians_are_compared_and_the_rounds_show_how_sure_that_is(self):
        assert ratio([100.0, 200.0, 400.0], [90.0, 190.0, 800.0]) == "0.95 (0.90 to 2.00)"

    def test_a_busy_machine_is_named(self):
        rows = [Row("it", 16, [a_load(100.0, 10.0, others=0.4)], [a_load(80.0, 12.0)])]

        shown = comparison_tables(rows, [Starts("it", [0.2], [0.3])], ("before", "now"), 0.1)

        assert "40% at most" in shown
        assert "The machine was busy" in shown
        assert "| `it` | 16 | 100 | 80 | 0.80 (0.80 to 0.80) | 10 µs | 12 µs | 1.20 (1.20 to 1.20) |" in shown
        assert "| `it` | 0.200 s | 0.300 s | 1.50 (1.50 to 1.50) | - |" in shown

    def test_a_checkout_without_an_environment_is_refused_with_the_way_to_one(self, tmp_path):
        with pytest.raises(Failed, match=r"make -C .* makes one"):
            contestants_of(tmp_path)

    def test_an_environment_that_runs_another_checkout_is_refused(self, tmp_path):
        (tmp_path / ".venv/bin").mkdir(parents=True)
        (tmp_path / ".venv/bin/python").symlink_to(sys.executable)

        with pytest.raises(Failed, match="does not run the code of"):
            contestants_of(tmp_path)
