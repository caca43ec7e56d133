import ast
import inspect
from pathlib import Path

import pytest

from contracts import errors
from contracts.errors import (
    AdminRefused,
    CannotExamine,
    HarnessError,
    Interrupted,
    NoCommand,
    UnknownOperation,
    UnknownPolicy,
    UnknownSituation,
    UnknownValue,
)

PACKAGE = Path(errors.__file__).parent
TREE = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, BaseException)]


def test_every_exception_class_of_the_harness_stands_in_the_tree():
    elsewhere = [
        f"{path.relative_to(PACKAGE)}: {node.name}"
        for path in PACKAGE.rglob("*.py")
        if path != PACKAGE / "errors.py" and "clients" not in path.relative_to(PACKAGE).parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and any(_is_an_error(base) for base in node.bases)
    ]

    assert elsewhere == []


def _is_an_error(base):
    name = ast.unparse(base).rpartition(".")[2]
    return name in {one.__name__ for one in TREE} or name.endswith(("Error", "Exception", "Interrupt", "Warning"))


def test_the_tree_has_one_root_beside_the_one_of_a_signal():
    roots = {one.__name__ for one in TREE if one.__bases__[0] in (Exception, BaseException)}

    assert roots == {HarnessError.__name__, Interrupted.__name__}


@pytest.mark.parametrize("one", TREE, ids=lambda one: one.__name__)
def test_the_top_of_the_module_draws_each_class_below_its_base(one):
    drawn = {}
    above = []
    for line in errors.__doc__.splitlines():
        bare = line.lstrip()
        if bare.startswith(("* ", "- ", "· ")):
            depth = len(line) - len(bare)
            above = [each for each in above if each[0] < depth]
            name = bare.split()[1]
            drawn[name] = above[-1][1] if above else None
            above.append((depth, name))

    assert one.__name__ in drawn
    assert drawn[one.__name__] in (None, one.__bases__[0].__name__)


@pytest.mark.parametrize(
    ("error", "fact", "message"),
    [
        (NoCommand(), {}, "no command was given; write it after --, or as `command` in the profile"),
        (
            UnknownPolicy("documentd", ["documented", "sample-app"]),
            {"name": "documentd"},
            (
                "no policy 'documentd' is shipped; did you mean 'documented'?; a policy of your own is a file, "
                "and its name ends in .yaml"
            ),
        ),
        (
            UnknownSituation("loding", ["loading"]),
            {"name": "loding"},
            "there is no situation 'loding'; did you mean 'loading'? (--list prints them all)",
        ),
        (UnknownOperation("x", ["getDomain"]), {"name": "x"}, "'x' is no operation; known are getDomain"),
        (UnknownValue("vid", {"sid": 1, "n": 2}), {"name": "vid"}, "nothing was kept as 'vid'; known are n, sid"),
        (
            AdminRefused("PUT", "/__admin/rules", 400, "{}", "400 application/json: {}"),
            {"status": 400, "path": "/__admin/rules"},
            "the admin API refused PUT /__admin/rules with 400 application/json: {}",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, CannotExamine) else "",
)
def test_an_error_says_what_it_knows(error, fact, message):
    assert str(error) == message
    assert {name: getattr(error, name) for name in fact} == fact
