"""The admin API about one space: its rules, scenario, sessions, faults, clock and seed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import orjson

from mockserver.engine.decisions import SEQUENCES, WINDOWS
from mockserver.errors import AdminError, ScenarioError
from mockserver.model import Json, Violation
from mockserver.scenarios.documents.files import LONGEST_TEXT
from mockserver.scenarios.faults import read_faults
from mockserver.state.moments import LATEST_MS, iso_of, ms_of
from mockserver.state.spaces import Clock, World
from mockserver.web.admin.steering import Answered, Steering

_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def rules_of(world: World) -> dict[str, Json]:
    """Write the rules of *world* as JSON."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in world.rules.items()}


def clock_of(world: World) -> dict[str, Json]:
    """Write the clock of *world* as JSON."""
    return {"frozen": world.clock.frozen_ms is not None, "now_ms": world.now_ms, "now": iso_of(world.now_ms)}


def get_rules(steering: Steering) -> Answered:
    """Show the rules in force."""
    return 200, rules_of(_world(steering))


def put_rules(steering: Steering) -> Answered:
    """Replace the space's own rules."""
    # JSON Schema counts 60.0 among the integers.
    rules = {name: int(value) if isinstance(value, float) else value for name, value in steering.body.items()}
    return 200, rules_of(steering.engine.spaces.change(steering.space, overrides=rules))


def delete_rules(steering: Steering) -> Answered:
    """Go back to the server's rules."""
    return 200, rules_of(steering.engine.spaces.change(steering.space, overrides={}))


def get_scenario(steering: Steering) -> Answered:
    """Show the scenario in force."""
    return _scenario(steering, _world(steering))


def put_scenario(steering: Steering) -> Answered:
    """Put a scenario in force; what cannot be read changes nothing."""
    # A text is a scenario as it stands in its file.
    choice = {"text": steering.body} if isinstance(steering.body, str) else steering.body
    [(form, given)] = choice.items()
    if form == "preset":
        text, source = steering.engine.apis.vocabulary.presets.text(given), given
    elif form == "scenario":
        text, source = _as_yaml(given), "admin"
    else:
        text, source = given, "admin"
    with _refusing_mistakes():
        scenario = steering.engine.scenarios.put(steering.space, text, source)
    steering.engine.store.clear(steering.space, SEQUENCES)
    return _scenario(steering, steering.engine.spaces.change(steering.space, scenario=scenario.digest))


def delete_scenario(steering: Steering) -> Answered:
    """Go back to the server's scenario."""
    steering.engine.store.clear(steering.space, SEQUENCES)
    return _scenario(steering, steering.engine.spaces.change(steering.space, scenario=None))


def list_sessions(steering: Steering) -> Answered:
    """List the sessions of each API, oldest first."""
    now_ms = _world(steering).now_ms
    books = steering.engine.sessions
    return 200, {"sessions": [session for book in books for session in book.listing(steering.space, now_ms)]}


def delete_sessions(steering: Steering) -> Answered:
    """Forget visitors and sessions."""
    for book in steering.engine.sessions:
        book.clear(steering.space)
    return 204, None


def get_faults(steering: Steering) -> Answered:
    """Show the faults in force."""
    return 200, {"faults": list(_world(steering).faults)}


def put_faults(steering: Steering) -> Answered:
    """Switch faults on for every call of the space."""
    with _refusing_mistakes():
        read_faults(steering.body["faults"], "faults", wire=steering.engine.decider.wire)
    return _faults(steering, steering.body["faults"])


def delete_faults(steering: Steering) -> Answered:
    """Switch the faults off."""
    return _faults(steering, [])


def get_clock(steering: Steering) -> Answered:
    """Show the clock."""
    return _clock(_world(steering))


def put_clock(steering: Steering) -> Answered:
    """Freeze the clock or let it run, and set it; what is left out stays as it is."""
    frozen, now_ms = steering.body.get("frozen"), _moment(steering.body)

    def change(clock: Clock, real_ms: int) -> Clock:
        return clock.set(
            real_ms,
            now_ms=clock.read(real_ms) if now_ms is None else now_ms,
            frozen=clock.frozen_ms is not None if frozen is None else frozen,
        )

    return _clock(steering.engine.spaces.change_clock(steering.space, change))


def advance_clock(steering: Steering) -> Answered:
    """Move the clock forward; it stops at the end of the year 9999."""
    ms = int(steering.body["ms"])

    def change(clock: Clock, real_ms: int) -> Clock:
        return clock.advanced(min(ms, LATEST_MS - clock.read(real_ms)))

    return _clock(steering.engine.spaces.change_clock(steering.space, change))


def get_seed(steering: Steering) -> Answered:
    """Show the seed."""
    return 200, {"seed": _world(steering).seed}


def put_seed(steering: Steering) -> Answered:
    """Seed the space; what is drawn starts over."""
    steering.engine.store.clear(steering.space, "counter")
    return 200, {"seed": steering.engine.spaces.change(steering.space, seed=int(steering.body["seed"])).seed}


def reset(steering: Steering) -> Answered:
    """Make the space as new."""
    steering.engine.spaces.remove(steering.space)
    steering.engine.losses.renew(steering.space)
    return 204, None


def _world(steering: Steering) -> World:
    return steering.engine.spaces.world(steering.space)


@contextmanager
def _refusing_mistakes() -> Iterator[None]:
    """Tell all that is wrong with a document."""
    try:
        yield
    except ScenarioError as error:
        details = [Violation(mistake.where or "the document", mistake.what, "") for mistake in error.mistakes]
        raise AdminError(400, str(error), details) from error


def _as_yaml(document: Json) -> str:
    """Write *document* as JSON that is YAML too; what YAML forbids or folds, and JSON does not, is escaped.

    A line for each member, unless that alone makes it too long.
    """
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2)
    if len(text) > LONGEST_TEXT:
        text = orjson.dumps(document)
    return _escaped(text.decode())


def _escaped(text: str) -> str:
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _faults(steering: Steering, faults: list[Json]) -> Answered:
    steering.engine.store.clear(steering.space, WINDOWS)
    return 200, {"faults": list(steering.engine.spaces.change(steering.space, faults=faults).faults)}


def _clock(world: World) -> Answered:
    return 200, clock_of(world)


def _moment(body: Mapping[str, Json]) -> int | None:
    """Return the moment that the clock is to show, in epoch milliseconds. Raises `AdminError` for no date."""
    if "now" not in body:
        return int(body["now_ms"]) if "now_ms" in body else None
    try:
        return ms_of(body["now"])
    except ValueError as error:
        raise AdminError(400, f"now: {error}") from error


def _scenario(steering: Steering, world: World) -> Answered:
    scenarios = steering.engine.scenarios
    scenarios.own.look()
    scenario = scenarios.of(world)
    source, text = scenarios.text_of(world)
    scenario_body = {
        "name": scenario.name, "description": scenario.description, "source": source,
        "stubs": [stub.name for stub in scenario.stubs], "text": text,
    }  # fmt: skip
    if world.scenario is None and scenarios.own.active.error:
        scenario_body["error"] = scenarios.own.active.error
    return 200, scenario_body
