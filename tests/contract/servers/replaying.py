"""Says which cases a defect changes anything in, so that only those need to be examined again."""

from dataclasses import dataclass, field

from contracts.errors import Unanswered
from contracts.wire.subjects import Subject


@dataclass(frozen=True)
class Recorder:
    """A subject that notes what it is asked and what it answers, by the space in which it is."""

    good: Subject
    exchanges: dict = field(default_factory=dict)
    prefix: str = ""

    @property
    def base(self):
        return self.good.base

    def within(self, prefix):
        return Recorder(self.good.within(prefix), self.exchanges, self.prefix + prefix)

    def ask(self, call):
        reply = self.good.ask(call)
        if not call.path.startswith("/__admin"):
            self.exchanges.setdefault(self.prefix, []).append((call, reply))
        return reply


def touched(defect, exchanges):
    """Say whether a server with *defect* answers *exchanges* otherwise, or asks the good server otherwise."""
    return any(_differs(defect, call, reply) for call, reply in exchanges)


def _differs(defect, call, reply):
    asked = []

    def replay(same):
        asked.append(same)
        return reply

    try:
        return defect(replay)(call) != reply or asked != [call]
    except Unanswered:
        return True
