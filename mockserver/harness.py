"""Finds the harness: a package of its own, which the server never loads."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final

from mockserver.errors import MockServerError, installing

#: Its name, also in a checkout, where it is the folder `contracts`: what else is called `contracts` is somebody else's.
NAME: Final = "mockserver_contracts"


def harness(module: str) -> ModuleType:
    """Import *module* of the harness; raises MockServerError that says which extra is missing."""
    try:
        if NAME not in sys.modules:
            _load_package()
        return import_module(f"{NAME}.{module}")
    except ModuleNotFoundError as error:
        raise MockServerError(
            f"the harness needs {error.name}, which is not installed; {installing('contracts')}"
        ) from error


def _load_package() -> None:
    """Load the package from where it lies beside this one, whatever else the import path may offer."""
    beside = Path(__file__).resolve().parent.parent
    in_checkout = (beside / "openapi.yaml").is_file()
    start = beside / ("contracts" if in_checkout else NAME) / "__init__.py"
    spec = spec_from_file_location(NAME, start)
    if not start.is_file() or spec is None or spec.loader is None:
        raise MockServerError(f"the harness is not where it belongs: {start.parent}; reinstall the package")
    package = module_from_spec(spec)
    sys.modules[NAME] = package
    spec.loader.exec_module(package)
