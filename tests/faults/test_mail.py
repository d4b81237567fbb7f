"""F21: the mail server is down while people post and moderators decide. Nobody waits for it; afterwards each mail comes once."""

import time
from pathlib import Path

import pytest

from forum.web.catalogue import translate
from moderation.noticing import KINDS
from tests.faults.seen import Seen, percentile
from tests.faults.sizes import size
from tests.support.mail import Mail, mail_server
from tests.support.server import Server, demo_server

pytestmark = [pytest.mark.server, pytest.mark.faults]
DOWN = size(2.5, 20.0)
"""Seconds that the server is away for."""
LEAST = size(6, 40)
DELEGATE, MODERATOR = "delegate-a@demo.example", "moderator@demo.example"
CANARY = "zq7canary"


def published(server: Server, count: int, seconds: float = 0.0) -> tuple[list[str], list[float]]:
    """Post and publish comments, at least so many and for so long; return their ids, and the seconds of each posting and decision."""
    delegate, moderator = server.api(DELEGATE), server.api(MODERATOR)
    ids: list[str] = []
    took: list[float] = []
    end = time.monotonic() + seconds
    while len(ids) < count or time.monotonic() < end:
        began = time.monotonic()
        ids.append(delegate.comment(1, f"{CANARY} {len(ids)}")["id"])
        moderator.decide(ids[-1])
        took.append(time.monotonic() - began)
        time.sleep(0.02)
    return ids, took


def mailed(server: Server, mail: Mail, ids: list[str]) -> dict[str, list[str]]:
    """Return the subjects of the mails about each comment; fails for a mail that came twice."""
    found: dict[str, list[str]] = {one: [] for one in ids}
    seen: set[str] = set()
    for letter in list(mail.letters):
        assert str(letter["Message-ID"]) not in seen
        seen.add(str(letter["Message-ID"]))
        assert CANARY not in str(letter) + letter.get_content()
        for one in ids:
            if f"/contributions/{one}" in letter.get_content():
                found[one].append(str(letter["Subject"]))
    return found


def title(kind: str, mail: Mail) -> str:
    """Return the title of a kind in the language of the one who is written to."""
    [lang] = {str(letter["Content-Language"]) for letter in mail.letters}
    return translate(lang, KINDS[kind].title)


def wait_until_sent(server: Server) -> None:
    end = time.monotonic() + 90
    waiting = "SELECT COUNT(*) FROM notices WHERE mail_state = 'queued'"
    while server.rows(waiting)[0][0]:
        assert time.monotonic() < end, server.output()
        time.sleep(0.1)


def test_the_mail_server_is_down_for_a_while(tmp_path: Path, seen: Seen) -> None:
    sender = "Round Tables <noreply@forum.test>"
    with mail_server() as mail, demo_server(tmp_path, FORUM_MAIL_URL=mail.url, FORUM_MAIL_FROM=sender) as server:
        before, usual = published(server, LEAST)
        wait_until_sent(server)
        mail.stop()
        during, took = published(server, LEAST, DOWN)
        moderator = server.api(MODERATOR)
        hidden = during[1]
        [case] = moderator.ask("GET", f"/moderation/cases?comment={hidden}")["items"]
        removal = {"action": "remove", "version": case["version"], "reason": "other", "text": "Said before."}
        moderator.ask("POST", f"/moderation/cases/{case['id']}/decision", json=removal)
        [(waiting,)] = server.rows("SELECT COUNT(*) FROM notices WHERE mail_state = 'queued'")
        assert waiting == len(during) + 1
        mail.start()
        wait_until_sent(server)
        found = mailed(server, mail, [*before, *during])
        assert found.pop(hidden) == [title("decision.removed", mail)]
        assert set(map(tuple, found.values())) == {(title("decision.published", mail),)}
        slower = percentile(took, 0.95) / percentile(usual, 0.95)
        seen.note("F21", f"mail down for {DOWN:g} s: {waiting} mails waited, each came once, none for a comment hidden meanwhile")
        seen.figure("F21", "p95 of posting and deciding meanwhile, times the usual", slower, "×", 1.1)
        assert max(took) < 5
        assert server.stop() == 0
        assert "Traceback" not in server.output()
        assert "@demo.example" not in server.output().split("Stop with Ctrl+C")[1]
