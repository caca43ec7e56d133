"""Does a client's call keep the contract? Each rule that it meets is tried, with the contract's own schemas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...contract.document import Document
from ...contract.operation import Operation
from ...contract.routes import Routes
from ...contract.shapes import SchemaViolation, Shapes
from ...reading.json_text import Json
from ..attempts import Attempt
from . import bodies
from .judgements import Judgement

#: Members that only a body of Update Session has.
_MEANT_UPDATE = frozenset({"impAttributes", "pageId"})
#: Printed once in an old edition of the pages, and never served.
_SINGULAR = re.compile(r".*/app/engagement/visitor/.*")


@dataclass(frozen=True)
class CallRules:
    """The rules of one contract about calls."""

    document: Document
    shapes: Shapes
    routes: Routes

    def judge(self, attempts: Sequence[Attempt]) -> tuple[Judgement, ...]:
        """Judge every call of a run."""
        return tuple(judgement for attempt in attempts for judgement in self._call(attempt))

    def clause_of_member(self, operation: Operation, member: str) -> str | None:
        """Return the clause of the parameter or the member of the body that *member* names, by its dotted path."""
        for holder in (operation.pointer.rpartition("/")[0], operation.pointer):
            for number in range(len(self.document.at(holder).get("parameters", ()))):
                parameter = self.document.at(self.document.resolved(f"{holder}/parameters/{number}"))
                if parameter["name"] == member:
                    return str(parameter["x-clause"])
        if not operation.consumes:
            return None
        media = operation.consumes.replace("/", "~1")
        holder = self.document.resolved(f"{operation.pointer}/requestBody")
        pointer = self.document.resolved(f"{holder}/content/{media}/schema")
        clause = self.document.clause_around(pointer)
        for name in member.split("."):
            inner = f"{pointer}/properties/{name}"
            if name not in self.document.at(pointer).get("properties", {}):
                break
            pointer = self.document.resolved(inner)
            clause = self.document.at(inner).get("x-clause") or self.document.at(pointer).get("x-clause") or clause
        return clause

    def _call(self, attempt: Attempt) -> Iterator[Judgement]:
        if attempt.operation is None:
            yield self._stray(attempt)
            return
        yield _kept("REQ-404", attempt)
        if override := self._override(attempt):
            yield override
            return
        yield _kept("REQ-405", attempt)
        if attempt.operation == "createFirstSession":
            yield _kept("REST-EMPTY-VISITOR", attempt)
        if attempt.tunnelled:
            yield _kept("US-TUNNEL", attempt)
        yield from self._parameters(attempt)
        yield from self._body(attempt)

    def _stray(self, attempt: Attempt) -> Judgement:
        if _SINGULAR.fullmatch(attempt.path):
            clause, cure = "REST-SINGULAR-PATH", "write visitors instead of visitor"
        elif self.routes.find(attempt.method, attempt.path, attempt.headers).path_known:
            allowed = " or ".join(sorted(self.document.methods_of(attempt.path)))
            clause, cure = "REQ-405", f"use {allowed}"
        else:
            operations = self.document.operations.values()
            clause, cure = "REQ-404", "call one of " + ", ".join(operation.path for operation in operations)
        return _broken(clause, attempt, "path", f"{attempt.method} {attempt.path} is no call of the contract", cure)

    def _override(self, attempt: Attempt) -> Judgement | None:
        """Judge a POST that means another method than any tunnel of the contract takes it for."""
        tunnel = next(operation.tunnel for operation in self.document.operations.values() if operation.tunnel)
        wanted = attempt.headers.get(tunnel["header"].lower())
        if wanted is None or attempt.tunnelled or attempt.method != tunnel["method"]:
            return None
        clause = "REQ-405" if wanted.strip().upper() == tunnel["value"] else "REQ-400-OVERRIDE"
        where, what = f"header.{tunnel['header'].lower()}", f"{tunnel['header']} of a POST is {wanted!r}"
        return _broken(clause, attempt, where, what, f"leave {tunnel['header']} out of this call")

    def _parameters(self, attempt: Attempt) -> Iterator[Judgement]:
        for where in self.document.parameters(self.document.operations[str(attempt.operation)]):
            yield from self._parameter(attempt, where)

    def _parameter(self, attempt: Attempt, pointer: str) -> Iterator[Judgement]:
        parameter = self.document.at(pointer)
        location, name, clause = parameter["in"], parameter["name"], str(parameter["x-clause"])
        where = f"{location}.{name}"
        if location == "path":
            given = [attempt.path_values[name]]
        else:
            given = [value for key, value in attempt.query if key == name]
        if len(given) > 1:
            yield _broken("REQ-400-REPEATED", attempt, where, f"{name} is sent {len(given)} times", f"send {name} once")
        elif given:
            if location == "query":
                yield _kept("REQ-400-REPEATED", attempt)
            schema = self.document.resolved(f"{pointer}/schema")
            violation = next(self.shapes.violations(schema, given[0]), None)
            if violation is None:
                yield _kept(clause, attempt)
            else:
                cure = violation.cure.replace("the body", name).replace(" it ", f" {name} ")
                if violation.pointer.endswith("/pattern") and parameter.get("required") and name != "sid":
                    pattern = self.document.at(violation.pointer)
                    cure = f"send {name} as {parameter['example']!r}, or another that fits {pattern}"
                yield _broken(clause, attempt, where, f"{name}={given[0]}: {violation.what}", cure)
        elif parameter.get("required"):
            example = parameter.get("example")
            cure = f"add {name}={example} to the query" if name != "sid" else "add sid={sessionId of the latest reply}"
            yield _broken(clause, attempt, where, f"{name} is missing", cure)

    def _body(self, attempt: Attempt) -> Iterator[Judgement]:
        operation = self.document.operations[str(attempt.operation)]
        if not operation.consumes:
            return
        content = self.document.at(self.document.resolved(f"{operation.pointer}/requestBody"))
        if attempt.unread:
            return  # the server has not read it, and nobody has all of it
        if not attempt.body and not content.get("required"):
            yield _kept("JS-OPTIONS", attempt)
            return
        body, flaws = bodies.read(attempt.headers, attempt.body, operation.consumes)
        yield from (_broken(flaw.clause, attempt, flaw.where, flaw.what, flaw.cure) for flaw in flaws)
        if not any(flaw.where.startswith("header.") for flaw in flaws):
            yield _kept("REQ-415", attempt)
        if flaws:
            return
        holder = self.document.resolved(f"{operation.pointer}/requestBody")
        media = operation.consumes.replace("/", "~1")
        schema = self.document.resolved(f"{holder}/content/{media}/schema")
        yield from self._members(attempt, schema, body)

    def _members(self, attempt: Attempt, pointer: str, body: Json) -> Iterator[Judgement]:
        met = dict(self._met(pointer, body, ""))
        if "engagementAttributes" in met:
            met["engagementAttributes, events"] = "GE-400-IMPRESSION"
        broken: set[str] = set()
        for violation in self._explained(pointer, body):
            clause = self._clause(violation, met, body)
            where = ".".join(filter(None, ["body", violation.where]))
            meant = self._other_method(attempt, violation, body)
            broken.add(meant.clause if meant else clause)
            yield meant or _broken(clause, attempt, where, violation.what, self._cure(clause, violation))
        for clause in sorted(set(met.values()) - broken):
            yield _kept(clause, attempt)

    def _other_method(self, attempt: Attempt, violation: SchemaViolation, body: Json) -> Judgement | None:
        """Judge the method of a call whose body lacks what its operation needs, and is that of another one."""
        members = body.keys() if isinstance(body, dict) else frozenset()
        if violation.where or not _lacks_member(violation):
            return None
        if attempt.operation == "createSession" and "appType" not in members and members & _MEANT_UPDATE:
            what = f"the body is one of Update Session ({_named(members & _MEANT_UPDATE)}), sent with {attempt.method}"
            return _broken("US-TUNNEL", attempt, "body", what, "send Update Session with PUT")
        if attempt.operation == "updateSession" and "appType" in members and not members & _MEANT_UPDATE:
            what = f"the body is one of Create Session (appType), sent with {attempt.method}"
            return _broken("REST-PATH", attempt, "body", what, "send Create Session with POST")
        return None

    def _explained(self, pointer: str, value: Json) -> Iterator[SchemaViolation]:
        """Yield violations; where all branches of a choice said no, let the branch that was meant explain itself."""
        for violation in self.shapes.violations(pointer, value):
            inner = violation.pointer.removesuffix("/oneOf")
            if inner == violation.pointer or not violation.where:
                yield violation
                continue
            for below in self._explained(inner, _at(value, violation.where)):
                where = ".".join(filter(None, [violation.where, below.where]))
                yield SchemaViolation(where, below.what, below.cure, below.pointer)

    def _clause(self, violation: SchemaViolation, met: dict[str, str], body: Json) -> str:
        """Name the rule that a violation breaks: that of the innermost member that names one."""
        if violation.where.startswith("engagementAttributes") and self._is_impression(_at(body, violation.where)):
            return "GE-400-IMPRESSION"
        if violation.pointer.endswith("/required"):
            missing = violation.what.split('"')[1]
            schema = self.document.resolved(violation.pointer.removesuffix("/required"))
            member = self.document.at(schema).get("properties", {}).get(missing, {})
            if "x-clause" in member:
                return str(member["x-clause"])
        path = violation.where
        while path not in met and path:
            path = path.rpartition(".")[0]
        # A schema that is used several times names no clause; the member that it stands for does.
        return self.document.clause_around(violation.pointer) or met.get(path) or "GE-400-BODY"

    def _cure(self, clause: str, violation: SchemaViolation) -> str:
        if clause == "GE-400-IMPRESSION":
            return "report impression events in impAttributes of Update Session"
        return violation.cure

    def _is_impression(self, value: Json) -> bool:
        kinds = self.document.data["components"]["schemas"]["ImpressionEvent"]["discriminator"]["mapping"]
        return isinstance(value, str | dict) and (value.get("type") if isinstance(value, dict) else value) in kinds

    def _met(self, pointer: str, value: Json, path: str) -> Iterator[tuple[str, str]]:
        """Pair each member of *value* that the contract has a rule for with that rule."""
        named = self.document.at(pointer).get("x-clause")
        pointer = self.document.resolved(pointer)
        schema = self.document.at(pointer)
        clause = named or schema.get("x-clause")
        if clause:
            yield path, str(clause)
        if isinstance(value, dict):
            for name in schema.get("properties", {}).keys() & value.keys():
                below = f"{path}.{name}" if path else name
                yield from self._met(f"{pointer}/properties/{name}", value[name], below)


def _lacks_member(violation: SchemaViolation) -> bool:
    return "is a required property" in violation.what


def _named(members: Iterable[str]) -> str:
    return ", ".join(sorted(members))


def _at(value: Json, where: str) -> Json:
    for step in where.split(".") if where else ():
        if isinstance(value, list):
            value = value[int(step)]
        elif isinstance(value, dict):
            value = value.get(step)
    return value


def _kept(clause: str, attempt: Attempt) -> Judgement:
    return Judgement("call", clause, kept=True, exchanges=(attempt.number,))


def _broken(clause: str, attempt: Attempt, where: str, what: str, cure: str) -> Judgement:
    return Judgement("call", clause, kept=False, where=where, what=what, cure=cure, exchanges=(attempt.number,))
