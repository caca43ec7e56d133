"""What no server can provoke: the two readers disagree."""

from contracts.judging.findings import READERS_DISAGREE
from contracts.judging.replies.examiner import Examiner
from contracts.wire.messages import Call, Reply
from tests.support.harness.contract import CONTRACT

UPDATE = CONTRACT.operations["updateSession"]


class DeafReader:
    """Objects to everything."""

    def objection(self, _operation, _reply):
        return "I do not like it"


def test_a_disagreement_of_the_readers_is_a_finding_of_its_own():
    examiner = Examiner(CONTRACT, second=DeafReader())

    [finding] = examiner.findings(UPDATE, Call("PUT", "/"), Reply(200), "here")

    assert (finding.rule, finding.check) == (READERS_DISAGREE, READERS_DISAGREE)
    assert "the second reader says I do not like it" in finding.got
    assert finding.line == CONTRACT.line(UPDATE.pointer)


def test_a_call_outside_the_contract_has_one_reader():
    examiner = Examiner(CONTRACT, second=DeafReader())

    assert examiner.findings(None, Call("GET", "/"), Reply(204), "here") == []
