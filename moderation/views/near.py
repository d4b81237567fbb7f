"""Near-identical texts as the template `moderation/_similar.html` shows them."""

from dataclasses import dataclass

from babel.numbers import format_percent

from forum.discussions.models import CommentState
from forum.discussions.views.places import comment_path
from forum.kernel.actors import Actor
from forum.kernel.locales import direction
from forum.kernel.messages import N_
from forum.text.excerpt import excerpt
from forum.web.catalogue import gettext
from moderation.similar.finding import SHOWN, similar_to

EXCERPT = 200
"""Characters of a text."""
STATE_WORDS = {
    CommentState.HELD.value: N_("Waiting for a moderator"),
    CommentState.RETURNED.value: N_("Returned to the author"),
    CommentState.REJECTED.value: N_("Rejected"),
    CommentState.PUBLISHED.value: N_("Published"),
    CommentState.REMOVED.value: N_("Removed"),
}


@dataclass(frozen=True, slots=True)
class ShownNear:
    """A text like another; `name` is its symbol, or a word where it never got one."""

    url: str
    name: str
    score: str
    state: str
    state_text: str
    author_name: str
    same_author: bool
    elsewhere: bool
    space_slug: str
    excerpt: str
    lang: str
    dir: str


async def near(actor: Actor, comment_id: str, lang: str, limit: int = SHOWN) -> list[ShownNear]:
    """Return what is nearly the same as a comment, in the current language; only from spaces that `actor` moderates.

    Raises NotFound where `actor` does not moderate the comment's own space.
    """
    return [
        ShownNear(
            url=f"/{lang}{comment_path(one.space_slug, one.comment_id)}",
            name=one.symbol or gettext("Comment without a symbol"),
            score=format_percent(one.score, locale=lang, numbering_system="latn"),
            state=one.state,
            state_text=gettext(STATE_WORDS[one.state]),
            author_name=one.author_name,
            same_author=one.same_author,
            elsewhere=one.elsewhere,
            space_slug=one.space_slug,
            excerpt=excerpt(one.html, EXCERPT),
            lang=one.lang,
            dir=direction(one.lang),
        )
        for one in await similar_to(actor, comment_id, limit)
    ]
