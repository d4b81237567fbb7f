"""Requests made from the description of the API by schemathesis: no answer that the description does not have, and never a 500.

It asks a real server as a moderator and as the secretariat, whose rights together reach everything, one on each kind of database.
`schemathesis.toml` names what a description cannot say, and why.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.support.backends import POSTGRES, SQLITE
from tests.support.server import demo_server

pytestmark = pytest.mark.server

CONFIG = Path(__file__).with_name("schemathesis.toml")
COMMAND = "from schemathesis.cli import schemathesis; schemathesis()"
TOKENS = 2
"""Operations left out: they would end the token that all others are asked with."""
EXAMPLES = 5
SEED = 20261127
"""The same requests every time: what is found can be found again."""


@pytest.fixture(autouse=True)
def on_each_database() -> None:
    """On those that are named below."""


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("role", "stack"), [("moderator", POSTGRES), ("secretariat", SQLITE)])
def test_finds_nothing(tmp_path: Path, role: str, stack: str) -> None:
    with demo_server(tmp_path, stack=stack, FORUM_STATEMENT_TIMEOUT="20") as server:
        token = server.api(f"{role}@demo.example").http.headers["Authorization"]
        done = subprocess.run(
            [
                *(sys.executable, "-c", COMMAND, "--config-file", str(CONFIG), "--no-color"),
                *("run", f"{server.url}/api/v1/openapi.json", "-H", f"Authorization: {token}"),
                *("--exclude-path-regex", "/tokens", "--max-examples", str(EXAMPLES), "--seed", str(SEED)),
                "--continue-on-failure",
            ],
            cwd=tmp_path,
            env={**server.settings(), "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[said.find("FAILURES") :][:20_000]
    counts = re.search(r"Selected: (\d+)/(\d+)\s+Tested: (\d+)", said)
    assert counts, said[-2_000:]
    selected, described, tested = map(int, counts.groups())
    assert tested == selected == described - TOKENS
