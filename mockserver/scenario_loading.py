"""Read scenarios: files, texts of the admin API, and the presets that ship with the server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import orjson

from mockserver.errors import ScenarioError, nearest
from mockserver.faults import faults_of
from mockserver.kept import parsed_once
from mockserver.matcher_loading import read_matcher
from mockserver.matching import Matcher
from mockserver.model import Json
from mockserver.outcome_loading import ContractRules, read_steps
from mockserver.parts import Misfit, Part
from mockserver.scenarios import UNMATCHED, Scenario, Stub
from mockserver.sessions import FixedIds

__all__ = ["ContractRules", "load_preset", "load_scenario", "preset", "preset_names", "scenario_schema"]

#: The contract's component for each identifier that a scenario may fix.
IDS = {"visitor": "VisitorId", "session": "SessionId", "page": "PageId"}
MOST_STUBS = 10_000
_HERE = Path(__file__).parent
_PRESETS = _HERE / "presets"


def load_scenario(text: str, source: str, rules: ContractRules, *, wire: bool = True) -> Scenario:
    """Read a scenario and check it against the contract. Raises `ScenarioError`.

    Without *wire* it may have no fault that needs the connection itself.
    """
    from mockserver.documents import position_of, read_document  # and with them YAML's, which presets do without

    document = read_document(text, source)
    try:
        return _scenario(Part(document), rules, wire=wire)
    except Misfit as misfit:
        line, column = position_of(text, misfit.path, at_key=misfit.at_key)
        raise ScenarioError(f"{source}:{line}:{column}: {misfit}") from misfit


def load_preset(name: str, rules: ContractRules, *, wire: bool = True) -> Scenario:
    """Load a scenario that ships with the server. Raises `ScenarioError`, for an unknown name too."""
    try:
        return _scenario(Part(_document_of(name)), rules, wire=wire)
    except Misfit:
        return load_scenario(preset(name), name, rules, wire=wire)  # which says where


def preset_names() -> tuple[str, ...]:
    """Return the names of the scenarios that ship with the server, sorted."""
    return tuple(sorted(file.stem for file in _PRESETS.glob("*.yaml")))


def preset(name: str) -> str:
    """Return the text of a scenario that ships with the server. Raises `ScenarioError` for an unknown name."""
    return _preset_file(name).read_text(encoding="utf-8")


def scenario_schema() -> str:
    """Return the JSON Schema of scenario documents, for editors."""
    return (_HERE / "scenario.schema.json").read_text(encoding="utf-8")


def _scenario(part: Part, rules: ContractRules, *, wire: bool) -> Scenario:
    table = part.table(("scenario", "description", "ids", "stubs"), required=("scenario", "stubs"))
    return Scenario(
        name=table["scenario"].name(),
        description=table["description"].text() if "description" in table else "",
        ids=_ids(table["ids"], rules) if "ids" in table else FixedIds(),
        stubs=tuple(_stubs(table["stubs"], rules, wire=wire)),
        # In the order of the document, because the order of members can be seen in replies.
        digest=hashlib.blake2b(orjson.dumps(part.value), digest_size=16).hexdigest(),
    )


def _ids(part: Part, rules: ContractRules) -> FixedIds:
    table = part.table(tuple(IDS))
    for name, member in table.items():
        member.text()
        if problems := rules.component_problems(IDS[name], member.value):
            member.refuse(f"breaks the contract: {'; '.join(problems)}")
    return FixedIds(**{name: member.text() for name, member in table.items()})


def _stubs(part: Part, rules: ContractRules, *, wire: bool) -> Iterator[Stub]:
    items = part.items()
    if len(items) > MOST_STUBS:
        part.refuse(f"wanted at most {MOST_STUBS} stubs, got {len(items)}")
    taken = {UNMATCHED.name: "the reply to calls that no stub matches"}
    for number, item in enumerate(items, start=1):
        stub = _stub(item, f"stub {number}", rules, wire=wire)
        if stub.name in taken:
            item.refuse(f"the name {stub.name!r} is taken by {taken[stub.name]}; choose another")
        taken[stub.name] = f"stub number {number}"
        yield stub


def _stub(part: Part, name: str, rules: ContractRules, *, wire: bool) -> Stub:
    table = part.table(("name", "when", "then", "repeat", "faults"), required=("then",))
    matcher = read_matcher(table["when"], rules) if "when" in table else Matcher()
    repeat = "repeat" in table and table["repeat"].flag()
    return Stub(
        name=table["name"].name() if "name" in table else name,
        matcher=matcher,
        steps=read_steps(table["then"], matcher.operations, rules, repeat=repeat),
        repeat=repeat,
        faults=faults_of(table["faults"], wire=wire) if "faults" in table else (),
    )


def described(name: str) -> str:
    """Return the sentence with which a preset describes itself."""
    sentence: str = _document_of(name).get("description", "")
    return sentence


def _preset_file(name: str) -> Path:
    names = preset_names()
    if name not in names:
        raise ScenarioError(f"unknown preset {name!r}{nearest(name, names) or '.'} Presets: {', '.join(names)}")
    return _PRESETS / f"{name}.yaml"


def _document_of(name: str) -> dict[str, Json]:
    def parsed(text: bytes) -> Json:
        from mockserver.documents import read_document

        return read_document(text.decode(), name)

    document: dict[str, Json] = parsed_once(_preset_file(name), parsed)
    return document
