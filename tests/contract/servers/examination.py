"""Examines the mock once, and each broken server where its defect shows."""

from itertools import count

from contracts.judging.replies.examiner import Examiner
from contracts.server_suite.bench import Bench
from contracts.server_suite.cases.runs import examine_cases
from contracts.wire.subjects import UrlSubject
from contracts.wire.wsgi import WsgiSubject
from mockserver.app import create_app
from mockserver.settings import Settings
from tests.contract.servers.replaying import Recorder, touched
from tests.contract.servers.tampering import BrokenSubject
from tests.support.harness.contract import CONTRACT, all_cases
from tests.support.serving.subject_server import on_a_socket


class Examination:
    """The cases, the mock, and what it answered to each of them."""

    def __init__(self):
        self._cases = all_cases()
        self._examiner = Examiner(CONTRACT)
        self._mock = WsgiSubject(create_app(Settings(), wall_ms=lambda: 1_800_000_000_000))
        self._runs = count()  # each run has spaces of its own, because those with findings stay
        recorder = Recorder(self._mock)
        #: What was found on the mock itself.
        self.of_the_mock = self._found(recorder, self._cases)
        self._answered = [recorder.exchanges[f"/__space/run-0-{number}"] for number in range(len(self._cases))]

    def of(self, defect, folders=()):
        """Return every finding on a server with *defect*, in all cases or those in *folders*.

        Where the defect changes nothing, it answers as the mock does.
        """
        answered = zip(self._cases, self._answered, strict=True)
        chosen = ((case, seen) for case, seen in answered if not folders or case.folder in folders)
        cases = [case for case, seen in chosen if touched(defect, seen)]
        return self._found(BrokenSubject(self._mock, defect), cases)

    def over_a_socket(self, framing, folder):
        """Return every finding of the cases in *folder* on a server whose bytes *framing* writes."""
        with on_a_socket(self._mock, framing) as url:
            subject = UrlSubject(url)
            try:
                return self._found(subject, [case for case in self._cases if case.folder == folder])
            finally:
                subject.session.close()

    def _found(self, subject, cases):
        run = f"run-{next(self._runs)}"
        bench = Bench(subject, self._examiner, account="56072331", seed=1, mock=True, run=run)
        return [finding for result in examine_cases(cases, bench) for finding in result.findings]
