"""The core serves any API: it names nothing of those that the server comes with."""

import re
from functools import cache
from pathlib import Path

import mockserver
from mockserver.app import own_apis
from mockserver.engine.apis import Apis

CORE = ("contract", "stores", "state", "scenarios", "engine", "web", "serving")
#: Words of the documents that are also words of everybody: of English, of Python, of HTTP and of other formats.
ORDINARY = frozenset(
    "Error NotFound Version account address age code day email error id info keywords lead level message name os "
    "personal resolved revision status time type v value version year".split()
)
#: A key of `x-clauses`, whatever the API is.
OF_CLAUSES = frozenset(["internalCode"])

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Z0-9]+)*")


@cache
def words_of_the_apis():
    """Return every operationId, clause id, name of a component, and name of a parameter or a member."""
    apis = Apis(own_apis())
    components = [contract.document["components"].values() for contract in apis.contracts]
    names = {name for kinds in components for kind in kinds for name in kind}
    return names | apis.entries.keys() | apis.clauses.keys() | apis.names()


@cache
def words_of_the_core():
    """Return the places of each word of the core's modules, comments included."""
    package = Path(mockserver.__file__).parent
    found = {}
    for module in (module for room in CORE for module in (package / room).rglob("*.py")):
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), start=1):
            for word in _WORD.findall(line):
                found.setdefault(word, []).append(f"{module.relative_to(package)}:{number}")
    return found


def test_the_core_names_no_operation_no_member_and_no_clause_of_an_api():
    core = words_of_the_core()

    named = {word: core[word] for word in words_of_the_apis() - ORDINARY - OF_CLAUSES if word in core}

    assert named == {}


def test_only_words_that_both_have_are_let_pass():
    assert words_of_the_apis() & words_of_the_core().keys() >= ORDINARY | OF_CLAUSES
