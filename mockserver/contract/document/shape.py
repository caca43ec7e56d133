"""Refuses a document that has a word, a type or a value in it that no code honours.

`document.schema.json` lists what is honoured. Who reads a document after `refuse_misshapen` finds what that promises:
every part is there, of its type, and of the kind that its place is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from mockserver.abbreviation import MOST_CHARACTERS, described
from mockserver.contract.document.pointers import at, named_part
from mockserver.errors import SpecError, nearest
from mockserver.model import Json

_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "null",
}
#: Of more known words than this, only the one nearest to an unknown word is named.
_FEW = 12


def refuse_misshapen(document: Mapping[str, Any]) -> None:
    """Raise `SpecError` for the first part of *document* that nobody honours: its place, what it is, the way out."""
    schema, validator = _reader()
    try:
        error = next(validator.iter_errors(document), None)
    except ValueError as unreadable:  # a date, a number as a key: YAML has values that JSON has not
        raise SpecError(f"the document is not one of JSON: {unreadable}; put the value in quotes") from unreadable
    if error is not None:
        path = list(error.instance_path)
        raise SpecError(f"{named_part(document, path)}: {_mistake(schema, error, path)}")


@cache
def _reader() -> tuple[Json, Any]:
    schema = orjson.loads(Path(__file__).with_name("document.schema.json").read_bytes())
    return schema, jsonschema_rs.validator_for(schema)


def _mistake(schema: Json, error: Any, path: Sequence[str | int]) -> str:
    """Say what *error* found, what was expected, and the way out, with the words that stand in *schema*."""
    kind, broken = error.kind, at(schema, error.schema_path[:-1])
    annotations = broken if isinstance(broken, Mapping) else {}
    way_out = annotations.get("x-way-out")
    match kind.name:
        case "additionalProperties":
            return _unknown(str(kind.unexpected[0]), annotations)
        case "falseSchema":
            return f"the keyword {path[-1]!r} is not honoured here; take it out"
        case "required":
            return f"{kind.property!r} is missing; add it"
        case "type":
            what = f"must be {' or '.join(_TYPES[name] for name in kind.types)}, got {described(error.instance)}"
        case "enum":
            known = [str(option) for option in kind.options]
            got = error.instance
            hint = nearest(got, known) if isinstance(got, str) and len(got) <= MOST_CHARACTERS and not way_out else ""
            what = f"must be one of {', '.join(known)}, got {described(got)}{hint}"
        case "const":
            what = f"must be {kind.expected_value}, got {described(error.instance)}"
        case "pattern":
            what = f"{described(error.instance)} is not honoured"
        case _:
            what = str(error.message)[:200]
    return f"{what}; {way_out}" if way_out else what


def _unknown(name: str, annotations: Mapping[str, Json]) -> str:
    noun = annotations.get("x-noun", "keyword")
    what = f"the {noun} {name!r} is not honoured by the server"
    way_out = annotations.get("x-refused", {}).get(name)
    if way_out:
        return f"{what}; {way_out}"
    known = list(annotations.get("properties", ()))
    hint = nearest(name, known) if len(name) <= MOST_CHARACTERS else ""
    if hint or not known:
        return f"{what}{hint}"
    return f"{what}; take it out" + (f", honoured are {', '.join(known)}" if len(known) <= _FEW else "")
