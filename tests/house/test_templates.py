"""Templates: they compile, escape everything, and carry nothing that a strict content security policy would refuse."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes
from jinja2.meta import find_referenced_templates

from tests.house.sources import PACKAGES, ROOT, files, place, python_files, tree

TEMPLATES = files("templates", ".html", ".txt", ".xml")
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
# One place in all templates may put stored, already cleaned HTML on a page.
SAFE_PLACES = 1
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "a script with both source and text": re.compile(r"<script[^>]*>\s*[^<\s]", re.I),
    "an inline style sheet": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.I),
    "an event handler": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=\s*[\"'{]", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "something from another host": re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=[\"'](?:https?:)?//", re.I),
}
COMMENT = re.compile(r"\{#.*?#\}", re.S)


def any_filter(value: object, *_: object, **__: object) -> object:
    """Stands where the application puts a filter of its own: only the name matters here."""
    return value


@cache
def environment() -> Environment:
    """Knows every filter and test by name, as the real ones are set up by the application."""
    made = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True, extensions=["jinja2.ext.i18n"])
    for path in TEMPLATES:
        parsed = made.parse(path.read_text(encoding="utf-8"))
        for node in parsed.find_all(nodes.Filter):
            made.filters.setdefault(node.name, any_filter)
        for test in parsed.find_all(nodes.Test):
            made.tests.setdefault(test.name, any_filter)
    return made


def test_there_are_templates() -> None:
    assert PAGES, "no templates found"


@pytest.mark.parametrize("path", TEMPLATES, ids=place)
def test_compiles_and_escapes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    made = environment()
    made.compile(text, filename=str(path))
    used = [name for name in find_referenced_templates(made.parse(text)) if name]
    assert not [name for name in used if not (ROOT / "templates" / name).is_file()], used
    assert not re.search(r"autoescape\s+false", text), "escaping is switched off"


def test_cleaned_html_goes_through_one_place() -> None:
    made = environment()
    found = [
        place(path, node.lineno)
        for path in TEMPLATES
        for node in made.parse(path.read_text(encoding="utf-8")).find_all(nodes.Filter)
        if node.name == "safe"
    ]
    assert len(found) <= SAFE_PLACES, found


@pytest.mark.parametrize("path", PAGES, ids=place)
def test_nothing_inline(path: Path) -> None:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    found = [f"{what}: {hit[0][:80]}" for what, pattern in FORBIDDEN.items() if (hit := pattern.search(text))]
    assert not found, "\n".join(found)


def test_every_environment_escapes() -> None:
    """Wherever the sources make a Jinja environment, escaping is on."""
    for path in python_files(*PACKAGES):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Environment":
                given = {word.arg: ast.unparse(word.value) for word in node.keywords}
                assert given.get("autoescape", "False") != "False", place(path, node.lineno)
