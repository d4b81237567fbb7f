"""The mail of a notice: one sentence, what it is about, and where to read more. Never what anybody wrote, nor who decided."""

from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, formataddr
from urllib.parse import urlsplit

from forum.kernel import clock
from forum.kernel.messages import N_
from forum.notices.models import Notice
from forum.notices.queries import shown
from forum.notices.sources import Recipient, Subject
from forum.web.catalogue import gettext, use

WHY = N_(
    "This message was sent automatically; replies are not read. Choose on the page of your account whether you receive such messages:"
)


class Lines(EmailPolicy):
    """How headers become lines. The library's own way loses spaces between words that are not ASCII (seen in Arabic subjects), and
    writes a long address of the web as encoded words, which nobody reads as an address.
    """

    def fold(self, name: str, value: object) -> str:
        """Return the header as lines of ASCII, or of UTF-8 for an address that cannot be written otherwise."""
        text = str(value)
        if not text.isascii() and name != "To":
            pairs = [(one.display_name, one.addr_spec) for one in getattr(value, "addresses", ())]
            encoded = ", ".join(map(formataddr, pairs)) if pairs else Header(text, "utf-8", header_name=name).encode()
            text = self.linesep.join(encoded.splitlines())
        return f"{name}: {text}{self.linesep}"

    def fold_binary(self, name: str, value: object) -> bytes:
        """Return the header as bytes."""
        return self.fold(name, value).encode()


POLICY = Lines(linesep=SMTP.linesep, cte_type="7bit")


def message_id(notice_id: str, base_url: str) -> str:
    """Return the identifier of the mail of a notice: the same each time, so that one that comes twice can be known for what it is."""
    host = urlsplit(base_url).hostname or "localhost"
    return f"<notice.{notice_id}@{host.replace(':', '-')}>"


def compose(notice: Notice, recipient: Recipient, subject: Subject | None, sender: Address, base_url: str) -> EmailMessage:
    """Return the mail in the recipient's language.

    Raises ValueError for an address that is none, and for anything in a header that would end it.
    """
    account = f"{base_url}/{recipient.lang}/account"
    with use(recipient.lang):
        said = shown(notice, subject, recipient.lang)
        about = " · ".join(" ".join(part.split()) for part in (said.space_title, said.symbol) if part)
        link = f"{base_url}/{recipient.lang}{notice.url}"
        parts = [said.sentence, *([about] if about else []), link, f"-- \n{gettext(WHY)}\n{account}"]
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = said.title
    mail["From"] = sender
    mail["To"] = _address(recipient.address)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = message_id(notice.id, base_url)
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Unsubscribe"] = f"<{account}>"
    mail.set_content("\n\n".join(parts) + "\n", charset="utf-8")
    mail["Content-Language"] = recipient.lang
    return mail


def _address(text: str) -> Address:
    user, _, domain = text.rpartition("@")
    if not user or not domain or not text.isprintable() or any(sign in text for sign in '<>"(),:;\\ '):
        raise ValueError("not an address")
    return Address(username=user, domain=domain)
