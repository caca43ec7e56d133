"""The paths of the contract, with their parameters in braces, and what stands for these in the path of a call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

_PARAMETER = re.compile(r"\{([^{}/]+)\}")


def values_in(path: str, template: str) -> Mapping[str, str] | None:
    """Return what stands for the parameters of *template* in *path*; None where the path is none of its paths."""
    pattern, names = _pattern(template)
    match = pattern.fullmatch(path)
    return dict(zip(names, match.groups(), strict=True)) if match else None


def path_of(template: str, values: Mapping[str, Any]) -> str:
    """Return the path of *template* with *values* for its parameters, as a URL has it; one without a value stays."""
    return _PARAMETER.sub(lambda found: quote(str(values.get(found[1], found[0])), safe=""), template)


@cache
def _pattern(template: str) -> tuple[re.Pattern[str], list[str]]:
    """Return a pattern for the paths of *template*, and the names of its groups; a value holds no slash."""
    literals = _PARAMETER.split(template)[::2]
    return re.compile("([^/]+)".join(map(re.escape, literals))), _PARAMETER.findall(template)
