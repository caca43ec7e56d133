from datetime import UTC, datetime
from importlib import metadata

from contracts.judging.circumstances import Stopwatch
from contracts.processes.surroundings import Route
from contracts.server_suite.examination import Plan


def test_an_examination_says_when_it_was_with_what_and_by_which_version():
    before = datetime.now(UTC)

    seen = Stopwatch().circumstances(7, {"account": "1", "proxy": ""})

    assert before <= seen.began <= datetime.now(UTC)
    assert seen.seconds >= 0
    assert seen.version == metadata.version("engagement-mockserver")
    assert (seen.seed, seen.options) == (7, {"account": "1"})


def test_no_secret_gets_into_a_report():
    plan = Plan(admin_token="secret", route=Route("http://me:secret@proxy:8080"))

    assert plan.options["proxy"] == "http://proxy:8080"
    assert "secret" not in str(plan.options)
