"""Reads the data files that ship inside the package."""

import json
from importlib.resources import files
from typing import Any, cast


def read(name: str) -> dict[str, Any]:
    """Return the content of `data/<name>.json`; raises FileNotFoundError for a name that does not ship."""
    text = (files(__package__) / "data" / f"{name}.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))
