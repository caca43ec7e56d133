import os
import subprocess

import pytest

from tests.support.programs import RedisServer, missing, needs_program
from tests.support.serving.fixtures import served, wire  # noqa: F401 fixtures


@pytest.fixture
def redis_server(tmp_path):
    """Return a Redis of the test's own, because it is going to be maltreated."""
    with RedisServer(tmp_path) as server:
        yield server


@pytest.fixture
def small_disk(tmp_path):
    """Return what mounts a disk of so many MiB; only root may do that, so others have these tests run in CI."""
    disk = tmp_path / "disk"
    disk.mkdir()
    program = needs_program("mount", debian_package="mount")

    def mount(mib):
        done = subprocess.run(
            [program, "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", disk], capture_output=True, text=True, check=False
        )
        if done.returncode:
            missing(f"no small disk can be mounted, which takes root: {done.stderr.strip()}")
        return disk

    yield mount
    if os.path.ismount(disk):
        subprocess.run(["umount", "--lazy", disk], check=True)
