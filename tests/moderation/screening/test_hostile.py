"""Hostile texts: every look ends, and its work grows with the length of the text, not with its square."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

import pytest

from moderation.screening.looking import LOOKS, look_all
from moderation.screening.personal import hints
from tests.moderation.screening.reading import reading
from tests.support.hostile import ALL, MAX, Hostile

if TYPE_CHECKING:
    from _typeshed import TraceFunction


def _run(part: str) -> str:
    return (part * MAX)[:MAX]


RUNS = [
    Hostile("combining marks", "a" + "\u0301" * (MAX - 1)),
    Hostile("combining marks of many classes", "a" + _run("\u0301\u0327\u05b0\u064b\u0345")[1:]),
    Hostile("joiners", _run("i\u200d")),
    Hostile("nested look-alikes", _run("іı1lІⅰ")),
    Hostile("long compatibility forms", _run("\ufdfa")),
    Hostile("digits", _run("1")),
    Hostile("digits and spaces", _run("1 ")),
    Hostile("brackets and digits", _run("(1")),
    Hostile("plus signs", _run("+1")),
    Hostile("at signs", _run("a@")),
    Hostile("addresses without end", _run("a.b@a.b.")),
    Hostile("one long local part", "a" * (MAX - 1) + "@"),
    Hostile("capitals and digits", _run("A1")),
    Hostile("account numbers", _run("CH93 0076 ")),
    Hostile("words for documents", _run("passport no ")),
    Hostile("words for telephones", _run("tel 12345 ")),
    Hostile("full stops", _run(".")),
    Hostile("stops and spaces", _run(". ")),
    Hostile("names of States", _run("United States of ")),
    Hostile("Chinese names", _run("中")),
    Hostile("Chinese accusations", _run("法国侵犯人权。")),
    Hostile("Russian endings", _run("ами")),
    Hostile("Arabic articles", _run("وال")),
    Hostile("accusations", _run("France tortures. ")),
    Hostile("beginnings of phrases", _run("go back to ")),
]


def _steps(do: Callable[[], object]) -> int:
    """Return how many lines of Python ran."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: object) -> "TraceFunction":
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        do()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("hostile", [*RUNS, *ALL], ids=lambda one: one.name)
def test_every_look_ends_without_failing(hostile: Hostile) -> None:
    for lang in ("en", "ar", "zh"):
        seen = look_all(reading(hostile.source, lang))
        assert set(seen.found) == {look.__name__ for look in LOOKS}
        assert not [one for one in seen.found.values() if isinstance(one, Exception)]
    hints(hostile.source, "en")


@pytest.mark.parametrize("hostile", RUNS, ids=lambda one: one.name)
def test_work_grows_with_the_length_alone(hostile: Hostile) -> None:
    half, whole = reading(hostile.source[: MAX // 2]), reading(hostile.source)
    look_all(half), hints(half.text.source, "en")  # whatever is read once is read
    one = _steps(lambda: (look_all(reading(half.text.source)), hints(half.text.source, "en")))
    two = _steps(lambda: (look_all(reading(whole.text.source)), hints(whole.text.source, "en")))
    assert two < 2.6 * one + 2_000
