"""The contract as the harness reads it: operations, clauses, examples, and the line where each of them stands.

This is a reader of its own. The mock server has another; two readers that agree are evidence, one is an opinion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml

from ..errors import DocumentError
from ..locations import PACKAGE
from ..reading.json_text import Json
from .clause import Clause
from .operation import Operation, Response
from .pointers import escaped, lines_of

#: Every method that a path item may hold.
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Document:
    """The whole contract, with a way from each part to its line."""

    name: str
    data: Mapping[str, Json]
    lines: Mapping[str, int]

    @cached_property
    def clauses(self) -> Mapping[str, Clause]:
        """Return every clause by its id, in the order of the document."""
        titles = {tag: source["title"] for tag, source in self.data["x-sources"].items()}
        return {
            entry["id"]: Clause(
                id=entry["id"],
                rule=entry["rule"],
                about=entry["about"],
                standing=entry["standing"],
                status=entry.get("status"),
                internal_code=entry.get("internalCode"),
                sources=tuple(titles[tag] for tag in entry["source"]),
                pointer=f"/x-clauses/{number}",
            )
            for number, entry in enumerate(self.data["x-clauses"])
        }

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """Return every operation by its operationId, in the order of the document."""
        return {operation.id: operation for operation in self._operations()}

    @cached_property
    def _found(self) -> dict[str, Json]:
        """Hold what pointers were already followed to; thousands of calls are read by the same few."""
        return {}

    def line(self, pointer: str) -> int:
        """Return the line where *pointer*, or the nearest part around it, stands."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)

    def at(self, pointer: str) -> Json:
        """Return what stands at *pointer*."""
        if pointer not in self._found:
            node: Json = self.data
            for token in pointer.split("/")[1:]:
                key = token.replace("~1", "/").replace("~0", "~")
                node = node[int(key)] if isinstance(node, list) else node[key]
            self._found[pointer] = node
        return self._found[pointer]

    def resolved(self, pointer: str) -> str:
        """Follow the references at *pointer* and return where they lead."""
        node = self.at(pointer)
        while isinstance(node, dict) and "$ref" in node:
            pointer = node["$ref"].removeprefix("#")
            node = self.at(pointer)
        return pointer

    def clause_around(self, pointer: str) -> str | None:
        """Return the nearest clause that a schema at or around *pointer* names."""
        while pointer:
            node = self.at(pointer)
            if isinstance(node, dict) and isinstance(node.get("x-clause"), str):
                return str(node["x-clause"])
            pointer = pointer.rpartition("/")[0]
        return None

    def parameters(self, operation: Operation) -> tuple[str, ...]:
        """Return the pointers of the parameters of *operation*: first those of its path, then its own."""
        return tuple(self._parameters(operation.pointer))

    def methods_of(self, path: str) -> frozenset[str]:
        """Return the methods that the contract allows at *path*."""
        return frozenset(operation.method for operation in self.operations.values() if operation.matches(path))

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.data["paths"].items():
            for method in METHODS:
                if method in item:
                    pointer = f"/paths/{escaped(path)}/{method}"
                    yield self._operation(path, item, pointer)

    def _operation(self, path: str, item: Mapping[str, Json], pointer: str) -> Operation:
        entry = self.at(pointer)
        return Operation(
            id=entry["operationId"],
            method=pointer.rpartition("/")[2].upper(),
            path=path,
            aliases=tuple(item.get("x-aliases", ())),
            pointer=pointer,
            responses={
                int(code): self._response(int(code), f"{pointer}/responses/{code}") for code in entry["responses"]
            },
            examples=dict(self._examples(pointer)),
            consumes=self._consumes(pointer),
            clauses=tuple(entry.get("x-clauses", ())),
            tunnel=entry.get("x-tunnel", {}),
        )

    def _consumes(self, pointer: str) -> str:
        if "requestBody" not in self.at(pointer):
            return ""
        return str(next(iter(self.at(self.resolved(f"{pointer}/requestBody"))["content"])))

    def _examples(self, pointer: str) -> Iterator[tuple[tuple[str, str], Json]]:
        for where in self._parameters(pointer):
            parameter = self.at(where)
            if parameter.get("required"):
                yield (parameter["in"], parameter["name"]), parameter.get("example")

    def _parameters(self, pointer: str) -> Iterator[str]:
        for holder in (pointer.rpartition("/")[0], pointer):
            for number in range(len(self.at(holder).get("parameters", ()))):
                yield self.resolved(f"{holder}/parameters/{number}")

    def _response(self, status: int, pointer: str) -> Response:
        pointer = self.resolved(pointer)
        entry = self.at(pointer)
        headers = {name: self.resolved(f"{pointer}/headers/{escaped(name)}") for name in entry.get("headers", {})}
        return Response(
            status=status,
            pointer=pointer,
            schemas={
                media: self.resolved(f"{pointer}/content/{escaped(media)}/schema") for media in entry.get("content", {})
            },
            headers={
                name: (f"{where}/schema", bool(self.at(where).get("required", False)))
                for name, where in headers.items()
            },
            clauses=tuple(entry.get("x-clauses", ())),
        )


def default_path() -> Path:
    """Return the contract of this installation: beside the packages, or inside the installed server's.

    Raises DocumentError when it is in neither.
    """
    for candidate in (PACKAGE.parent / "openapi.yaml", PACKAGE.parent / "mockserver" / "openapi.yaml"):
        if candidate.is_file():
            return candidate
    raise DocumentError(f"openapi.yaml was not found beside {PACKAGE}; reinstall the package")


def load(path: Path | None = None) -> Document:
    """Read the contract at *path*, by default the one of this installation.

    Raises DocumentError when it is not there, or is no contract.
    """
    path = path or default_path()
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=yaml.CSafeLoader)  # the C twin of safe_load
    except (OSError, yaml.YAMLError) as error:
        raise DocumentError(f"{path} cannot be read as a contract: {error}") from error
    if root is None or not isinstance(data, dict) or not {"openapi", "paths", "x-clauses", "x-sources"} <= data.keys():
        raise DocumentError(f"{path} is no contract: openapi, paths, x-clauses and x-sources must stand at its top")
    return Document(name=path.name, data=data, lines=dict(lines_of(root)))
