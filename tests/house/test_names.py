"""A file is named for the thing, the layer or the verb, never for being handy."""

from tests.house.sources import PACKAGES, place, python_files

VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "services", "service", "manager", "managers", "misc"}


def test_no_vague_names() -> None:
    paths = python_files(*PACKAGES, "tests")
    found = [place(path) for path in paths if VAGUE & set(place(path).removesuffix(".py").split("/"))]
    assert not found, f"name these for what they hold: {found}"
