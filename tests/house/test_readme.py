"""The README is true: its commands, paths and settings exist, and every setting is in it."""

import importlib
import importlib.util
import re
from collections.abc import Iterator
from functools import cache

import typer.main
from pydantic_settings import BaseSettings

from tests.house.sources import ROOT

README = ROOT / "README.md"
# Read by the tests, not by the forum.
TEST_SETTINGS = {"FORUM_REQUIRE_ALL", "FORUM_CHROMIUM", "FORUM_TEST_STACK"}
# In backticks with a slash, and no path.
NO_PATH = re.compile(r"^(text|application|image|multipart)/|^RT\d|://|^/|^~|^[A-Z_]+=|^\d|[<>{}*$?()…=\s:]|^\.{3}")
FILE = re.compile(r"^[\w.-]+\.(py|html|css|js|md|txt|toml|cfg|json|csv|po|svg|png)$")


@cache
def text() -> str:
    return README.read_text(encoding="utf-8")


def backticked() -> Iterator[str]:
    """What stands in single backticks outside fenced blocks."""
    plain = re.sub(r"(?ms)^```.*?^```", "", text())
    yield from (found.strip() for found in re.findall(r"`([^`\n]+)`", plain))


def code() -> str:
    """Everything that is set as code, fenced or not."""
    return "\n".join([*re.findall(r"(?ms)^```.*?^```", text()), *re.findall(r"(?m)^ {4}.*$", text()), *backticked()])


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    named = set(re.findall(r"(?m)(?:^|[\s`])make ([a-z]+)\b", code()))
    assert named >= {"run", "test"}, "the README names neither `make run` nor `make test`"
    assert named <= targets, f"no such target: {named - targets}"


def test_commands_exist() -> None:
    command = typer.main.get_command(importlib.import_module("forum.cli").app)
    known = set(getattr(command, "commands", {}))
    named = set(re.findall(r"imrf-forum ([a-z][a-z-]*)", code()))
    assert named <= known, f"no such command: {named - known}"


def test_modules_exist() -> None:
    for name in set(re.findall(r"python3? -m ([\w.]+)", code())):
        assert importlib.util.find_spec(name), f"no module {name}"


def test_paths_exist() -> None:
    wrong = []
    for name in backticked():
        if FILE.match(name):
            exists = (ROOT / name).exists() or any(
                any((ROOT / top).rglob(name)) for top in ("forum", "moderation", "templates", "static", "tests")
            )
        elif "/" in name and not NO_PATH.search(name):
            exists = (ROOT / name).exists()
        else:
            continue
        if not exists:
            wrong.append(name)
    assert not wrong, f"named in the README, not in the tree: {wrong}"


def test_linked_files_exist() -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|href)=\"([^\"#]+)\"", text())
    local = {one or other for one, other in targets if "://" not in (one or other) and not (one or other).startswith("mailto:")}
    assert not [name for name in local if not (ROOT / name).exists()]


def settings() -> set[str]:
    """Names of the environment variables the forum reads, from its settings model."""
    module = importlib.import_module("forum.settings")
    names: set[str] = set()
    for model in vars(module).values():
        if isinstance(model, type) and issubclass(model, BaseSettings) and model is not BaseSettings:
            prefix = model.model_config.get("env_prefix", "")
            fields = model.model_fields.items()
            names |= {str(field.validation_alias or prefix + name).upper() for name, field in fields}
    return names


def test_settings_are_all_in_the_readme() -> None:
    named = set(re.findall(r"\bFORUM_[A-Z][A-Z_]*[A-Z]\b", text()))
    assert settings(), "no settings model found in forum/settings.py"
    assert settings() - named == set(), "settings the README does not name"
    assert named - settings() - TEST_SETTINGS == set(), "the README names settings that do not exist"
