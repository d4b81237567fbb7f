"""What the command line says of mail: whether it is set, whether it fits, whether the server answers; and no password."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.support import world
from tests.support.mail import mail_server

pytestmark = pytest.mark.server
SENDER = "Round Tables <noreply@forum.test>"


async def check(file: Path, **mail: str) -> tuple[int, str]:
    """Run `imrf-forum check` with these settings; return its status and all that it says."""
    settings = {"FORUM_DATABASE_URL": f"sqlite://{file}", "FORUM_SECRET_KEY": "a secret of these tests", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "forum", "check"]
    done = await asyncio.to_thread(
        subprocess.run, words, env=os.environ | settings | mail, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


async def test_what_check_says_of_mail(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        file = tmp_path / "forum.sqlite3"
    status, said = await check(file)
    assert (status, "No mail is sent" in said) == (0, True)
    with mail_server() as mail:
        status, said = await check(file, FORUM_MAIL_URL=mail.url, FORUM_MAIL_FROM=SENDER)
        assert (status, f"Mail is handed over to 127.0.0.1 port {mail.port}." in said) == (0, True)
        status, said = await check(file, FORUM_MAIL_URL=mail.url)
        assert (status, "Set FORUM_MAIL_FROM" in said) == (2, True)
    status, said = await check(file, FORUM_MAIL_URL=mail.url.replace("//", "//me:pass-word@"), FORUM_MAIL_FROM=SENDER)
    assert (status, "cannot be used: SMTPConnectError" in said) == (2, True)
    assert "pass-word" not in said
    status, said = await check(file, FORUM_MAIL_URL="smtp://me:pass-word@mail.example", FORUM_MAIL_FROM=SENDER)
    assert (status, "in clear" in said) == (2, True)
    assert "pass-word" not in said
    status, said = await check(file, FORUM_MAIL_URL=mail.url, FORUM_MAIL_FROM="a@b.org, c@d.org")
    assert (status, "one address" in said) == (2, True)
