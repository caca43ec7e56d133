"""The bench measures what it says, and has no result where a server does not do its work."""

import sys
from dataclasses import replace

import pytest

from bench.contestants.contestant import Ask
from bench.contestants.ours import OURS, OURS_WITH_WORKERS, contestants_of, our_contestants
from bench.measuring.asking import ask, count, traits
from bench.measuring.comparison import Pair, compare_load, compare_starts
from bench.measuring.growth import measure_growth
from bench.measuring.load import Posts, put_load, send, warmed
from bench.measuring.processes import Failed, started
from bench.measuring.profiling import measure_profile
from bench.measuring.rounds import QUICK, measure, serving
from bench.work import PATH, read_contract, work_of
from tests.support.programs import needs_program
from tests.support.serving.running import eventually

WORK = work_of(read_contract())


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

    def test_a_peer_that_fails_has_no_result_and_the_others_have_theirs(self, ours):
        def prepare(_folder, _ports, _work):
            return ["sh", "-c", "exit 3"]

        peer = replace(ours, name="peer", prepare=prepare, ours=False)

        found = measure([peer], WORK, QUICK, silent)

        assert found["peer"]["rounds"] == []
        assert "ended with 3" in found["peer"]["failed"]

    def test_a_failure_of_ours_ends_the_run(self, ours):
        def prepare(_folder, _ports, _work):
            return ["sh", "-c", "exit 3"]

        with pytest.raises(Failed, match="ended with 3"):
            measure([replace(ours, prepare=prepare)], WORK, QUICK, silent)

    def test_a_server_that_dies_is_reported_with_its_last_words(self, ours):
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

    def test_a_server_that_answers_with_errors_is_no_warm_server(self, up, tmp_path):
        posts = Posts.write(tmp_path / "posts", [(PATH, WORK.wrong_body)])

        with pytest.raises(Failed, match="were refused"):
            warmed(up.tree, up.ports.mock, posts, connections=1, longest_s=1)

    @pytest.mark.parametrize(
        "amounts",
        [
            pytest.param({"sessions": (2,)}, id="sessions, that the calls continue"),
            pytest.param({"stubs": (2,), "spaces": (2,)}, id="stubs and spaces", marks=pytest.mark.nightly),
        ],
    )
    def test_growth_is_measured_with_what_the_server_holds(self, amounts):
        found = measure_growth(amounts, WORK, QUICK, silent)

        assert list(found) == list(amounts)
        assert all(by_amount["2"][0]["requests"] > 0 for by_amount in found.values())

    @pytest.mark.nightly
    def test_two_checkouts_are_measured_beside_each_other(self, ours):
        rows = compare_load([Pair(OURS, ours, ours)], WORK, QUICK, silent)
        [starts] = compare_starts([Pair(OURS, ours, ours)], ours, WORK, 1, silent)

        assert [(len(row.before), len(row.now)) for row in rows] == [(1, 1)]
        assert [len(times) for times in (starts.before, starts.now, starts.peer)] == [1, 1, 1]

    @pytest.mark.nightly
    def test_the_steps_of_a_call_are_those_of_the_code(self):
        found = measure_profile(1, silent)

        assert found["cpu_us"] > 0
        assert sum(found["shares"].values()) == pytest.approx(1)

    @pytest.mark.nightly
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


class TestOtherCheckouts:
    def test_one_without_an_environment_is_refused_with_the_way_to_one(self, tmp_path):
        with pytest.raises(Failed, match=r"make -C .* makes one"):
            contestants_of(tmp_path)

    def test_an_environment_that_runs_another_checkout_is_refused(self, tmp_path):
        (tmp_path / ".venv/bin").mkdir(parents=True)
        (tmp_path / ".venv/bin/python").symlink_to(sys.executable)

        with pytest.raises(Failed, match="does not run the code of"):
            contestants_of(tmp_path)
