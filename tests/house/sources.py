"""Where the sources are, for the house tests."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("forum", "moderation")


def python_files(*tops: str) -> list[Path]:
    """Every Python file under the given top-level folders, migrations (written by a tool) left out."""
    return [
        path
        for top in tops
        for path in sorted((ROOT / top).rglob("*.py"))
        if "migrations" not in path.parts and "__pycache__" not in path.parts
    ]


def files(top: str, *suffixes: str) -> list[Path]:
    """Every file under a top-level folder whose name ends in one of the suffixes."""
    return [path for path in sorted((ROOT / top).rglob("*")) if path.is_file() and path.suffix in suffixes]


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a file imports, `from a import b` as `a.b`, relative ones made absolute."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            parts = [*base, *([node.module] if node.module else [])]
            yield from ((node.lineno, ".".join([*parts, alias.name])) for alias in node.names)


def place(path: Path, line: int | None = None) -> str:
    """`forum/app.py:12`, for messages."""
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"
