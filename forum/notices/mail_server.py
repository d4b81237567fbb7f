"""The mail server: its address, as the settings give it, and a connection to it.

smtp://[user:password@]host[:25]            in clear: a relay on this machine or in a network of one's own
smtp+starttls://[user:password@]host[:587]  begins in clear and goes on with TLS, or not at all
smtps://[user:password@]host[:465]          with TLS from the first byte
"""

import ipaddress
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from aiosmtplib import SMTP

PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
PATIENCE: Final = 10.0
"""Seconds that an answer of the server is waited for."""
PERMANENT: Final = 500
"""Answers from here on say that trying again is of no use."""
CLOSING: Final = 421
_NAME: Final = re.compile(r"[A-Za-z0-9.-]{1,253}")
_SENDER: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")


class NoServer(Exception):
    """The server cannot be used at present; the message says at which step and why, without names or addresses."""


class Refused(Exception):
    """A mail was not taken; the message says by what kind of refusal. `final`: it never will be. `all_alike`: nor would any other now."""

    def __init__(self, why: str, *, final: bool = False, all_alike: bool = False) -> None:
        super().__init__(why)
        self.final = final
        self.all_alike = all_alike


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and from whom it is. `tls` is "" (none), "starttls" or "tls"."""

    host: str
    port: int
    tls: str
    sender: Address
    user: str = ""
    password: str = field(default="", repr=False)


def parse_sender(text: str) -> Address:
    """Return "Name <address>" or a bare address as one; raises ValueError for anything else."""
    found = getaddresses([text]) or [("", "")]
    name, address = found[0]
    if len(found) != 1 or not _SENDER.fullmatch(address) or not text.isprintable():
        raise ValueError("it is one address, such as: Round Tables <noreply@example.org>")
    return Address(display_name=name, addr_spec=address)


def parse_server(url: str, sender: str) -> MailServer:
    """Return the server at `url`; raises ValueError for what is no address of one."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("it is smtp://HOST:PORT, smtp+starttls://HOST:PORT or smtps://HOST:PORT, with USER:PASSWORD@ if need be")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme == "smtp" and password and not _is_loopback(parts.hostname):
        raise ValueError("a password would travel in clear: use smtps:// or smtp+starttls://")
    return MailServer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        tls={"smtp": "", "smtp+starttls": "starttls", "smtps": "tls"}[parts.scheme],
        sender=parse_sender(sender),
        user=user,
        password=password,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@asynccontextmanager
async def connection(server: MailServer, our_name: str) -> AsyncIterator["SMTP"]:
    """Open a connection, signed in where there is somebody to sign in as, and close it at the end. Raises NoServer."""
    from aiosmtplib import SMTP, SMTPException, SMTPResponseException

    client = SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls == "tls",
        start_tls=server.tls == "starttls",
        username=server.user or None,
        password=server.password or None,
        # Asked of the system otherwise, which asks the network, and the whole forum would wait for that.
        local_hostname=our_name if _NAME.fullmatch(our_name) else "localhost",
        timeout=PATIENCE,
    )
    try:
        try:
            await client.connect()
        except SMTPResponseException as error:
            raise NoServer(f"{type(error).__name__} {error.code}") from error
        except (SMTPException, OSError) as error:
            raise NoServer(type(error).__name__) from error
        yield client
        with suppress(SMTPException, OSError):
            await client.quit()
    finally:
        client.close()


async def hand_over(client: "SMTP", mail: EmailMessage, sender: str, to: str) -> None:
    """Give a mail to the server, which answers for it from then on. Raises Refused."""
    from aiosmtplib import SMTPException, SMTPNotSupported, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

    options = [] if to.isascii() else ["SMTPUTF8"]
    try:
        # As bytes: the library would write the headers anew in its own way.
        await client.sendmail(sender, [to], mail.as_bytes(), mail_options=options)
    except (SMTPNotSupported, ValueError) as error:
        raise Refused(type(error).__name__, final=True) from error
    except SMTPRecipientsRefused as error:
        code = error.recipients[0].code
        raise Refused(f"{type(error).__name__} {code}", final=code >= PERMANENT, all_alike=code == CLOSING) from error
    except SMTPSenderRefused as error:
        # About us, not about this mail: the sender's address is the same in all of them.
        raise Refused(f"{type(error).__name__} {error.code}", all_alike=True) from error
    except SMTPResponseException as error:
        code = error.code
        raise Refused(f"{type(error).__name__} {code}", final=code >= PERMANENT, all_alike=code == CLOSING) from error
    except (SMTPException, OSError) as error:
        raise Refused(type(error).__name__, all_alike=True) from error


async def answers(server: MailServer, our_name: str) -> str:
    """Return an empty text when the server takes our greeting and our password, else why not."""
    try:
        async with connection(server, our_name):
            return ""
    except NoServer as error:
        return str(error)
