"""Read what stands under `then`: an outcome, or a sequence of them, checked against the contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mockserver.model import Json
from mockserver.scenarios.documents.mistakes import AlreadyNoted
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.outcomes.base import Outcome, Purpose
from mockserver.scenarios.outcomes.sequence import Step
from mockserver.scenarios.vocabulary import Vocabulary

OFF_CONTRACT = "off_contract"
LASTING = ("times", "for_ms")
MOST_STEPS = 10_000
MOST_TIMES = 1_000_000_000
#: A hundred days; longer than any test, and short enough to add to a clock.
LONGEST_MS = 100 * 24 * 3600 * 1000


def read_steps(node: Node, operations: Sequence[str], vocabulary: Vocabulary, *, repeat: bool) -> tuple[Step, ...]:
    """Read the outcome of a stub for *operations*, or its sequence of outcomes."""
    if not isinstance(node.value, list):
        if repeat:
            node.refuse("repeat needs a list of outcomes to start over with")
        return (_step(node, operations, vocabulary, stays=True),)
    items = node.items()
    if not 0 < len(items) <= MOST_STEPS:
        node.refuse(f"wanted 1 to {MOST_STEPS} outcomes, got {len(items)}")
    return tuple(_steps(items, operations, vocabulary, repeat=repeat))


def outcome_names(then: Json) -> Iterator[str]:
    """Yield the keys that may name an outcome in *then*, which nobody has checked yet."""
    for item in then if isinstance(then, list) else [then]:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield from item


def _steps(items: Sequence[Node], operations: Sequence[str], vocabulary: Vocabulary, *, repeat: bool) -> Iterator[Step]:
    for item in items:
        with item.noting():
            yield _step(item, operations, vocabulary, stays=item is items[-1] and not repeat)


def _step(node: Node, operations: Sequence[str], vocabulary: Vocabulary, *, stays: bool) -> Step:
    words = vocabulary.outcomes
    if isinstance(node.value, str):
        name = node.word([name for name, word in words.items() if word.kind.may_stand_alone], "outcome")
        return Step(_outcome(name, Node(True, node.path, node.mistakes), operations, vocabulary))
    table = node.table((*words, OFF_CONTRACT, *LASTING))
    name = _name(node, table, vocabulary)
    off_contract = OFF_CONTRACT in table and table[OFF_CONTRACT].flag()
    if OFF_CONTRACT in table and not words[name].kind.may_leave_contract:
        able = " or ".join(name for name, word in words.items() if word.kind.may_leave_contract)
        table[OFF_CONTRACT].note(f"off_contract belongs beside {able}", at_key=True)
    lasting = [key for key in LASTING if key in table]
    if len(lasting) > 1:
        node.note("a step lasts for times calls or for_ms milliseconds, not both")
    if lasting and stays:
        table[lasting[0]].note(
            f"the last outcome stays for ever, so {lasting[0]} says nothing; "
            "leave it out, add a further outcome, or put repeat: true beside then",
            at_key=True,
        )
    times = table["times"].integer(1, MOST_TIMES) if "times" in table else None
    for_ms = table["for_ms"].integer(1, LONGEST_MS) if "for_ms" in table else None
    return Step(_outcome(name, table[name], operations, vocabulary, off_contract=off_contract), times, for_ms)


def _name(node: Node, table: dict[str, Node], vocabulary: Vocabulary) -> str:
    """Return the key that says what the outcome is."""
    names = [name for name in vocabulary.outcomes if name in table]
    if not names and node.is_wrong:  # its key is misspelt
        raise AlreadyNoted
    if len(names) != 1:
        node.refuse(f"wanted one of {', '.join(vocabulary.outcomes)}, got {' and '.join(names) or 'none of them'}")
    return names[0]


def _outcome(
    name: str, node: Node, operations: Sequence[str], vocabulary: Vocabulary, *, off_contract: bool = False
) -> Outcome:
    word = vocabulary.outcomes[name]
    word.refuse_foreign(node, operations)
    return word.kind.read(node, Purpose(operations, word.rules, off_contract))
