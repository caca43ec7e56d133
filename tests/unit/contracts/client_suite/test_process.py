import os
import select
import shlex
import subprocess
import sys
import tracemalloc

import pytest

from contracts.client_suite.running.process import TAIL_BYTES, run_command
from contracts.errors import CommandError
from contracts.processes.interruption import ProcessGroups
from contracts.processes.stragglers import VARIABLE


def run(script, *, limit_s=60):
    return run_command(["sh", "-c", script], os.environ, None, limit_s, ProcessGroups())


def comes_to_an_end(pid):
    """Wait for the end of a process that is no child of ours."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(process):
        return select.select([process], [], [], 20)[0] == [process]


def test_what_a_client_said_and_how_it_ended_is_reported():
    report = run("echo out; echo err >&2; exit 3")

    assert (report.exit_code, report.stdout, report.stderr, report.finished) == (3, "out\n", "err\n", True)


def test_a_child_that_holds_the_pipe_is_not_waited_for_and_ends_with_the_client():
    report = run("sleep 300 & echo $!")

    assert report.finished
    assert comes_to_an_end(int(report.stdout))


def test_a_child_in_a_session_of_its_own_is_not_waited_for_and_ends_whatever_signals_it_ignores():
    child = ["sh", "-c", "trap '' TERM INT HUP; while :; do sleep 300; done"]
    program = f"import subprocess; print(subprocess.Popen({child}, start_new_session=True).pid)"
    report = run(shlex.join([sys.executable, "-S", "-c", program]))

    assert report.finished
    assert comes_to_an_end(int(report.stdout))


def test_a_child_of_another_run_goes_on():
    with subprocess.Popen(["sleep", "300"], env={VARIABLE: "of another run"}) as other:
        run("true")

        assert other.poll() is None
        other.kill()


def test_a_client_that_closes_its_streams_early_is_waited_for_all_the_same():
    report = run("echo early; exec >&- 2>&-; sleep 1; exit 7")

    assert (report.exit_code, report.stdout) == (7, "early\n")


def test_a_client_that_reads_its_input_finds_none():
    assert run("cat; echo over").stdout == "over\n"


def test_a_client_that_does_not_end_is_stopped_even_when_it_ignores_signals():
    report = run("trap '' TERM INT HUP; echo $$; while :; do sleep 100; done", limit_s=1)

    assert not report.finished
    assert comes_to_an_end(int(report.stdout))


def test_only_the_end_of_what_a_client_says_for_ever_is_kept():
    report = run("yes & yes >&2", limit_s=1)

    assert not report.finished
    assert len(report.stdout) <= TAIL_BYTES
    assert report.stdout.endswith("y\n")


def test_the_last_words_of_a_client_that_says_much_are_kept_and_what_is_missing_is_told():
    report = run(f"yes | head -c {3 * TAIL_BYTES}; echo outcome")

    assert report.stdout.endswith("y\noutcome\n")
    assert len(report.stdout) == TAIL_BYTES
    assert report.dropped == {"standard output": 2 * TAIL_BYTES + len("outcome\n"), "standard error": 0}
    assert (
        report.full_ending
        == "exit status 0; the first 2.1 MB on standard output were not kept, only the last megabyte was"
    )


def test_a_client_that_says_much_costs_little_memory():
    tracemalloc.start()
    try:
        run(f"head -c {100 * TAIL_BYTES} /dev/zero")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 5 * TAIL_BYTES


def test_what_is_no_text_is_kept_as_far_as_it_can_be_shown():
    assert run("printf 'a\\377b'").stdout == "a\N{REPLACEMENT CHARACTER}b"


class TestACommandThatCannotBeRun:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path, monkeypatch):
        """Stand in a folder with files that are nearly programs."""
        for name, text, mode in [
            ("client.py", "print()\n", 0o644),
            ("no-line.py", "print()\n", 0o755),
            ("mistyped.py", "#!/usr/bin/pyhton\nprint()\n", 0o755),
        ]:
            (tmp_path / name).write_text(text)
            (tmp_path / name).chmod(mode)
        monkeypatch.chdir(tmp_path)

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            pytest.param("no-such-program", "no program of that name is on the PATH; give its path", id="nowhere"),
            pytest.param("client.py", "PATH; write ./client.py for the file in ", id="here, not on the PATH"),
            pytest.param("./no-such-file", "there is no file /", id="no file"),
            pytest.param("/", "it is a folder; name the program in it", id="a folder"),
            pytest.param("./client.py", "it may not be executed; chmod +x ./client.py, or name", id="not executable"),
            pytest.param("./no-line.py", "name first what runs it, as in: python client.py", id="no interpreter"),
            pytest.param("./mistyped.py", "there is not: #!/usr/bin/pyhton", id="mistyped interpreter"),
            pytest.param("a\0b", "what no process can be given", id="no word"),
            pytest.param("/bin/true", "Argument list too long; fewer runs at a time may help", id="long"),
        ],
    )
    def test_is_no_matter_of_the_client(self, name, why):
        words = ["a" * 200_000] if name == "/bin/true" else []
        with pytest.raises(CommandError) as refused:
            run_command([name, *words], os.environ, None, 1, ProcessGroups())

        assert str(refused.value).startswith(f"the client's command {name!r} cannot be run: ")
        assert why in str(refused.value)

    def test_nor_is_a_folder_that_is_gone(self, tmp_path):
        with pytest.raises(CommandError, match=r"it is run in .*/gone, and there is no such folder"):
            run_command(["true"], os.environ, tmp_path / "gone", 1, ProcessGroups())
