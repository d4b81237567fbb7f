"""Small pieces: a module stops at 300 lines, a function at 40, five parameters at most."""

import ast
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, files, place, python_files, tree

MODULE, FUNCTION, PARAMETERS = 300, 40, 5
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


def length(function: Function) -> int:
    """Lines from `def` to the end. A docstring costs nothing: public ones are wanted."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None and first.end_lineno:
        total -= first.end_lineno - first.lineno + 1
    return total


def parameters(function: Function) -> int:
    """Named parameters without self and cls; `*args` and `**kwargs` are not counted."""
    words = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([word for word in words if word.arg not in ("self", "cls")])


def test_modules() -> None:
    paths = [
        *python_files(*PACKAGES, "tests", "benchmarks"),
        *files("templates", ".html", ".txt", ".xml"),
        *files("static", ".js", ".css"),
    ]
    sizes = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    found = [f"{name}: {size} lines, {MODULE} at most" for name, size in sizes.items() if size > MODULE]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", PACKAGES)
def test_functions(package: str) -> None:
    found = [
        f"{place(path, function.lineno)} {function.name}: {length(function)} lines, {FUNCTION} at most"
        for path in python_files(package)
        for function in functions(path)
        if length(function) > FUNCTION
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", PACKAGES)
def test_parameters(package: str) -> None:
    found = [
        f"{place(path, function.lineno)} {function.name}: {parameters(function)} parameters, {PARAMETERS} at most"
        for path in python_files(package)
        for function in functions(path)
        if parameters(function) > PARAMETERS
    ]
    assert not found, "\n".join(found)
