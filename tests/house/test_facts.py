"""Every fact that is told has words on the audit page, and every group of them can be chosen there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.audit import words
from moderation.audit.asked import GROUPS
from tests.house.sources import PACKAGES, place, python_files, tree

KIND = re.compile(r"[a-z]+\.[a-z_]+")
TELLING = {"tell", "_tell", "_told", "Fact"}
REFUSING = {"Refusal", "Conflict", "Forbidden", "Problem", "TooMany", "NotFound", "invalid", "__init__"}
VOCABULARY = """
    case.opened case.moved case.closed case.claimed case.released case.taken_over case.noted case.proposed case.undone case.lapsed
    case.seconded case.unseconded case.decided case.appealed case.appeal_decided comment.flagged comment.published comment.removed
    sanction.imposed sanction.lifted sanction.appealed sanction.appeal_decided desk.changed audit.exported
"""


def called(node: ast.AST) -> str:
    """The name of what is called, "" when this is no call."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""


def strings(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of what reads like a kind, other than the keys of refusals; of a text with values in it, its beginning and a star."""
    if called(node) in REFUSING:
        return
    if isinstance(node, ast.JoinedStr):
        first = node.values[0]
        beginning = first.value if isinstance(first, ast.Constant) else ""
        if isinstance(beginning, str) and re.fullmatch(r"[a-z]+\.[a-z_]*", beginning):
            yield node.lineno, f"{beginning}*"
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and KIND.fullmatch(node.value):
        yield node.lineno, node.value
    for child in ast.iter_child_nodes(node):
        yield from strings(child)


def told(path: Path) -> list[tuple[int, str]]:
    """The kinds in a module that tells facts."""
    module = tree(path)
    # `reader.tell(…)` is another thing: facts are told by functions.
    calls = [node.func for node in ast.walk(module) if isinstance(node, ast.Call)]
    if not any(isinstance(call, ast.Name) and call.id in TELLING for call in calls):
        return []
    return list(strings(module))


FACTS = [(place(path, line), kind) for path in python_files(*PACKAGES) for line, kind in told(path)]


def test_facts_are_found() -> None:
    found = {kind for _, kind in FACTS}
    assert {
        "case.decided",
        "desk.changed",
        "role.granted",
        "space.opened",
        "comment.edit_*",
        "case.undone",
        "person.joined",
    } <= found


@pytest.mark.parametrize(("where", "kind"), FACTS, ids=[f"{where} {kind}" for where, kind in FACTS])
def test_every_kind_has_words(where: str, kind: str) -> None:
    beginning = kind.removesuffix("*")
    assert kind in words.KINDS or (kind != beginning and any(one.startswith(beginning) for one in words.KINDS)), where


@pytest.mark.parametrize("kind", VOCABULARY.split())
def test_what_moderation_may_tell_has_words(kind: str) -> None:
    assert kind in words.KINDS


def test_every_kind_is_in_one_group() -> None:
    assert GROUPS.keys() == words.GROUPS.keys()
    for kind in words.KINDS:
        assert len([group for group, starts in GROUPS.items() if kind.startswith(starts)]) == 1, kind


def test_no_two_kinds_read_alike() -> None:
    assert len(set(words.KINDS.values())) == len(words.KINDS)
