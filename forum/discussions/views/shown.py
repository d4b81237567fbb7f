"""A comment as the template `_comment.html` shows it: one shape for page, answer and live frame."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup

from forum.db.fields import load_json
from forum.discussions.models import CommentState, SpeakingFor
from forum.discussions.threads import Seen
from forum.kernel.clock import to_minute
from forum.kernel.locales import direction, pick
from forum.kernel.messages import N_
from forum.web.catalogue import current, gettext
from forum.web.formats import formats
from forum.web.templates import render

CAPACITIES = {
    SpeakingFor.STATE.value: N_("On behalf of %(entity)s"),
    SpeakingFor.ORGANIZATION.value: N_("On behalf of %(entity)s"),
    SpeakingFor.GROUP.value: N_("On behalf of %(entity)s"),
    SpeakingFor.PERSONAL.value: N_("In a personal capacity"),
}


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """The comment that is answered."""

    author_name: str
    symbol: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownComment:
    """What `_comment.html` needs; nothing in it depends on who looks beyond what `threads` has already left out."""

    id: str
    anchor: str
    url: str
    symbol: str
    parent: str | None
    depth: int
    seq: int
    state: str
    author_name: str
    capacity_text: str
    entity_name: str
    lang: str
    dir: str
    html: Markup
    published_at: datetime | None
    edited: bool
    reply_to: ReplyTo | None
    stub_text: str
    reply_url: str | None
    paragraphs: int
    pending: str | None
    report_url: str | None = None


def capacity_text(speaking_for: str, entity_name: str) -> str:
    """Return in which capacity a comment speaks, in the current language."""
    return gettext(CAPACITIES[speaking_for], entity=entity_name) if speaking_for else ""


def _reason(kept: str) -> str:
    """Return the reason on a stub in the current language: kept by language, or, of long ago, as a message id."""
    return pick(load_json(kept), current())[0] if kept.startswith("{") else gettext(kept)


def stub_text(seen: Seen) -> str:
    """Return the sentence that stands in place of a text that is gone."""
    if seen.state == CommentState.WITHDRAWN.value:
        return gettext(N_("Withdrawn by its author."))
    if seen.state == CommentState.REMOVED.value:
        return gettext(N_("Removed by the moderators: %(reason)s."), reason=_reason(seen.stub_reason))
    return ""


def url_of(lang: str, slug: str, comment_id: str) -> str:
    """Return the permalink of a comment."""
    return f"/{lang}/spaces/{slug}/comments/{comment_id}"


def shown(seen: Seen, lang: str, slug: str, *, can_reply: bool, can_report: bool = True) -> ShownComment:
    """Return the view of a comment in the space `slug`; `can_reply` tells whether the space takes comments now.

    What is published can be reported by everybody but its author; the link is there for all, as a comment looks the same to all. Only
    where somebody deals with the comment already, `can_report` leaves it out.
    """
    reply_to = None
    if seen.reply_to:
        url = url_of(lang, slug, seen.reply_to.id)
        reply_to = ReplyTo(seen.reply_to.author_name, seen.reply_to.symbol, url)
    published = seen.state == CommentState.PUBLISHED.value
    return ShownComment(
        id=seen.id,
        anchor=f"c-{seen.id}",
        url=url_of(lang, slug, seen.id),
        symbol=seen.symbol,
        parent=seen.parent,
        depth=seen.depth,
        seq=seen.seq,
        state=seen.state,
        author_name=seen.author_name,
        capacity_text=capacity_text(seen.speaking_for, seen.entity_name),
        entity_name=seen.entity_name,
        lang=seen.lang,
        dir=direction(seen.lang),
        html=Markup(seen.html),  # noqa: S704 - made by forum.text.markup, the one source of stored HTML
        published_at=to_minute(seen.published_at) if seen.published_at else None,
        edited=seen.edited_at is not None,
        reply_to=reply_to,
        stub_text="" if seen.html else stub_text(seen),
        reply_url=f"/{lang}/spaces/{slug}/questions/{seen.question}?reply={seen.id}#write" if can_reply and published else None,
        paragraphs=seen.paragraphs,
        pending=seen.pending,
        report_url=f"{url_of(lang, slug, seen.id)}/report" if can_report and published else None,
    )


@lru_cache(maxsize=4096)
def _rendered(view: ShownComment, lang: str) -> Markup:
    # Kept by everything it is made of, text included: what has changed in any way is another key.
    return Markup(render("discussions/_comment.html", comment=view, lang=lang, fmt=formats(lang)))  # noqa: S704 - a template's work


def render_comment(view: ShownComment) -> Markup:
    """Return the HTML of one comment in the current language; the same view is rendered once."""
    return _rendered(view, current())
