"""Every row of the table of faults is proved by tests that are there, or says why not."""

import ast
from functools import cache

from tests.faults.rows import ROWS, TABLE
from tests.house.sources import ROOT, tree

FOLDER = ROOT / "tests" / "faults"


@cache
def found_in(module: str) -> set[str]:
    """The tests of a module; none when it is not there or not marked as one of faults."""
    path = FOLDER / f"{module}.py"
    if not path.exists() or "pytest.mark.faults" not in path.read_text("utf-8"):
        return set()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree(path)) if isinstance(node, functions) and node.name.startswith("test_")}


def test_every_row_is_there_once() -> None:
    assert tuple(row.id for row in TABLE) == ROWS


def test_what_proves_a_row_exists() -> None:
    named = [name for row in TABLE for name in row.tests]
    missing = [name for name in named if name.partition("::")[2] not in found_in(name.partition("::")[0])]
    assert not missing, f"no such tests of faults: {missing}"


def test_a_row_without_tests_says_why() -> None:
    assert all(bool(row.tests) != bool(row.why) for row in TABLE)
