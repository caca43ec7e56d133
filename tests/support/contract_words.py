"""Says where the contract and the schema classes differ, in the contract's words, one line for each difference."""

import json
from types import MappingProxyType

from mockserver.contract import schemas as ours
from tests.support.schema_words import Glossary

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
#: What the contract says to people, and to readers other than ours.
ANNOTATIONS = ("description", "title", "summary", "example", "examples", "x-clause")
NOTHING = MappingProxyType({})


def differences(contract, schemas=ours.SCHEMAS, values=ours.VALUES, calls=ours.CALLS):
    """List every place where the contract and the classes do not say the same."""
    glossary = Glossary(schemas, values)
    return [*_component_differences(contract, glossary), *_call_differences(contract, glossary, calls)]


def _component_differences(contract, glossary):
    components = contract["components"]["schemas"]
    classes = {**glossary.schemas, **glossary.values}
    for name in [*components, *(name for name in classes if name not in components)]:
        if name not in classes:
            yield f"{name}: only the contract has it"
        elif name not in components:
            yield f"{name}: only the schemas have it"
        else:
            yield from _compared(name, _bare(components[name]), glossary.component(name))


def _call_differences(contract, glossary, calls):
    listed = dict(operations(contract))
    for name in [*listed, *(name for name in calls if name not in listed)]:
        if name not in calls:
            yield f"{name}: only the contract has it"
        elif name not in listed:
            yield f"{name}: only the table of calls has it"
        else:
            yield from _compared_call(name, *listed[name], calls[name], glossary)


def _compared_call(name, parameters, body, shape, glossary):
    for place, schema in (("path", shape.path), ("query", shape.query)):
        words = parameter_words(parameters, place)
        yield from _compared(f"{name} {place}", words, glossary.of_schema(schema))
    for parameter in parameters:
        if parameter["in"] not in ("path", "query"):
            yield f"{name} {parameter['in']}.{parameter['name']}: only the contract has it"
    yield from _compared(f"{name} body", body, glossary.reference(shape.body) if shape.body else {})


def parameter_words(parameters, place):
    """Say in the words of a schema what the parameters in *place* must be together."""
    listed = [parameter for parameter in parameters if parameter["in"] == place]
    return {
        "type": "object",
        "required": [parameter["name"] for parameter in listed if parameter.get("required")],
        "properties": {parameter["name"]: _bare(parameter["schema"]) for parameter in listed},
    }


def operations(contract):
    """Yield operationId, parameters and the words of the body of every operation."""
    for path in contract["paths"].values():
        for method in METHODS:
            if method in path:
                operation = path[method]
                parameters = [*path.get("parameters", []), *operation.get("parameters", [])]
                request = _resolved(contract, operation.get("requestBody", {}))
                body = request.get("content", {}).get("application/json", {}).get("schema", {})
                yield operation["operationId"], ([_resolved(contract, p) for p in parameters], _bare(body))


def _resolved(contract, node):
    if "$ref" not in node:
        return node
    found = contract
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def _bare(schema):
    """Leave out of *schema* what does not judge; make explicit what an object leaves implicit."""
    if isinstance(schema, bool):
        return schema
    bare = {keyword: value for keyword, value in schema.items() if keyword not in ANNOTATIONS}
    if bare.get("type") == "object":
        bare = {"required": [], "properties": {}, **bare}
    for keyword in ("items", "not", "if", "then"):
        if keyword in bare:
            bare[keyword] = _bare(bare[keyword])
    for keyword in ("oneOf", "anyOf"):
        if keyword in bare:
            bare[keyword] = [_bare(alternative) for alternative in bare[keyword]]
    if "properties" in bare:
        bare["properties"] = {name: _bare(member) for name, member in bare["properties"].items()}
    return bare


def _compared(where, wanted, got):
    """Yield a line for each difference between words of the contract and words of a class."""
    if isinstance(got, str):
        yield f"{where}: {got}"
    elif isinstance(wanted, bool) or isinstance(got, bool):
        yield from _compared_values(where, wanted, got)
    else:
        members = set(wanted.get("properties", NOTHING)) & set(got.get("properties", NOTHING))
        for keyword in dict.fromkeys([*wanted, *got]):
            pair = wanted.get(keyword), got.get(keyword)
            if keyword == "items" and None not in pair:
                yield from _compared(f"{where}[]", *pair)
            elif keyword == "properties" and None not in pair:
                yield from _compared_members(where, *pair)
            elif keyword == "required" and None not in pair:
                yield from _compared_required(where, *(set(names) & members for names in pair))
            elif keyword in ("discriminator", "mapping") and None not in pair:
                yield from _compared(f"{where}: {keyword}", *pair)
            else:
                yield from _compared_values(f"{where}: {keyword}", *pair)


def _compared_members(where, wanted, got):
    for name in dict.fromkeys([*wanted, *got]):
        if name not in got:
            yield f"{where}.{name}: only the contract has it"
        elif name not in wanted:
            yield f"{where}.{name}: only the schema has it"
        else:
            yield from _compared(f"{where}.{name}", wanted[name], got[name])
    both = wanted.keys() & got.keys()
    if [name for name in wanted if name in both] != [name for name in got if name in both]:
        yield f"{where}: members stand in another order"


def _compared_required(where, wanted, got):
    for name in sorted(wanted - got):
        yield f"{where}.{name}: only the contract requires it"
    for name in sorted(got - wanted):
        yield f"{where}.{name}: only the schema requires it"


def _compared_values(what, wanted, got):
    # As text, because Python takes 1, 1.0 and true for the same.
    wanted, got = json.dumps(wanted, sort_keys=True), json.dumps(got, sort_keys=True)
    if wanted != got:
        yield f"{what}: the contract says {wanted}, the schema {got}"
