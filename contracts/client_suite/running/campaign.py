"""Runs a client once in every situation, side by side, and brings back what the journals hold."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from hashlib import blake2b
from secrets import token_hex

from ...contract.routes import Routes
from ...errors import Interrupted, NotOffered, SteeringError
from ...judging.attempts import attempts
from ...judging.calls.policies import Policy
from ...mock.spaces import Space
from ...processes.interruption import ProcessGroups
from ...processes.surroundings import for_client
from ...reading.argument_types import DEFAULT_SEED, LARGEST_SEED
from ..judge import Run
from ..profiles import Profile, Report
from ..situations.model import Situation
from .process import run_command
from .silence import no_call, silent

#: What a run may take beside the pauses of the policy: starting up on a busy machine, slow answers.
EXTRA_S = 30.0
#: A client may wait for one call after another; the situations make it wait for one of them.
_IDS = {"second_request": "ids"}


@dataclass(frozen=True)
class Campaign:
    """One client, one mock, one way of running."""

    command: Sequence[str]
    profile: Profile
    policy: Policy
    routes: Routes
    url: str
    #: Learns how many situations are over.
    progress: Callable[[int, int], None] = field(default=lambda _done, _all: None)
    #: The token of the mock's admin API, when it has one.
    token: str = ""
    #: Decides every id that the mock hands out.
    seed: int = DEFAULT_SEED
    #: Nobody but this client knows the mock.
    alone: bool = False
    #: The clients that run now.
    groups: ProcessGroups = field(default_factory=ProcessGroups)

    def run(self, situations: Sequence[Situation], done: dict[str, Run] | None = None) -> tuple[Run, ...]:
        """Run the client in all *situations*, the longest first, and return the runs in the order given.

        *done* holds the runs that are over, by situation, for whoever has to do without the rest.
        Raises Interrupted when somebody else ends the clients, and NoCallError when the client seems to call nobody.
        """
        longest_first = sorted(situations, key=lambda situation: -situation.waits_s)
        done = {} if done is None else done
        with ThreadPoolExecutor(self.profile.at_once) as pool:
            try:
                started = [pool.submit(self.run_one, situation) for situation in longest_first]
                for future in as_completed(started):
                    run = future.result()
                    if self.groups.ended_by is not None:  # whoever was ended says nothing about the client
                        raise Interrupted(self.groups.ended_by)
                    done[run.situation.name] = run
                    self.progress(len(done), len(situations))
                    if silent(done.values(), len(situations)):
                        raise no_call(run, Space(self.url, "default") if self.alone else None)
            finally:
                # On the good path everything has ended; else nothing is begun any more, and nobody waits for the rest.
                pool.shutdown(wait=False, cancel_futures=True)
                self.groups.end()
        return tuple(done[situation.name] for situation in situations)

    def run_one(self, situation: Situation) -> Run:
        """Run the client in one situation, in a space of its own.

        Raises SteeringError when the mock cannot be steered, or has dropped what the client did.
        """
        space = Space(self.url, f"client-{token_hex(4)}-{situation.name}"[:63].rstrip("-"), self.token)
        try:
            space.prepare(space_seed(self.seed, situation.name), _IDS, situation.scenario, situation.faults)
        except NotOffered as refusal:
            space.remove()
            return Run(situation, trouble=f"not delivered: this server cannot do it ({refusal})")
        given = (self.profile.url_variable, space.base(self.profile.address))
        report = self._report(*given)
        records, dropped = space.journal()
        space.remove()
        if dropped:
            raise SteeringError(
                f"the journal dropped {dropped} exchanges of situation {situation.name}, so nothing can be judged; "
                "raise journal_entries or journal_bytes of the mock"
            )
        return Run(situation, attempts(records, self.routes), report, given)

    def _report(self, variable: str, url: str) -> Report:
        settings = {
            **self.profile.environment,
            variable: url,
            self.profile.account_variable: self.profile.account,
        }
        limit_s = self.profile.limit_s or self.policy.longest_s + EXTRA_S
        environment = for_client(os.environ, url) | settings
        return run_command(self.command, environment, self.profile.directory, limit_s, self.groups)


def space_seed(seed: int, situation: str) -> int:
    """Return the seed of the space of a *situation*: another for each, and the same whichever others are run."""
    return int.from_bytes(blake2b(f"{seed}/{situation}".encode(), digest_size=8).digest(), "big") % (LARGEST_SEED + 1)
