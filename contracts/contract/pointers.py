"""JSON pointers into a YAML document, and the lines where they lead."""

from __future__ import annotations

from collections.abc import Iterator

import yaml


def escaped(token: str) -> str:
    """Return *token* as one step of a JSON pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def lines_of(node: yaml.Node, pointer: str = "") -> Iterator[tuple[str, int]]:
    """Pair the pointer of every part below *node* with the line where its key stands."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = f"{pointer}/{escaped(str(key.value))}"
            yield below, key.start_mark.line + 1
            yield from lines_of(value, below)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            below = f"{pointer}/{number}"
            yield below, value.start_mark.line + 1
            yield from lines_of(value, below)
