"""Which addresses a text may link to. Addresses are parsed, never matched by their beginning."""

import re
import unicodedata
from urllib.parse import urlsplit

MAX_URL = 2_000

# The characters of RFC 3986 only: no space, control, quote, bracket of HTML or backslash about which two parsers may differ.
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_HOST = (
    r"(?=[a-z0-9._-]{1,253}(?![a-z0-9._-]))(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?"
)
_AUTHORITY = re.compile(rf"({_HOST})(?::[0-9]{{1,5}})?", re.IGNORECASE)
_MAILBOX = re.compile(rf"[a-z0-9.!#$'*+/=^_`{{|}}~-]{{1,64}}@({_HOST})", re.IGNORECASE)

_DOTS = str.maketrans({"。": ".", "｡": "."})
_NOT_HOST = re.compile(r"[^\w.-]+")


def host_of(url: str) -> str | None:
    """Return the host in lower case that `url` leads to, or None where the forum does not link to `url`.

    Allowed are absolute http and https addresses with an ASCII (or punycode) host and without credentials, and mailto with
    exactly one address and no headers. `url` is the decoded value: no HTML entities. Never raises.
    """
    if len(url) > MAX_URL or not _CHARACTERS.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https"):
            found = _AUTHORITY.fullmatch(parts.netloc)
            if found is None or (parts.port is not None and parts.port == 0):
                return None
        elif parts.scheme == "mailto" and not (parts.netloc or parts.query or parts.fragment):
            found = _MAILBOX.fullmatch(parts.path)
        else:
            return None
    except ValueError:
        return None
    return found.group(1).lower().rstrip(".") if found else None


def safe_url(url: str) -> bool:
    """Say whether the forum links to `url` (see `host_of`)."""
    return host_of(url) is not None


def names_other_host(label: str, host: str) -> bool:
    """Say whether the visible text of a link reads like an address on another host than `host`.

    Look-alike dots and invisible characters in `label` are seen through; a leading `www.` does not count.
    """
    plain = "".join(char for char in unicodedata.normalize("NFKC", label) if unicodedata.category(char) != "Cf")
    own = host.removeprefix("www.")
    for word in plain.translate(_DOTS).casefold().split():
        start = re.split(r"[/?#\\]", word.split("://", 1)[-1], maxsplit=1)[0]
        for part in _NOT_HOST.split(start):
            claimed = part.strip(".-").removeprefix("www.")
            last = claimed.rpartition(".")[2]
            if "." in claimed and len(last) > 1 and not last.isdigit() and claimed != own:
                return True
    return False
