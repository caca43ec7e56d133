"""The paths of operations: their parameters, and what a router makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from mockserver.errors import SpecError

_PARAMETER = re.compile(r"\{([^{}/]+)\}")
_NO_LETTER_OF_A_VARIABLE = re.compile(r"[^A-Za-z0-9_]")


class Rule(NamedTuple):
    """A path as werkzeug's router wants it, whose variables may have letters, digits and underscores only."""

    #: `/app/<app_installation_id>` for the path `/app/{app-installation-id}`.
    text: str
    #: The name of the parameter by the name of its variable.
    parameters: Mapping[str, str]
    #: As it stands in the contract.
    path: str

    @property
    def renames(self) -> bool:
        """Whether a variable has another name than its parameter."""
        return any(variable != name for variable, name in self.parameters.items())

    def path_values(self, variables: Mapping[str, str]) -> Mapping[str, str]:
        """Return the values of the *variables* that the router read, by the names of their parameters."""
        return {self.parameters[name]: value for name, value in variables.items()}


def parameters_of(path: str) -> list[str]:
    """Return the names of the parameters in *path*, in their order."""
    return _PARAMETER.findall(path)


def rule_of(path: str) -> Rule:
    """Write *path* for werkzeug's router. Raises `SpecError` for one that it cannot read."""
    names = parameters_of(path)
    literal = _PARAMETER.sub("", path)
    if not path.startswith("/") or any(sign in literal for sign in "{}<>?#"):
        raise SpecError(
            f"paths: {path!r} is no path of a router: it begins with a slash, each parameter stands in {{braces}}, "
            "and there is no < > ? or # in it; what follows a question mark is a parameter `in: query`"
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SpecError(f"paths: {path!r} names the parameter {twice!r} twice; give one of them another name")
    parameters = dict(zip(_variables(names), names, strict=True))
    variables = iter(parameters)
    return Rule(_PARAMETER.sub(lambda _: f"<{next(variables)}>", path), parameters, path)


def refuse_same_paths(claims: Iterable[tuple[str, str, str]]) -> None:
    """Raise `SpecError` when two of *claims* (method, path, operationId) are the same route, whatever its variables."""
    claimed: dict[tuple[str, str], str] = {}
    for method, path, operation in claims:
        route = (method, _PARAMETER.sub("{}", path))
        if route in claimed:
            raise SpecError(
                f"paths: {method} {path} is the path of {claimed[route]} already, so that nobody would ever reach "
                f"{operation} by it; give one of them another path, or take it out of x-aliases"
            )
        claimed[route] = operation


def _variables(names: Iterable[str]) -> Iterator[str]:
    """Yield a name of a variable for each of the *names*, no two alike."""
    taken: set[str] = set()
    for name in names:
        variable = _NO_LETTER_OF_A_VARIABLE.sub("_", name)
        if variable[0].isdigit():
            variable = f"_{variable}"
        while variable in taken:
            variable += "_"
        taken.add(variable)
        yield variable
