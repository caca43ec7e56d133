"""A public function that raises says so: the caller should not have to read its body."""

import ast
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
#: Written as integrators write them: small programs, which nobody imports.
PROGRAMS = CHECKOUT / "contracts" / "clients"
MODULES = sorted(
    path
    for package in ("mockserver", "contracts")
    for path in (CHECKOUT / package).rglob("*.py")
    if not path.is_relative_to(PROGRAMS)
)


def silent_about(source):
    """Yield every public function of *source* whose body raises what its docstring does not name."""
    for function in _public_functions(ast.parse(source)):
        docstring = ast.get_docstring(function) or ""
        for name in sorted(_raised(function)):
            if not re.search(rf"\b[Rr]aises?\b.*?\b{name}\b", docstring, re.DOTALL):
                yield f"{function.name}, line {function.lineno}: {name}"


def _public_functions(holder):
    for node in holder.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _public_functions(node)


def _raised(function):
    """Return the classes that *function* itself raises; what it only lets pass is named by whoever raises it."""
    inner = {id(below) for node in ast.walk(function) if _is_inner(node, function) for below in ast.walk(node)}
    raised = {_called(node.exc) for node in ast.walk(function) if isinstance(node, ast.Raise) and id(node) not in inner}
    return {name for name in raised if name[:1].isupper()}


def _is_inner(node, function):
    return isinstance(node, ast.FunctionDef | ast.Lambda) and node is not function


def _called(raised):
    called = raised.func if isinstance(raised, ast.Call) else raised
    return ast.unparse(called).rpartition(".")[2] if called else ""


def test_a_public_function_that_raises_says_what():
    silent = [
        f"{module.relative_to(CHECKOUT)}: {found}"
        for module in MODULES
        for found in silent_about(module.read_text(encoding="utf-8"))
    ]

    assert silent == []


@pytest.mark.parametrize(
    ("source", "silent"),
    [
        pytest.param('def f():\n    """Do it; raises A when it cannot."""\n    raise A("no")', [], id="named"),
        pytest.param('def f():\n    """Do it.\n\n    Raises A, or B.\n    """\n    raise b.B', [], id="named second"),
        pytest.param('def f():\n    """Do it with A."""\n    raise A', ["f, line 1: A"], id="not said to be raised"),
        pytest.param("class C:\n    def f(self):\n        raise A", ["f, line 2: A"], id="a method"),
        pytest.param("def _f():\n    raise A", [], id="private"),
        pytest.param("class _C:\n    def f(self):\n        raise A", [], id="of a private class"),
        pytest.param("def f():\n    def g():\n        raise A\n    return g", [], id="an inner function"),
        pytest.param("def f():\n    try:\n        g()\n    except A:\n        raise", [], id="let pass"),
    ],
)
def test_the_check_finds_what_is_not_said(source, silent):
    assert list(silent_about(source)) == silent
