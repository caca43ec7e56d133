"""How an examination ends for the shell: status 1 says that the contract was broken, and nothing else does."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Final

from ..errors import CannotExamine, Interrupted, fault_line
from ..judging.findings import ExitStatus
from ..processes.interruption import interruptible

_WORST_FIRST: Final = (ExitStatus.BROKEN, ExitStatus.NOT_EXAMINED, ExitStatus.KEPT)


def ended(examine: Callable[[], int], *, show_traceback: bool = False) -> int:
    """Return the status of *examine*; whatever keeps it from its work is printed on one line, and gives 2.

    A signal that ends it gives what shells make of that: 130 for Ctrl-C, 143 for SIGTERM.

    A reader of our output who has gone (`| head`) is left to whoever runs the command.
    """
    try:
        with interruptible():
            status = examine()
        sys.stdout.flush()  # a full disk is noticed here, or nowhere
    except BrokenPipeError:
        raise
    except Interrupted as interrupted:
        _say(f"{interrupted}; what was found until then stands above" if interrupted.judged else _unjudged(interrupted))
        return interrupted.status
    except CannotExamine as trouble:
        _say(f"nothing was examined: {trouble}")
    except Exception as fault:  # noqa: BLE001 - a fault of ours must not look like one of the subject's
        if show_traceback:
            traceback.print_exc()
        _say(f"the harness itself failed, so nothing is judged: {fault_line(fault)}; --traceback shows the way there")
    else:
        return status
    return int(ExitStatus.NOT_EXAMINED)


def overall(statuses: Iterable[int]) -> ExitStatus:
    """Return broken when anything is, otherwise not examined when anything was not, otherwise kept."""
    found = set(statuses)
    return next((status for status in _WORST_FIRST if status in found), ExitStatus.NOT_EXAMINED)


def _unjudged(interrupted: Interrupted) -> str:
    return f"{interrupted}, so nothing is judged"


def _say(text: str) -> None:
    print(text, file=sys.stderr)
