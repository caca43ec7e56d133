"""Where the files of the harness lie, in a checkout as where it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

#: The folder of this package, whatever its name is.
PACKAGE: Final = Path(__file__).resolve().parent
#: The cases of the server suite: a folder for each operation.
CASES: Final = PACKAGE / "cases"
#: The clients that are shipped: a folder with a profile for each.
CLIENTS: Final = PACKAGE / "clients"
#: The retry policies that are shipped: a YAML file for each.
POLICIES: Final = PACKAGE / "policies"
