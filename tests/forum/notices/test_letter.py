"""The mail of a notice as it travels: its headers, its words, and what can never be in it."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from forum.kernel.locales import LANGS
from forum.notices import kinds
from forum.notices.kinds import Kind
from forum.notices.letter import POLICY, compose, message_id
from forum.notices.models import Notice
from forum.notices.sources import Recipient, Subject
from forum.web.catalogue import translate
from moderation.noticing import KINDS

BASE = "https://a-rather-long-name-of-a-host.forum.migration.example.org/some/where"
SENDER = Address("Tables rondes, Forum – IMRF", "noreply", "example.org")
ABOUT = Subject("hall", {"en": "The hall", "ar": "القاعة", "ru": "Зал"}, "RT4/Q1/3")
COMMENT = "0123456789abcdef" * 2
LONG = "تم نشر تعليقكم وهو الآن متاح لكل من يحق له الاطلاع على الفضاء الذي نشر فيه"


@pytest.fixture(autouse=True)
def on_each_database() -> None:
    """No database: a notice is put into words."""


@pytest.fixture(autouse=True)
def _kinds() -> None:
    kinds.install(KINDS, {"long": Kind(LONG, LONG), "named": Kind("%(name)s", "%(name)s")})


def notice(kind: str = "decision.returned", **values: Any) -> Notice:
    now = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
    usual = {"url": f"/contributions#c-{COMMENT}", "comment_id": COMMENT, "created_at": now, "due_at": now}
    return Notice(id="a" * 32, person_id="b" * 32, kind=kind, ref="act", **usual | values)


def arrived(row: Notice, lang: str = "en", to: str = "asma@example.org", about: Subject | None = ABOUT) -> EmailMessage:
    """The mail as the other side reads it."""
    sent = compose(row, Recipient(to, lang), about, SENDER, BASE).as_bytes()
    assert all(len(line) < 998 for line in sent.split(b"\r\n"))
    found = message_from_bytes(sent, policy=default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_words_arrive_as_they_left(kind: str, lang: str) -> None:
    got = arrived(notice(kind), lang)
    assert got["Subject"] == translate(lang, KINDS[kind].title)
    assert got.get_content().startswith(translate(lang, KINDS[kind].sentence) + "\r\n\r\n")
    assert f"{BASE}/{lang}/contributions#c-{COMMENT}" in got.get_content().splitlines()
    assert "RT4/Q1/3" in got.get_content()
    assert got["Content-Language"] == lang
    assert not got.defects


def test_headers() -> None:
    sent = compose(notice(), Recipient("asma@example.org", "ar"), ABOUT, SENDER, BASE)
    lines = sent.as_bytes().decode("ascii").split("\r\n")
    assert f"List-Unsubscribe: <{BASE}/ar/account>" in lines
    assert "Auto-Submitted: auto-generated" in lines
    assert "To: asma@example.org" in lines
    got = arrived(notice())
    assert got["From"].addresses[0] == SENDER
    assert got["Message-ID"] == f"<notice.{'a' * 32}@a-rather-long-name-of-a-host.forum.migration.example.org>"
    assert got.get_content_type() == "text/plain"
    assert got.get_content_charset() == "utf-8"


def test_no_space_is_lost_between_words_that_are_not_ascii() -> None:
    """The library's own folding joined two words of an Arabic subject."""
    for length in range(1, len(LONG.split()) + 1):
        mail = EmailMessage(policy=POLICY)
        mail["Subject"] = " ".join(LONG.split()[:length])
        assert message_from_bytes(mail.as_bytes(), policy=default)["Subject"] == " ".join(LONG.split()[:length])
    assert arrived(notice("long"))["Subject"] == LONG


def test_the_same_notice_has_the_same_identifier() -> None:
    assert arrived(notice())["Message-ID"] == arrived(notice(), "fr")["Message-ID"]
    assert message_id("c" * 32, "http://[::1]:8000") == f"<notice.{'c' * 32}@--1>"


@pytest.mark.parametrize("name", ["x\r\nBcc: all@example.org", "x\nBcc: all@example.org", "x\rBcc: y", "x\r\n\r\nbody"])
def test_nothing_gets_into_the_headers(name: str) -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        arrived(notice("named", params={"name": name}))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "asma",
        "@example.org",
        "a@",
        "a b@example.org",
        "a@x.org\r\nBcc: b@x.org",
        "<a@x.org>",
        "a,b@x.org",
        'a"@x.org',
        "a\x00@x.org",
    ],
)
def test_what_is_no_address_is_written_to_by_nobody(address: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        arrived(notice(), to=address)


def test_an_address_with_letters_of_any_script() -> None:
    sent = compose(notice(), Recipient("асма@пример.example", "ru"), ABOUT, SENDER, BASE).as_bytes()
    assert "To: асма@пример.example\r\n".encode() in sent


def test_a_title_of_several_lines_is_one_line() -> None:
    got = arrived(notice(), about=Subject("hall", {"en": "The\r\n\r\n-- \nhall"}))
    assert "The -- hall" in got.get_content().splitlines()


def test_about_nothing() -> None:
    body = arrived(notice(comment_id=None), about=None).get_content()
    assert "\r\n\r\n\r\n" not in body
