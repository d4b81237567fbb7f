"""Hold texts with many links, and links that hide where they lead."""

import re
from collections.abc import Iterator
from html import unescape

from forum.discussions.screening import Hold
from forum.kernel.messages import N_
from forum.text.urls import host_of, names_other_host
from moderation.screening.reading import Reading

LOOKED_AT = 50
"""Links whose hosts are looked at; a space that allows more is not protected by this phase."""
_HREF = re.compile(r'href="([^"]{0,2000})"')
_TAG = re.compile(r"<[^<>]{0,200}>")
_NUMBERS = re.compile(r"[0-9.]{1,64}|0x[0-9a-f]{1,8}")


def links(reading: Reading) -> Hold | None:
    """Hold more links than the space allows, a link that shows another host than it leads to, and hosts that are numbers or encoded."""
    html = reading.text.html
    if html.count("<a ") - html.count('href="mailto:') > reading.rules.max_links:
        return Hold("links", N_("The text has many links."))
    for address, label in _found(html):
        host = host_of(address) or ""
        if names_other_host(label, host):
            return Hold("links", N_("A link shows another address than the one it leads to."))
        if _NUMBERS.fullmatch(host) or any(part.startswith("xn--") for part in host.split(".")):
            return Hold("links", N_("A link leads to a host without a plain name."))
    return None


def _found(html: str) -> Iterator[tuple[str, str]]:
    """Yield (address, text) of the first links in the HTML of `markup.render`, where links are not nested; mail addresses are no links."""
    for part in html.split("<a ", LOOKED_AT + 1)[1 : LOOKED_AT + 1]:
        attributes, _, rest = part.partition(">")
        address = _HREF.search(attributes)
        if address and not address[1].startswith("mailto:"):
            yield unescape(address[1]), unescape(_TAG.sub("", rest.partition("</a>")[0]))
