"""Spaces: how a call chooses one, and that none sees another."""

import itertools

import pytest

from tests.support.builders import NOW_MS
from tests.support.serving.in_process import Mock, broken, ids, refusal_of

JS = "/api/account/1/getEngagement"


def by_path(mock, name):
    return mock.ask("POST", f"/__space/{name}{JS}", {})


def by_header(mock, name):
    return mock.ask("POST", JS, {}, headers={"Mock-Space": name})


def by_host(mock, name):
    return mock.ask("POST", JS, {}, headers={"Host": f"{name}.localhost:8080"})


WAYS = pytest.mark.parametrize("way", [by_path, by_header, by_host])


@WAYS
def test_a_space_is_chosen_and_made_by_its_first_use(mock, way):
    answer = way(mock, "blue-1")

    assert answer.status_code == 200
    assert "blue-1" in mock.steer("GET", "/spaces")["spaces"]
    assert [len(mock.journal(space=name)) for name in ("blue-1", "default")] == [1, 0]


@WAYS
@pytest.mark.parametrize("name", ["b_d", "-a", "a" * 64, "a.b"])
def test_a_name_that_cannot_be_one_is_refused_and_never_falls_back_to_the_default_space(mock, way, name):
    answer = way(mock, name)

    message = f"{name!r} cannot name a space; use 1 to 63 lower-case letters, digits and dashes"
    assert refusal_of(answer) == (404, 28, message, ["REQ-404"])
    assert broken(answer) == [("space", "REQ-404")]
    assert mock.steer("GET", "/sessions") == {"sessions": []}


@pytest.mark.parametrize("name", ["", "BLUE", "*", "é", "%2e%2e", "a%00"])
def test_an_odd_name_in_the_path_is_refused(mock, name):
    assert refusal_of(by_path(mock, name))[::3] == (404, ["REQ-404"])


def test_a_bad_name_steers_no_space(mock):
    opened = ids(mock.js())

    answer = mock.ask("POST", "/__space/BAD/__admin/reset")

    assert answer.status_code == 404
    assert list(answer.json) == ["error"]
    assert ids(mock.js(opened)) == opened


def test_the_path_comes_before_the_header_and_the_header_before_the_host(mock):
    mock.ask("POST", f"/__space/one{JS}", {}, headers={"Mock-Space": "two", "Host": "three.localhost"})
    mock.ask("POST", JS, {}, headers={"Mock-Space": "two", "Host": "three.localhost"})

    assert mock.steer("GET", "/spaces")["spaces"] == ["default", "one", "two"]


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "mock.test", ".localhost"]
)
def test_other_hosts_mean_the_default_space(mock, host):
    mock.ask("POST", JS, {}, headers={"Host": host})

    assert len(mock.journal()) == 1


def test_a_host_is_read_without_regard_to_case(mock):
    by_host(mock, "Blue")

    assert len(mock.journal(space="blue")) == 1


def test_the_visitor_cookie_of_a_space_chosen_by_path_stays_in_it(mock):
    answer = by_path(mock, "blue")

    assert answer.headers["Set-Cookie"].endswith("; Path=/__space/blue; SameSite=Lax")


def test_spaces_share_nothing(mock):
    opened = ids(mock.js(space="one"))
    mock.steer("PUT", "/scenario", {"preset": "not-available"}, space="one")
    mock.steer("PUT", "/clock", {"frozen": True, "now_ms": 5}, space="one")
    mock.rules(space="one", second_request="ids")
    mock.steer("PUT", "/faults", {"faults": [{"status": {"code": 503}}]}, space="one")
    mock.steer("PUT", "/seed", {"seed": 8}, space="two")

    answer = mock.js(opened, space="two")

    assert answer.json["status"] == "Available"
    assert answer.json["sessionId"] != opened["sid"]
    clock = mock.steer("GET", "/clock", space="two")
    assert (clock["frozen"], clock["now_ms"]) == (False, NOW_MS)
    assert mock.steer("GET", "/rules", space="two")["second_request"] == "cookie"
    assert [session["visitor"] for session in mock.steer("GET", "/sessions", space="two")["sessions"]] == [
        opened["vid"]
    ]
    assert len(mock.journal(space="two")) == 1


def test_an_id_may_stand_in_two_spaces(mock):
    mock.rules(space="one", unknown_visitor="reject")
    mock.js({"vid": "123"}, space="two")

    assert refusal_of(mock.js({"vid": "123"}, space="one"))[3] == ["GE-401-UNKNOWN-VISITOR"]


def test_a_space_that_nobody_uses_is_removed_after_the_idle_time():
    mock = Mock(space_idle_s=60)
    mock.js(space="idle")
    mock.wall.now_ms += 60_001

    removed = mock.engine.spaces.sweep()

    assert removed == ["idle"]
    assert mock.steer("GET", "/spaces")["spaces"] == ["default"]


def test_a_space_in_use_and_the_default_one_are_never_idle():
    mock = Mock(space_idle_s=60)
    mock.js()
    mock.js(space="busy")
    for _ in range(10):
        mock.wall.now_ms += 20_000
        mock.js(space="busy")

    assert mock.engine.spaces.sweep() == []


def test_a_frozen_or_distant_clock_makes_no_space_idle():
    mock = Mock(space_idle_s=60)
    mock.steer("PUT", "/clock", {"frozen": False, "now_ms": 0}, space="past")

    assert mock.engine.spaces.sweep() == []


def test_a_space_that_was_only_steered_is_kept_for_the_idle_time_too():
    mock = Mock(space_idle_s=60)
    mock.steer("PUT", "/scenario", {"preset": "loading"}, space="new")

    kept = mock.engine.spaces.sweep()
    mock.wall.now_ms += 60_001

    assert kept == []
    assert mock.engine.spaces.sweep() == ["new"]


def test_more_spaces_than_the_server_keeps_are_refused_with_the_way_out():
    mock = Mock(max_spaces=2)
    for name in ("one", "two"):
        mock.js(space=name)

    answer, steered = mock.js(space="three"), mock.admin("PUT", "/seed", {"seed": 1}, space="three")

    status, code, message, _ = refusal_of(answer)
    assert (status, code) == (503, 18)
    assert "2 spaces at most" in message
    assert "max_spaces" in message
    assert (steered.status_code, list(steered.json)) == (503, ["error"])


def test_a_removed_space_makes_room():
    mock = Mock(max_spaces=1)
    mock.js(space="one")
    mock.steer("DELETE", "/spaces/one")

    assert mock.js(space="two").status_code == 200


# The seed


def conversation(mock, space=None):
    first = mock.js(space=space)
    second = mock.js(ids(first), space=space)
    drawn = mock.js(ids(first), space=space, headers={"Prefer": "dynamic=true"})
    return [answer.data for answer in (first, second, drawn, mock.rest(space=space))]


def test_the_same_seed_and_the_same_calls_give_the_same_bytes_in_two_spaces(mock):
    for space in ("one", "two"):
        mock.steer("PUT", "/seed", {"seed": 42}, space=space)

    assert conversation(mock, "one") == conversation(mock, "two")


def test_the_same_seed_and_the_same_calls_give_the_same_bytes_on_two_servers():
    assert conversation(Mock(seed=42)) == conversation(Mock(seed=42))


def test_different_seeds_give_different_ids():
    one, other = conversation(Mock(seed=1)), conversation(Mock(seed=2))

    assert all(a != b for a, b in zip(one, other, strict=True))


def test_a_server_without_a_seed_draws_one_for_each_space():
    mock = Mock(seed=None, seeds=itertools.count(100).__next__)
    mock.js(space="one")
    mock.js(space="two")

    assert [mock.steer("GET", "/seed", space=name)["seed"] for name in ("one", "two")] == [100, 101]


def test_seeding_a_space_starts_its_draws_over(mock):
    mock.steer("PUT", "/seed", {"seed": 42})
    first = conversation(mock)
    mock.steer("DELETE", "/sessions")

    mock.steer("PUT", "/seed", {"seed": 42})

    assert conversation(mock) == first
