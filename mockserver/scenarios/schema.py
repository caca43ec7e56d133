"""The JSON Schema of scenario documents, for editors: made of the words that a server knows."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.model import Json
from mockserver.scenarios.conditions import OPERATION
from mockserver.scenarios.documents.nodes import LONGEST_NAME
from mockserver.scenarios.faults import FAULTS, MOST_FAULTS, WINDOW
from mockserver.scenarios.faults.window import Window
from mockserver.scenarios.reading.loading import MOST_STUBS
from mockserver.scenarios.reading.then import LONGEST_MS, MOST_STEPS, MOST_TIMES
from mockserver.scenarios.scenario import UNMATCHED
from mockserver.scenarios.vocabulary import Vocabulary


def scenario_schema(vocabulary: Vocabulary) -> dict[str, Json]:
    """Return the schema of what may be said in *vocabulary*."""
    default = ", ".join(f"`{name}`" for name in vocabulary.default_operations())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of the mock server",
        "description": "A named list of stubs; the first that matches a call answers it.",
        **_table(
            {
                "scenario": {"description": "The name of the scenario.", **_reference("name")},
                "description": {"description": "What the scenario shows, in a sentence.", "type": "string"},
                "ids": {
                    "description": "Identifiers that are fixed instead of drawn from the seed.",
                    **_table({name: {"type": "string"} for name in vocabulary.ids}),
                },
                "stubs": {
                    "description": "The first stub whose conditions all hold answers.",
                    **_list("stub", most=MOST_STUBS),
                },
            },
            "scenario",
            "stubs",
        ),
        "$defs": {
            "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": LONGEST_NAME,
                "pattern": "^[!-~]([ -~]*[!-~])?$",
            },
            "texts": {
                "description": "A text, or a list of alternatives.",
                "oneOf": [{"type": "string"}, {"type": "array", "minItems": 1, "items": {"type": "string"}}],
            },
            "stub": _stub(default),
            "matcher": _matcher(vocabulary, default),
            "outcome": _outcome(vocabulary),
            "fault": _fault(),
        },
    }


def _stub(default: str) -> dict[str, Json]:
    return _table(
        {
            "name": {
                "description": 'Shown in the header Mock-Stub; without one it is "stub 1", "stub 2" and so on. '
                f'"{UNMATCHED.name}" is taken.',
                "allOf": [_reference("name"), {"not": {"const": UNMATCHED.name}}],
            },
            "when": {
                "description": f"Conditions on the call; all must hold. Empty matches every call of {default}.",
                **_reference("matcher"),
            },
            "then": {
                "description": "What follows: one outcome, or a list that is gone through.",
                "oneOf": [_reference("outcome"), {"minItems": 1, **_list("outcome", most=MOST_STEPS)}],
            },
            "repeat": {"description": "Start the list over after its last outcome.", "type": "boolean"},
            "faults": {"description": "Distortions of the reply, in order.", **_list("fault", most=MOST_FAULTS)},
        },
        "then",
    )


def _matcher(vocabulary: Vocabulary, default: str) -> dict[str, Json]:
    described = {
        name: {"description": word.kind.summary, **word.kind.schema} for name, word in vocabulary.conditions.items()
    }
    described[OPERATION]["description"] += f" Without it: {default}."
    return _table(described)


def _outcome(vocabulary: Vocabulary) -> dict[str, Json]:
    words = vocabulary.outcomes
    table = _table(
        {
            **{name: {"description": word.kind.summary, **word.kind.schema} for name, word in words.items()},
            "off_contract": {
                "description": "What stands beside it deviates from the contract on purpose.",
                "type": "boolean",
            },
            "times": {
                "description": "It answers so many calls.",
                "type": "integer",
                "minimum": 1,
                "maximum": MOST_TIMES,
            },
            "for_ms": {
                "description": "It answers until so much time has passed on the clock of the space.",
                "type": "integer",
                "minimum": 1,
                "maximum": LONGEST_MS,
            },
        }
    )
    table["oneOf"] = [{"required": [name]} for name in words]
    table["not"] = {"required": ["times", "for_ms"]}
    able = [{"required": [name]} for name, word in words.items() if word.kind.may_leave_contract]
    table["dependentSchemas"] = {"off_contract": {"anyOf": able}}
    return {"oneOf": [*({"const": name} for name, word in words.items() if word.kind.may_stand_alone), table]}


def _fault() -> dict[str, Json]:
    faults = {name: {"description": fault.summary, **fault.schema} for name, fault in FAULTS.items()}
    return {
        "description": "One fault with its settings, and perhaps the window of calls that it is for.",
        **_table({**faults, WINDOW: Window.schema}),
        "oneOf": [{"required": [name]} for name in FAULTS],
    }


def _table(properties: Mapping[str, Json], *required: str) -> dict[str, Json]:
    table: dict[str, Json] = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**table, "required": list(required)} if required else table


def _list(definition: str, *, most: int) -> dict[str, Json]:
    return {"type": "array", "maxItems": most, "items": _reference(definition)}


def _reference(definition: str) -> dict[str, Json]:
    return {"$ref": f"#/$defs/{definition}"}
