"""Read scenarios: files, texts of the admin API, and presets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial

import orjson

from mockserver.scenarios.conditions import Operation
from mockserver.scenarios.conditions.matcher import Matcher
from mockserver.scenarios.documents.mistakes import AlreadyNoted, Mistakes
from mockserver.scenarios.documents.nodes import Node, read_whole
from mockserver.scenarios.faults import Fault, faults_of
from mockserver.scenarios.outcomes.sequence import Step
from mockserver.scenarios.reading.then import outcome_names, read_steps
from mockserver.scenarios.reading.when import read_matcher
from mockserver.scenarios.scenario import UNMATCHED, Scenario, Stub
from mockserver.scenarios.vocabulary import Vocabulary

MOST_STUBS = 10_000
#: Stands for conditions that cannot be read: what follows is not held against what the contract says of any operation.
_UNKNOWN = Matcher()


def load_scenario(text: str, source: str, vocabulary: Vocabulary, *, wire: bool = True) -> Scenario:
    """Read a scenario and check it against the contract. Raises `ScenarioError`.

    Without *wire* it may have no fault that needs the connection itself.
    """
    from mockserver.scenarios.documents.composer import (  # and with them YAML's, which presets do without
        compose,
        positions_of,
    )

    mistakes = Mistakes()
    with suppress(AlreadyNoted):
        document = compose(text, mistakes)
        scenario = read_whole(document, partial(_scenario, vocabulary=vocabulary, wire=wire), mistakes)
        if scenario is not None and not mistakes:
            return scenario
    raise mistakes.error(source, positions_of(text, mistakes))


def load_preset(name: str, vocabulary: Vocabulary, *, wire: bool = True) -> Scenario:
    """Load a scenario that ships with the server. Raises `ScenarioError`, for an unknown name too."""
    mistakes = Mistakes()
    scenario = read_whole(
        vocabulary.presets.document(name), partial(_scenario, vocabulary=vocabulary, wire=wire), mistakes
    )
    if scenario is None or mistakes:
        return load_scenario(vocabulary.presets.text(name), name, vocabulary, wire=wire)  # which says where
    return scenario


def _scenario(node: Node, vocabulary: Vocabulary, *, wire: bool) -> Scenario:
    table = node.table(("scenario", "description", "ids", "stubs"), required=("scenario", "stubs"))
    ids: Mapping[str, str] = {}
    stubs: tuple[Stub, ...] = ()
    if "ids" in table:
        with node.noting():
            ids = _ids(table["ids"], vocabulary)
    with node.noting():
        stubs = tuple(_stubs(table["stubs"], vocabulary, wire=wire))
    name = table["scenario"].name()
    description = table["description"].text() if "description" in table else ""
    if node.is_wrong:
        raise AlreadyNoted
    return Scenario(
        name=name,
        description=description,
        ids=ids,
        stubs=stubs,
        # In the order of the document, because the order of members can be seen in replies.
        digest=hashlib.blake2b(orjson.dumps(node.value), digest_size=16).hexdigest(),
    )


def _ids(node: Node, vocabulary: Vocabulary) -> Mapping[str, str]:
    table = node.table(tuple(vocabulary.ids))
    for name, member in table.items():
        member.text()
        if not member.is_wrong and (problems := vocabulary.id_problems(name, member.value)):
            member.note(f"breaks the contract: {'; '.join(problems)}")
    return {name: member.text() for name, member in table.items()}


def _stubs(node: Node, vocabulary: Vocabulary, *, wire: bool) -> Iterator[Stub]:
    items = node.items()
    if len(items) > MOST_STUBS:
        node.refuse(f"wanted at most {MOST_STUBS} stubs, got {len(items)}")
    taken = {UNMATCHED.name: "the reply to calls that no stub matches"}
    for number, item in enumerate(items, start=1):
        with item.noting():
            stub = _stub(item, f"stub {number}", vocabulary, wire=wire)
            if stub.name and stub.name in taken:
                item.note(f"the name {stub.name!r} is taken by {taken[stub.name]}; choose another")
            taken[stub.name] = f"stub number {number}"
            yield stub


def _stub(node: Node, name: str, vocabulary: Vocabulary, *, wire: bool) -> Stub:
    table = node.table(("name", "when", "then", "repeat", "faults"), required=("then",))
    steps: tuple[Step, ...] = ()
    faults: tuple[Fault, ...] = ()
    operations = vocabulary.default_operations(_words(table))
    matcher = Matcher(Operation(operations))
    if "when" in table:
        matcher = _UNKNOWN
        with node.noting():
            matcher = read_matcher(table["when"], vocabulary, operations)
    repeat = "repeat" in table and table["repeat"].flag()
    with node.noting():
        steps = read_steps(table["then"], matcher.operation.names, vocabulary, repeat=repeat)
    if "faults" in table:
        with node.noting():
            faults = faults_of(table["faults"], wire=wire)
    return Stub(table["name"].name() if "name" in table else name, matcher, steps, repeat, faults)


def _words(table: Mapping[str, Node]) -> Iterator[str]:
    """Yield the words of a stub, which nobody has checked yet."""
    when = table["when"].value if "when" in table else {}
    yield from when if isinstance(when, dict) else ()
    yield from outcome_names(table["then"].value)
