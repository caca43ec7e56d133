import signal
import subprocess
import sys

import pytest

FORK = """
import os, signal, sys, time
from mockserver.serving.process.forking import end_new_workers_by_signals
number = int(sys.argv[1])
noted = []
signal.signal(number, lambda *_: noted.append(1))
end_new_workers_by_signals()
child = os.fork()
if not child:
    os.kill(os.getpid(), number)
    time.sleep(30)  # as a worker that has only the handlers it inherited
    os._exit(9)
_, status = os.waitpid(child, 0)
os.kill(os.getpid(), number)
sys.exit(os.waitstatus_to_exitcode(status) * 10 + (noted != [1]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_ends_a_new_worker_and_is_still_the_servers_to_handle(number):
    done = subprocess.run([sys.executable, "-c", FORK, str(int(number))], check=False, timeout=60)

    assert done.returncode == 0
