"""Finds prose that stands unquoted in a flow collection of YAML, `{...}` or `[...]`.

A comma ends such a sentence, and what follows it becomes a key of its own: `{description: the preset, or the file}`
describes nothing but "the preset".
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml


def loose_words(text: str) -> list[str]:
    """Name what is loose in a flow collection of *text*: a key without a value, or several words without quotes."""
    roots = yaml.compose_all(text, Loader=yaml.CSafeLoader)
    return [f"line {node.start_mark.line + 1}: {what}" for root in roots if root for node, what in _loose(root)]


def _loose(node: yaml.Node, *, inside: bool = False) -> Iterator[tuple[yaml.Node, str]]:
    inside = inside or bool(getattr(node, "flow_style", False))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if node.flow_style and isinstance(value, yaml.ScalarNode) and not value.value and not value.style:
                yield key, f"{key.value!r} is a key without a value; quote the text that it belongs to"
            yield from _loose(key, inside=inside)
            yield from _loose(value, inside=inside)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _loose(item, inside=inside)
    elif inside and not node.style and " " in node.value:
        yield node, f"{node.value!r} has to be quoted; a comma in it would cut it"
