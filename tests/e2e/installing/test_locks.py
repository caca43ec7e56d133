"""The locks pin all that is installed, and agree with what pyproject.toml asks for."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[3]
#: Folders of tools that have an environment of their own.
APART = [CHECKOUT / name for name in ("bench/peers", "tests/spec/tools", "contracts/clients/libraries")]
LOCKS = [*sorted(CHECKOUT.glob("requirements/*.txt")), *(path for at in APART for path in at.glob("requirements.txt"))]
NPM_LOCKS = [path for at in APART for path in at.glob("package-lock.json")]
PINNED = re.compile(
    r"^(?P<name>[a-z0-9.-]+)==(?P<version>\S+)(?P<marker> ; [^\\]+)?(?P<hashes>( \\\n    --hash=sha256:\w{64})+)$"
)


def pinned(path):
    """Return the version of each package in a lock, without its comments."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    entries = re.split(r"\n(?=\S)", "\n".join(lines))
    matches = {entry: PINNED.match(entry) for entry in entries}
    assert [entry for entry, match in matches.items() if match is None] == []
    return {match["name"]: match["version"] for match in matches.values()}


def asked():
    """Return what pyproject.toml asks for, by the lock that must hold it."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    groups = {
        name: [entry for entry in group if isinstance(entry, str)]
        for name, group in project["dependency-groups"].items()
    }
    runtime = project["project"]["dependencies"] + extras["redis"]
    return {
        "runtime": runtime,
        "build": groups["build"],
        "lock": groups["lock"],
        "dev": runtime + extras["contracts"] + groups["build"] + groups["test"] + groups["docs"] + groups["checks"],
    }


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_every_line_of_a_lock_is_a_version_with_its_hashes(lock):
    assert pinned(lock)


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_lock_of_npm_knows_digests_and_no_host(lock):
    packages = [entry for name, entry in json.loads(lock.read_text())["packages"].items() if name]

    assert packages
    assert [entry for entry in packages if "integrity" not in entry or "resolved" in entry] == []


@pytest.mark.parametrize("name", ["runtime", "build", "lock", "dev"])
def test_a_lock_holds_what_the_project_asks_for(name):
    versions = pinned(CHECKOUT / f"requirements/{name}.txt")

    amiss = [
        str(wanted)
        for wanted in map(Requirement, asked()[name])
        if not wanted.specifier.contains(versions.get(canonicalize_name(wanted.name), "0"))
    ]

    assert amiss == [], f"run `make lock`: requirements/{name}.txt does not hold {', '.join(amiss)}"


@pytest.mark.parametrize("name", ["runtime", "build"])
def test_what_is_tested_is_what_is_shipped(name):
    shipped = pinned(CHECKOUT / f"requirements/{name}.txt")

    tested = pinned(CHECKOUT / "requirements/dev.txt")

    assert shipped.items() <= tested.items()
