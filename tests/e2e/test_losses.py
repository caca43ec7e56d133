"""A worker that dies with all that it kept in memory: nobody can take the rest for all there was."""

import os
import signal

import pytest

from tests.support.serving.running import eventually, running

JS_DOOR = "/api/account/1/getEngagement"


def verified(served, space="default", **wanted):
    return served.ask("POST", f"/__space/{space}/__admin/journal/verify", json_body=wanted).json


def kill_the_worker(served):
    [worker] = served.workers(1)
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: worker in served.workers(1), lambda there: not there)


def test_a_verification_that_spans_the_death_of_the_worker_fails_and_everything_says_so():
    with running() as served:
        served.ask("POST", JS_DOOR)
        kill_the_worker(served)
        verdict = verified(served, exactly=0)
        journal = served.ask("GET", "/__admin/journal").json
        health = served.ask("GET", "/__admin/health")

        assert not verdict["verified"]
        assert "the worker that kept it in memory died" in verdict["message"]
        assert journal["lost"] == verdict["lost"]
        assert (health.status, health.json["status"], health.json["lost"]) == (200, "state_lost", verdict["lost"])
        assert f"Attention: {verdict['lost']['message']}" in served.log()


def test_it_is_over_when_the_space_is_reset_and_comes_again_with_the_next_death():
    with running() as served:
        kill_the_worker(served)
        served.ask("POST", "/__admin/reset")
        after_reset = verified(served, exactly=0)["verified"]
        kill_the_worker(served)

        assert after_reset
        assert not verified(served, exactly=0)["verified"]


def test_nothing_is_lost_with_a_store_in_a_file(tmp_path):
    with running("--store", f"sqlite:{tmp_path}/state") as served:
        served.ask("POST", JS_DOOR)
        kill_the_worker(served)

        assert verified(served, exactly=1)["verified"]
        assert served.ask("GET", "/__admin/health").json["status"] == "ok"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_redis_that_has_forgotten_everything_is_a_loss_too(redis_server, workers):
    with running("--workers", workers, "--store", redis_server.url) as served:
        eventually(lambda: served.ask("GET", "/__admin/health").status, lambda status: status == 200)
        served.ask("POST", JS_DOOR)
        redis_server.flush()
        verdict = verified(served, exactly=0)

        assert not verdict["verified"]
        assert "its store has forgotten everything" in verdict["message"]
        assert served.ask("GET", "/__admin/health").json["status"] == "state_lost"
        assert f"Attention: {verdict['lost']['message']}" in served.log()

        served.ask("POST", "/__admin/reset")
        assert verified(served, exactly=0)["verified"]
