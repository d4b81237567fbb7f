"""A comment's own page: what it answers, the comment, the first replies, and how to cite it."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries, threads
from forum.discussions.models import CommentState, Question, Space
from forum.discussions.policy import EDITABLE, is_open, may_post
from forum.discussions.threads import Seen
from forum.discussions.views.cards import block
from forum.discussions.views.places import Place, comment_in, comment_path, path_in_thread
from forum.discussions.views.shown import ShownComment, shown
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.web import respond
from forum.web.identity import actor_of
from forum.web.language import lang_of
from forum.web.pagecache import cacheable
from forum.web.site import site_of

REPLIES = 20
PARAGRAPHS = 30
"""How many paragraphs are linked; the rule is stated, so more can be cited all the same."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What is needed to cite a comment."""

    url: str
    anchors: list[int]


async def permalink(request: Request) -> Response:
    """GET /spaces/{slug}/comments/{id}"""
    actor, lang = actor_of(request), lang_of(request)
    space, seen = await comment_in(request, actor, lang)
    if not actor.signed_in and not request.query_params:
        cacheable(request, f"space:{space.id}")
    question = await queries.question_of(space, seen.question)
    branch = await threads.branch(actor, space, seen, lang)
    below = await threads.replies(actor, space, seen, lang, REPLIES + 1)
    can_reply = is_open(space, clock.now())

    def view(one: Seen) -> ShownComment:
        return shown(one, lang, space.slug, can_reply=can_reply)

    url = f"{site_of(request).base_url}/{lang}{comment_path(space.slug, seen.id)}"
    context = {
        **_around(space, question, lang),
        "comment": view(seen),
        "ancestors": [view(one) for one in branch if one.id != seen.id],
        "replies": [view(one) for one in below[:REPLIES]],
        "more_replies": len(below) > REPLIES,
        "thread_url": f"/{lang}{await path_in_thread(actor, Place(space, [question], question), seen.id)}",
        "canonical": url,
        "citation": _citation(seen, url),
        **_own(actor, space, seen),
    }
    return respond.page(request, "discussions/permalink.html", context)


def _around(space: Space, question: Question, lang: str) -> dict[str, object]:
    return {
        "space": space,
        "space_title": block(space.title, lang),
        "question": block(question.text, lang),
        "number": question.number,
    }


def _citation(seen: Seen, url: str) -> Citation | None:
    if seen.state != CommentState.PUBLISHED.value:
        return None
    return Citation(url, list(range(1, min(seen.paragraphs, PARAGRAPHS) + 1)))


def _own(actor: Actor, space: Space, seen: Seen) -> dict[str, object]:
    """Return what the author may do here: edit while the space is open, withdraw at any time."""
    own = actor.signed_in and actor.person_id == seen.author_id
    changeable = own and CommentState(seen.state) in EDITABLE
    return {
        "own": own,
        "can_edit": changeable and may_post(actor, space, clock.now()),
        "can_withdraw": changeable,
    }
