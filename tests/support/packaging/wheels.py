"""Builds the wheel that users install, and packs again what it depends on, so that installing needs no network."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from zipfile import ZipFile

import pytest

CHECKOUT = Path(__file__).parents[3]
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """Build the wheel with the locked build backend."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, CHECKOUT)
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory):
    """Return a folder with a wheel of every package that the server runs with, as these tests have it installed."""
    folder = tmp_path_factory.mktemp("wheelhouse")
    for name in LOCKED.findall((CHECKOUT / "requirements/runtime.txt").read_text()):
        try:
            _pack(distribution(name), folder)
        except PackageNotFoundError:
            continue  # it is for other platforms
    return folder


def pip(*arguments, cwd=None):
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *map(str, arguments)], cwd=cwd, check=True)


def _pack(installed, folder):
    tag = re.search(r"^Tag: (\S+)", installed.read_text("WHEEL"), re.MULTILINE)[1]
    name = re.sub(r"[-_.]+", "_", installed.metadata["Name"])
    with ZipFile(folder / f"{name}-{installed.version}-{tag}.whl", "w") as packed:
        for file in installed.files:
            # Commands, and what Python compiled, come with the installation.
            if ".." not in file.parts and file.suffix != ".pyc":
                packed.write(file.locate(), str(file))
