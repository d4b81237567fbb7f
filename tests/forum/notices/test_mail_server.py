"""The address of the mail server, and whether it answers."""

import pytest

from forum.notices.mail_server import MailServer, answers, parse_sender, parse_server
from tests.support.mail import Mail

SENDER = "noreply@forum.test"


@pytest.fixture(autouse=True)
def on_each_database() -> None:
    """No database."""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.test", ("mail.test", 25, "", "", "")),
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, "", "", "")),
        ("smtp://me:word@localhost", ("localhost", 25, "", "me", "word")),
        ("smtps://me:p%40ss%3A@mail.test", ("mail.test", 465, "tls", "me", "p@ss:")),
        ("smtp+starttls://me:word@mail.test:26/", ("mail.test", 26, "starttls", "me", "word")),
        ("smtps://[::1]:465", ("::1", 465, "tls", "", "")),
    ],
)
def test_addresses(url: str, expected: tuple[object, ...]) -> None:
    found = parse_server(url, SENDER)
    assert (found.host, found.port, found.tls, found.user, found.password) == expected


@pytest.mark.parametrize(
    "url",
    ["mail.test", "http://mail.test", "smtp://", "smtp://mail.test/box", "smtp://mail.test?tls=no", "smtp://mail.test:99999",
     "smtp://me:word@mail.test", "smtp+starttls:mail.test"],
)  # fmt: skip
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(ValueError):
        parse_server(url, SENDER)


@pytest.mark.parametrize(
    "sender", ["", "nobody", "a@b@c", "x <a@b.org>, <c@d.org>", "x\r\nBcc: y <a@b.org>", "a b@c.org", "é@b.org"]
)
def test_what_is_no_sender(sender: str) -> None:
    with pytest.raises(ValueError):
        parse_sender(sender)


def test_senders() -> None:
    assert parse_sender("Tables rondes – IMRF <a@b.org>").display_name == "Tables rondes – IMRF"
    assert parse_sender("a@b.org").addr_spec == "a@b.org"


def test_the_password_is_not_shown() -> None:
    assert "word" not in repr(parse_server("smtps://me:word@mail.test", SENDER))


async def test_whether_it_answers(mail: Mail) -> None:
    server = parse_server(mail.url, SENDER)
    assert await answers(server, "forum.test") == ""
    assert "forum test" not in await answers(server, "forum test")
    for scheme in ("smtp+starttls", "smtps"):
        assert await answers(parse_server(f"{scheme}://127.0.0.1:{mail.port}", SENDER), "forum.test")
    with_password = MailServer("127.0.0.1", mail.port, "", server.sender, "me", "word")
    assert await answers(with_password, "forum.test")
    mail.stop()
    assert await answers(server, "forum.test") == "SMTPConnectError"
