"""Canonical JSON: what RFC 8785 says, on the values that the record may hold."""

import hashlib
import json
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.kernel.canonical import Json, canonical, digest

keys = st.text(st.characters(max_codepoint=127), max_size=8)
scalars = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
few = settings(max_examples=40, deadline=None)
objects = st.dictionaries(keys, values, max_size=6)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "{}"),
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ({"aa": 1, "a": 2, "B": 3, "_": 4}, '{"B":3,"_":4,"a":2,"aa":1}'),
        ({"a": [3, 1, 2], "b": {"d": None, "c": True}}, '{"a":[3,1,2],"b":{"c":true,"d":null}}'),
        ({"a": "é €😀 العربية"}, '{"a":"é €😀 العربية"}'),
        ({"a": '\b\t\n\f\r"\\/\x00\x1f\x7f'}, '{"a":"\\b\\t\\n\\f\\r\\"\\\\/\\u0000\\u001f\x7f"}'),
        ({"a": "\u2028<script>"}, '{"a":"\u2028<script>"}'),
        ({"a": -(2**53), "b": 2**53}, '{"a":-9007199254740992,"b":9007199254740992}'),
    ],
)
def test_the_text_is_the_one_of_the_rfc(value: dict[str, Json], text: str) -> None:
    assert canonical(value) == text


@few
@given(objects)
def test_the_order_of_writing_does_not_matter(value: dict[str, Json]) -> None:
    shuffled = dict(sorted(value.items(), key=lambda item: digest(item[0])))
    assert canonical(shuffled) == canonical(value)


@few
@given(objects)
def test_it_is_json_and_says_the_same(value: dict[str, Json]) -> None:
    assert json.loads(canonical(value)) == value


@few
@given(objects, objects)
def test_different_values_have_different_texts(one: dict[str, Json], other: dict[str, Json]) -> None:
    # JSON itself tells True from 1, which Python's equality does not.
    assert (canonical(one) == canonical(other)) == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))


class Word(StrEnum):
    """A string that is also a constant."""

    HELD = "held"


def test_a_constant_is_written_as_its_text() -> None:
    assert canonical({"state": Word.HELD}) == '{"state":"held"}'


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1.0},
        {"a": float("nan")},
        {"a": 2**53 + 1},
        {"a": -(2**53) - 1},
        {"a": (1, 2)},
        {"a": {1}},
        {"a": b"bytes"},
        {"é": 1},
        {"a": {"ключ": 1}},
        {"a": [[{"b": 0.5}]]},
        {1: "a"},
    ],
)
def test_what_has_no_canonical_form_is_refused(value: dict[str, Json]) -> None:
    with pytest.raises(ValueError):
        canonical(value)


def test_half_a_character_cannot_be_hashed() -> None:
    with pytest.raises(ValueError):
        digest(canonical({"a": "\ud800"}))


def test_the_digest_is_over_utf_8() -> None:
    assert digest("Ж") == hashlib.sha256(b"\xd0\x96").hexdigest()
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
