"""A start under limits of the system: it goes on with less, or says what to do."""

import subprocess

from tests.support.serving.running import COMMAND, PATIENCE, environment, running

TIGHT_KIB = 6_000_000


def limited(limit, *arguments):
    """Run the command `serve` under a limit of the shell's `ulimit`, until it ends by itself."""
    words = [*COMMAND, "serve", "--port", "0", *map(str, arguments)]
    return subprocess.run(
        ["sh", "-c", f'ulimit {limit}; exec "$@"', "sh", *words],
        env=environment(None), capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def test_a_store_makes_do_with_the_addresses_that_a_limit_of_memory_leaves(monkeypatch):
    shell = ("sh", "-c", f'ulimit -v {TIGHT_KIB}; exec "$@"', "sh")
    monkeypatch.setattr("tests.support.serving.running.COMMAND", (*shell, *COMMAND))
    with running("--workers", 2) as served:
        store = served.ask("GET", "/__admin/health").json["store"]
        answers = [served.ask("POST", "/api/account/1/getEngagement").status for _ in range(4)]

        assert store.startswith("lmdb:")
        assert answers == [200] * 4


def test_where_no_temporary_file_can_be_made_the_way_out_is_named():
    done = limited("-f 0", "--workers", 2)

    assert done.returncode == 2
    assert done.stderr.startswith("mockserver: no temporary file can be made: No usable temporary directory found")
    assert "set TMPDIR to a folder that can be written" in done.stderr
