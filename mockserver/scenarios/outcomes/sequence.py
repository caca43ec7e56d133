"""A sequence: outcomes in turn, and which of them answers the next call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mockserver.scenarios.outcomes.base import Outcome
from mockserver.stores.base import Record


@dataclass(frozen=True, slots=True)
class Step:
    """One outcome of a sequence, and how long it lasts."""

    outcome: Outcome
    #: It answers so many calls,
    times: int | None = None
    #: or until so much time of the space's clock has passed since the first call that it answered.
    for_ms: int | None = None


def position_after(record: Record | None, steps: Sequence[Step], now_ms: int, *, repeat: bool) -> tuple[Record, int]:
    """Count one call: return the record to store, and the number of the step that answers.

    *record* is what the last call of the same sequence left, or None before the first. A step that lasts a while
    begins with the first call that it answers. With *repeat* the first step follows the last, which stays otherwise.
    """
    if record is None:
        record = _begun(0, now_ms)
    elif (repeat or record["step"] < len(steps) - 1) and _is_over(record, steps[record["step"]], now_ms):
        record = _begun((record["step"] + 1) % len(steps), now_ms)
    return {**record, "calls": record["calls"] + 1}, record["step"]


def _begun(step: int, now_ms: int) -> Record:
    return {"step": step, "calls": 0, "since_ms": now_ms}


def _is_over(record: Record, step: Step, now_ms: int) -> bool:
    if step.for_ms is not None:
        return bool(now_ms >= record["since_ms"] + step.for_ms)
    return bool(record["calls"] >= (step.times or 1))
