"""One's own contributions: where each stands, what was decided and why, and what is typed and not sent."""

from dataclasses import dataclass, replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import drafts, threads
from forum.discussions.drafts import Waiting as Draft
from forum.discussions.models import CommentState, Space
from forum.discussions.policy import EDITABLE, may_post, may_read
from forum.discussions.threads import Seen
from forum.discussions.views.shown import capacity_text, url_of
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.locales import ENDONYM, direction, is_lang, pick
from forum.kernel.messages import N_
from forum.notices.queries import unread
from forum.text.excerpt import excerpt
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.identity import require_signed_in
from forum.web.language import lang_of
from moderation import queries
from moderation.appeals.queries import appeals_that_wait
from moderation.models import Action
from moderation.queries import Decided
from moderation.views.reported import reported_by
from moderation.views.shown import EXCERPT, ShownDecision, shown_decision

MOST = 100
"""How many contributions are shown."""

STATE_WORDS = {
    CommentState.HELD.value: N_("Waiting for a moderator"),
    CommentState.RETURNED.value: N_("Returned to you for a change"),
    CommentState.REJECTED.value: N_("Not published"),
    CommentState.PUBLISHED.value: N_("Published"),
    CommentState.REMOVED.value: N_("Removed by the moderators"),
    CommentState.WITHDRAWN.value: N_("Withdrawn by you"),
}
PENDING_WORDS = {
    "held": N_("Edit waiting for a moderator"),
    "returned": N_("Edit returned to you for a change"),
    "rejected": N_("Edit not published"),
}
DECISION_WORDS = {
    Action.PUBLISH.value: N_("The moderators published your text."),
    Action.RETURN.value: N_("The moderators returned your text for a change."),
    Action.REJECT.value: N_("The moderators did not publish your text."),
    Action.REMOVE.value: N_("The moderators removed your comment."),
    Action.RESTORE.value: N_("The moderators restored your comment."),
    Action.KEEP.value: N_("The moderators looked at your comment again and kept it."),
    Action.MOVE.value: N_("The moderators published your text under another question."),
    Action.MERGE.value: N_("The moderators published your text as a reply in a thread."),
    Action.UPHOLD.value: N_("Another moderator upheld the decision on your text."),
    Action.OVERTURN.value: N_("Another moderator overturned the decision: your text is published."),
}
DRAFT_WORDS = {
    "q": N_("New comment on question %(number)s"),
    "r": N_("Reply, question %(number)s"),
    "e": N_("Edit of your comment, question %(number)s"),
}
BACK = frozenset({CommentState.RETURNED.value, CommentState.REJECTED.value})
"""States in which the author is asked to change the text, or may."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One comment as its author sees it here. Empty addresses mean that this cannot be done.

    `is_earlier`: the decision is about an earlier text, a newer one waits.
    """

    id: str
    symbol: str
    space_title: str
    space_lang: str
    question: int
    state: str
    state_text: str
    pending: str
    pending_text: str
    capacity_text: str
    lang: str
    dir: str
    excerpt: str
    at: datetime
    decision: ShownDecision | None
    is_earlier: bool
    url: str
    history_url: str
    edit_url: str
    edit_text: str
    withdraw_url: str
    appeal_waits: bool = False


async def contributions_page(request: Request) -> Response:
    """Show what the reader has written, newest first, and the drafts that wait."""
    actor, lang = require_signed_in(request), lang_of(request)
    assert actor.person_id
    written = await threads.of_author(actor, lang, limit=MOST)
    spaces = {space.id: space for space in await Space.filter(id__in={seen.space_id for seen in written})} if written else {}
    decided = await queries.last_decisions_for(actor, [seen.id for seen in written])
    appealed = await appeals_that_wait(actor.person_id)
    context = {
        "items": [
            replace(
                _contribution(actor, seen, spaces[seen.space_id], decided.get(seen.id), lang), appeal_waits=seen.id in appealed
            )
            for seen in written
        ],
        "drafts": [_draft(draft, lang) for draft in await drafts.waiting(actor)],
        "reported": await reported_by(actor, lang),
        "unread": await unread(actor.person_id),
        "most": MOST if len(written) == MOST else 0,
    }
    return respond.page(request, "moderation/contributions.html", context)


def _contribution(actor: Actor, seen: Seen, space: Space, decided: Decided | None, lang: str) -> Contribution:
    title, title_lang = pick(space.title, lang)
    url = url_of(lang, space.slug, seen.id) if may_read(actor, space) else ""
    editable = CommentState(seen.state) in EDITABLE and bool(url)
    asked_back = seen.state in BACK or seen.pending in BACK
    return Contribution(
        id=seen.id,
        symbol=seen.symbol,
        space_title=title,
        space_lang=title_lang,
        question=seen.question,
        state=seen.state,
        state_text=gettext(STATE_WORDS[seen.state]),
        pending=seen.pending or "",
        pending_text=gettext(PENDING_WORDS[seen.pending]) if seen.pending in PENDING_WORDS else "",
        capacity_text=capacity_text(seen.speaking_for, seen.entity_name),
        lang=seen.lang,
        dir=direction(seen.lang),
        excerpt=excerpt(seen.html, EXCERPT) if seen.html else "",
        at=seen.received_at,
        decision=_decision(decided),
        is_earlier=seen.state == CommentState.HELD.value or seen.pending == "held",
        url=url,
        history_url=f"/{lang}/contributions/{seen.id}",
        edit_url=f"{url}/edit" if editable and may_post(actor, space, clock.now()) else "",
        edit_text=gettext("Change and send again") if asked_back else gettext("Edit"),
        withdraw_url=f"{url}/withdraw" if editable else "",
    )


def _decision(decided: Decided | None) -> ShownDecision | None:
    """Return the decision if it says more to its author than the state of the comment does."""
    if decided is None or (decided.action == Action.PUBLISH.value and not decided.text):
        return None
    return shown_decision(decided, DECISION_WORDS)


def _draft(draft: Draft, lang: str) -> dict[str, object]:
    """Return a draft with the address where it goes on."""
    space = f"/{lang}/spaces/{draft.slug}"
    thread = f"{space}/questions/{draft.question}"
    urls = {
        "q": f"{thread}#write",
        "r": f"{thread}?reply={draft.comment_id}#write",
        "e": f"{space}/comments/{draft.comment_id}/edit",
    }
    return {
        "url": urls[draft.kind],
        "title": gettext(DRAFT_WORDS[draft.kind], number=draft.question),
        "excerpt": excerpt(draft.body, EXCERPT),
        "lang": draft.lang,
        "lang_name": ENDONYM[draft.lang] if is_lang(draft.lang) else draft.lang,
        "dir": direction(draft.lang),
        "saved_at": draft.saved_at,
    }
