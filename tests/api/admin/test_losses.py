"""What the admin API says after a loss; here the store is emptied and the loss noted, as by the next worker."""

import jsonschema_rs
import pytest
import yaml

from mockserver.state.losses import WORKER_DIED
from mockserver.stores.base import SERVER
from tests.api.admin.test_server import ADMIN
from tests.support.builders import NOW_MS

KNOWN = "2016-07-26 14:28:02 UTC"
WANTED = [{"exactly": 0}, {"at_most": 5}, {"at_least": 0}, {"at_least": 1}, {}]


@pytest.fixture
def bereft(mock):
    """Return a server that has lost all that was kept for any space."""
    for space in ("blue", "green"):
        mock.js(space=space)
    for space in (*mock.engine.spaces.names(), SERVER):
        mock.engine.store.clear(space)
    mock.engine.losses.note(WORKER_DIED)
    return mock


def verify(mock, wanted, space="blue"):
    return mock.steer("POST", "/journal/verify", wanted, space=space)


@pytest.mark.parametrize("wanted", WANTED, ids=str)
def test_no_verification_passes_after_a_loss_and_each_says_why_and_the_way_out(bereft, wanted):
    bereft.js(space="blue")

    verdict = verify(bereft, wanted)

    assert not verdict["verified"]
    assert verdict["lost"]["at_ms"] == NOW_MS
    assert f"lost its state before {KNOWN}" in verdict["message"]
    assert "POST /__admin/reset" in verdict["message"]


def test_a_space_that_nobody_had_used_before_may_have_been_used_for_all_the_server_knows(bereft):
    assert not verify(bereft, {"exactly": 0}, space="red")["verified"]


@pytest.mark.parametrize(
    ("method", "path", "whose"),
    [
        pytest.param("POST", "/reset", "blue", id="reset"),
        pytest.param("DELETE", "/spaces/blue", None, id="removed"),
        pytest.param("DELETE", "/spaces", None, id="removed with all others"),
    ],
)
def test_a_space_that_was_made_new_on_purpose_is_verified_again(bereft, method, path, whose):
    bereft.steer(method, path, space=whose)
    bereft.js(space="blue")

    assert verify(bereft, {"exactly": 1})["verified"]
    assert bereft.steer("GET", "/journal", space="blue")["lost"] is None


def test_the_others_are_not(bereft):
    bereft.steer("POST", "/reset", space="blue")

    assert not verify(bereft, {"exactly": 0}, space="green")["verified"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "/journal", None),
        ("DELETE", "/sessions", None),
        ("PUT", "/scenario", {"preset": "not-available"}),
        ("DELETE", "/scenario", None),
    ],
)
def test_what_makes_only_a_part_of_a_space_new_leaves_the_loss(bereft, method, path, body):
    bereft.steer(method, path, body, space="blue")

    assert not verify(bereft, {"exactly": 0})["verified"]


def test_a_space_that_was_removed_for_idleness_was_not_made_new_on_purpose(bereft):
    bereft.js(space="white")
    bereft.wall.now_ms += 4_000_000
    assert "white" in bereft.engine.spaces.sweep()

    assert not verify(bereft, {"exactly": 0}, space="white")["verified"]


def test_a_second_loss_takes_what_was_made_new_after_the_first(bereft):
    bereft.steer("POST", "/reset", space="blue")
    bereft.wall.now_ms += 1
    bereft.engine.losses.note(WORKER_DIED)

    assert verify(bereft, {"exactly": 0})["lost"]["at_ms"] == NOW_MS + 1


def test_a_space_that_was_never_lost_needs_no_reset(mock):
    mock.steer("POST", "/reset", space="blue")
    mock.js(space="blue")

    assert verify(mock, {"exactly": 1}) == {**verify(mock, {"exactly": 1}), "verified": True, "lost": None}
    assert mock.engine.store.keys(SERVER, "renewed") == [], "it costs nothing where nothing was lost"


def test_the_journal_says_it(bereft):
    assert KNOWN in bereft.steer("GET", "/journal", space="blue")["lost"]["message"]


def test_health_says_it_until_all_spaces_were_removed(bereft):
    before = bereft.steer("GET", "/health")
    bereft.steer("POST", "/reset", space="blue")
    between = bereft.steer("GET", "/health")
    bereft.steer("DELETE", "/spaces")

    assert (before["status"], between["status"]) == ("state_lost", "state_lost")
    assert before["lost"]["at_ms"] == NOW_MS
    assert (bereft.steer("GET", "/health")["status"], "lost" in bereft.steer("GET", "/health")) == ("ok", False)


@pytest.mark.parametrize(
    ("schema", "method", "path", "body"),
    [
        ("Health", "GET", "/health", None),
        ("Verdict", "POST", "/journal/verify", {"exactly": 0}),
    ],
)
def test_what_is_said_is_as_the_document_has_it(bereft, schema, method, path, body):
    document = {**yaml.safe_load(yaml.safe_dump(ADMIN)), "$ref": f"#/components/schemas/{schema}"}

    jsonschema_rs.validate(document, bereft.steer(method, path, body))
