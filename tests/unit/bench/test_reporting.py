"""Page and plot say what was measured, and of whom."""

from xml.etree import ElementTree

import pytest

from bench.__main__ import main
from bench.contestants.ours import OURS, OURS_WITH_WORKERS
from bench.measuring.comparison import Row, Starts
from bench.measuring.load import Load
from bench.measuring.processes import Failed
from bench.reporting import report, results
from bench.reporting.plot import plot
from bench.reporting.ratios import comparison_tables, ratio
from bench.reporting.targets import targets
from bench.work import CHECKOUT

FULL, UNBOUNDED = {"bounded": True}, {"bounded": False}


def a_round(rps, *, start_s=0.2, journal=FULL, validates=True):
    memory = {"pss_mb": 50.0, "rss_mb": 100.0}
    load = {"requests": 1, "rps": rps, "p50_ms": 1.0, "p99_ms": 2.0, "cpu_us": 100.0, "others": 0.0}
    found = {
        "start_s": [start_s, start_s],
        "idle": memory,
        "full": memory,
        "loaded": memory,
        "calls": 123_456,
        "traits": {"validates": validates, "fresh_ids": True, "journal": bool(journal)},
        "warm_up": {"took_s": 12.0, "stable": True, "rates": [1.0, 900.0], "calls": 1},
        "load": {"16": load},
    }
    asked = {"entries": 10_000, "count_ms": [4.0, 5.0, 6.0], "read_ms": [70.0], "reset_ms": [8.0], "left": 0}
    return {**found, "journal": {**asked, **journal}} if journal else found


def a_server(*rounds, ours=False, native=False, failed=""):
    return {
        "version": "1.0", "ours": ours, "native": native, "note": "a note", "journal_as": "", "failed": failed,
        "rounds": list(rounds),
    }  # fmt: skip


@pytest.fixture
def found():
    """Return results that a reader can judge in the head."""
    return {
        "machine": {
            "measured": "2026-01-02", "processor": "Abacus", "cores": 2, "memory_gb": 4, "kernel": "6.1",
            "python": "3.11.0", "node": "", "java": "", "load_before": 0.1,
        },
        "plan": {"rounds": 3, "seconds": 3, "connections": [16], "journal_entries": 10_000},
        "servers": {
            OURS: a_server(a_round(900.0), a_round(1000.0), a_round(2000.0), ours=True),
            OURS_WITH_WORKERS: a_server(a_round(1200.0), ours=True),
            "Same": a_server(a_round(400.0, start_s=0.5)),
            "Unbounded": a_server(a_round(2000.0, start_s=2.0, journal=UNBOUNDED)),
            "Bare": a_server(a_round(5000.0, start_s=0.01, journal=None, validates=False), native=True),
            "Broken": a_server(failed="3 calls were refused"),
        },
        "growth": {"stubs": {"1": [{"cpu_us": 100.0, "rps": 9.0}], "10000": [{"cpu_us": 150.0, "rps": 6.0}]}},
        "profile": {"cpu_us": 200.0, "shares": {"send": 0.25, "everything between": 0.75}},
    }  # fmt: skip


def a_load(rps, cpu_us, others=0.0):
    return Load(requests=1, rps=rps, p50_ms=1.0, p99_ms=2.0, cpu_us=cpu_us, others=others)


class TestPage:
    def test_a_figure_is_the_median_of_all_rounds(self, found):
        assert results.figure(found["servers"][OURS], "load", "16", "rps") == 1000.0

    def test_promises_compare_with_peers_that_do_the_same_work(self, found):
        judged = {target.promise: (target.found, target.reached) for target in targets(found)}

        assert judged == {
            "`mockserver`: ahead of every peer that does the same work, 16 connections": ("2.5 times Same", True),
            "`mockserver --workers 2`: ahead of every peer that does the same work, 16 connections": (
                "3.0 times Same",
                True,
            ),
            "first answer within 0.35 s": ("0.20 s", True),
            "first answer before that of every peer but the native ones": ("Same takes 0.50 s", True),
            "process tree under 70 MB after the first answer (PSS)": ("50 MB", True),
            "process tree under 70 MB with a full journal (PSS)": ("50 MB", True),
            "10,000 stubs: a call costs at most 1.2 times as much as with 1": ("1.50 times", False),
        }

    def test_whoever_answers_more_is_shown_with_what_it_does_without(self, found):
        shown = report.tables(found)

        assert "| Unbounded 1.0 | a bound of the journal | 2.0 times the rate |" in shown
        assert "| Bare 1.0 | validation, a journal | 5.0 times the rate |" in shown

    def test_a_journal_that_was_not_filled_is_not_called_bounded(self, found):
        found["servers"]["Same"]["rounds"][0]["journal"]["bounded"] = None

        assert "| Same 1.0 | yes | yes | not filled | a note |" in report.tables(found)
        assert results.lacks(found["servers"]["Same"], found["servers"]) == ["a bound of the journal"]

    def test_a_server_without_a_result_has_the_reason_in_its_place(self, found):
        shown = report.tables(found)

        assert "Broken 1.0 has no result: 3 calls were refused" in shown
        assert "| Broken" not in shown

    def test_the_tables_show_every_server_with_its_figures(self, found):
        shown = report.tables(found)

        assert "| Same 1.0 | 400 (1.0, 2.0; 100 µs) |" in shown
        assert "| Same 1.0 | 12 | 1, 900 |" in shown
        assert "| Same 1.0 | 0.50 s | 50 MB (100) | 50 MB (100) | 50 MB (100) | 123,456 |" in shown
        assert "| **`mockserver`** | 10,000 | 5.0 ms | 70.0 ms | 8.0 ms |" in shown
        assert "| 10,000 stubs | 150 µs | 1.50 | 6 |" in shown
        assert "| send | 25% | 50 |" in shown

    def test_a_busy_machine_is_named_above_the_tables(self, found):
        quiet = report.tables(found)
        for server in found["servers"].values():
            for one in server["rounds"]:
                one["load"]["16"]["others"] = 0.4

        busy = report.tables(found)

        assert "The machine was busy" not in quiet
        assert "other programs took 40% of the processors" in busy
        assert "The machine was busy" in busy

    def test_the_bars_of_peers_that_do_less_are_pale(self, found):
        drawn = ElementTree.fromstring(plot(found))

        bars = [bar.get("fill") for bar in drawn.iter("{http://www.w3.org/2000/svg}rect")][1:]
        ours, same, pale = "#1f6feb", "#6e7781", "#c9d1d9"
        assert bars == [*[ours, ours, same, pale, pale] * 2, ours]

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
        assert {"Same", "2,000", "0.50 s", "10,000 stubs", "1.50"} <= set(words)
        assert "Measured on 2026-01-02" in capsys.readouterr().out

    def test_nobody_but_the_bench_writes_the_figures_of_the_page(self):
        page = (CHECKOUT / "docs/maintaining/performance.md").read_text(encoding="utf-8")
        figures = CHECKOUT / "bench/results.json"

        made = report.tables(results.read(figures)) if figures.exists() else report.NO_FIGURES

        assert f"{report.BEGIN}\n\n{made}\n{report.END}" in page, "`python -m bench --report-only` makes the page anew"

    def test_a_page_without_that_place_is_refused(self, found, tmp_path):
        (tmp_path / "performance.md").write_text("nothing", encoding="utf-8")

        with pytest.raises(Failed, match="must have the lines"):
            report.write(found, tmp_path)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            pytest.param(["--only", "WireMok"], "nobody is called WireMok", id="an unknown contestant"),
            pytest.param(["--report-only", "--results", "/nowhere"], "does not exist yet", id="no results"),
            pytest.param(["--against", "/nowhere"], "has no environment in .venv", id="no checkout"),
        ],
    )
    def test_what_cannot_be_done_is_named(self, arguments, message, capsys):
        status = main(arguments)

        assert status == 1
        assert message in capsys.readouterr().err


class TestComparison:
    def test_medians_are_compared_and_the_rounds_show_how_sure_that_is(self):
        assert ratio([100.0, 200.0, 400.0], [90.0, 190.0, 800.0]) == "0.95 (0.90 to 2.00)"

    def test_a_row_shows_rates_and_processor_time(self):
        rows = [Row("it", 16, [a_load(100.0, 10.0, others=0.4)], [a_load(80.0, 12.0, others=0.2)])]

        shown = comparison_tables(rows, [Starts("it", [0.2], [0.3])], ("before", "now"), 0.1)

        assert "40% at most" in shown
        assert "The machine was busy" in shown
        assert "| `it` | 16 | 100 | 80 | 0.80 (0.80 to 0.80) | 10 µs | 12 µs | 1.20 (1.20 to 1.20) |" in shown
        assert "| `it` | 0.200 s | 0.300 s | 1.50 (1.50 to 1.50) | - |" in shown
