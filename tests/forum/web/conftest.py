from pathlib import Path

import pytest

from tests.forum.web.apps import Built


@pytest.fixture
def static(tmp_path: Path) -> Path:
    for name, text in {
        "css/10-a.css": "a{color:red}" * 60,
        "css/20-b.css": "b{color:blue}",
        "js/app.js": "import './lib/x.js'",
        "js/lib/x.js": "export const x = 1",
        ".hidden": "secret",
    }.items():
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "static"


@pytest.fixture
def built(static: Path) -> Built:
    return Built(static)
