"""What keeps an examination from being carried out: one class above all of them, told on one line with exit status 2.

* CannotExamine
  - FileError            a file that somebody wrote by hand has mistakes
  - DocumentError        the contract document cannot be read
  - SubjectError         the server under examination gives nothing to examine
  - SteeringError        the mock cannot be started, reached or steered
  - ReportError          a report is wanted that cannot be written
  - and the small ones that stand beside the code that raises them
"""

from __future__ import annotations

import traceback
from pathlib import Path


class CannotExamine(Exception):
    """Nothing can be said about the subject; the message says why, and the way out."""


def fault_told(fault: BaseException) -> str:
    """Say on one line what failed in the harness itself, and in which line of which module."""
    words = " ".join(f"{type(fault).__name__}: {fault}".split())
    frames = traceback.extract_tb(fault.__traceback__)
    return f"{words[:500]} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else words[:500]
