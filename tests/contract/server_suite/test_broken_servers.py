"""Each check finds the server that breaks just its rule, and no other check does."""

import pytest

from contracts.judging.replies.checks import CHECKS
from contracts.judging.replies.examiner import NO_REPLY
from contracts.server_suite.bench import EXPECTATION
from tests.contract.servers.defects import BROKEN_SERVERS
from tests.contract.servers.reply_defects import REPLY_DEFECTS
from tests.contract.servers.strict_defects import STRICT_CHECKS


def test_nothing_is_found_on_the_mock_itself(examination):
    assert examination.of_the_mock == []


@pytest.mark.parametrize("server", [*BROKEN_SERVERS, *REPLY_DEFECTS], ids=lambda server: server.sentence)
def test_a_server_with_one_defect_is_found_out_by_the_check_for_it_alone(server, examination):
    findings = examination.of(server.defect, server.operations)

    assert {finding.rule for finding in findings} == server.rules
    assert {finding.check for finding in findings} == {server.check}
    assert any(server.cure in finding.cure for finding in findings)


def test_every_check_has_a_server_that_breaks_it():
    broken = {server.check for server in BROKEN_SERVERS}

    assert broken | STRICT_CHECKS == {*CHECKS, EXPECTATION, NO_REPLY}
