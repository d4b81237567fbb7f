"""No mocks: a test meets the real database, server and browser. Only clock and mail may be stood in for."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import imports, place, python_files, tree

MODULES = ("unittest.mock", "mock", "pytest_mock", "respx", "responses", "pretend", "doublex", "flexmock")
NAMES = {"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "PropertyMock", "MockTransport", "mocker"}
# What the environment is made of may be set for a test; our own code may not be swapped.
SETTABLE = {"setenv", "delenv", "chdir", "undo"}


def names(node: ast.AST) -> Iterator[str]:
    """The names a node speaks of."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            yield name


def faults(path: Path) -> Iterator[str]:
    for line, name in imports(path):
        if name.startswith(tuple(f"{module}." for module in MODULES)) or name in MODULES:
            yield f"{place(path, line)} imports {name}"
    for node in ast.walk(tree(path)):
        for name in names(node):
            if name in NAMES:
                yield f"{place(path, getattr(node, 'lineno', 0))} uses {name}"
        match node:
            case ast.Attribute(value=ast.Name(id="monkeypatch" | "mp"), attr=verb) if verb not in SETTABLE:
                yield f"{place(path, node.lineno)} swaps code: monkeypatch.{verb}"


def test_no_mocks() -> None:
    found = [fault for path in python_files("tests") for fault in faults(path)]
    assert not found, "\n".join(found)
