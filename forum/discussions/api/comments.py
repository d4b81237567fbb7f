"""Comments: read a thread, post, read one, edit, withdraw."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries, threads
from forum.discussions.addresses import comment_id_of, is_id, slug_of
from forum.discussions.api.answers import answer, readable
from forum.discussions.api.query import Localized, Paging, Version, read_query
from forum.discussions.api.schemas import CommentsAnswer, comment_answer
from forum.discussions.editing import edit_comment
from forum.discussions.forms import KEY, Edit, NewComment, Withdrawal
from forum.discussions.models import Space
from forum.discussions.posting import known_key, post_comment
from forum.discussions.threads import Seen, Slice, Window
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden, NotFound, Problem, invalid
from forum.record.reading import public_head
from forum.web.forms import parse, read_json
from forum.web.identity import actor_of, require_signed_in
from forum.web.language import lang_of

HEADER = "Idempotency-Key"


async def listed(request: Request) -> Response:
    """Answer a page of the comments of a space, in thread order."""
    actor, lang = actor_of(request), lang_of(request)
    space = await queries.space_by_slug(actor, slug_of(request))
    wanted = read_query(request, Paging)
    # The head is read first: who follows from it is told again of what came meanwhile, and misses nothing.
    seq = await public_head(space.id)
    found = await _page(actor, space, lang, wanted)
    items = [comment_answer(actor, seen) for seen in found.items]
    return readable(request, CommentsAnswer(items=items, next=found.next, seq=seq))


async def _page(actor: Actor, space: Space, lang: str, wanted: Paging) -> Slice:
    if wanted.after and not is_id(wanted.after):
        raise invalid(after=Problem("page.cursor"))
    window = Window(wanted.after or "", wanted.limit)
    if wanted.question is None:
        return await threads.all_in_space(actor, space, lang, window)
    question = await queries.question_of(space, wanted.question)
    return await threads.thread(actor, space, question.id, lang, window)


async def post(request: Request) -> Response:
    """Post a comment: 201; 200 with the same comment when the key was used for it before."""
    actor = require_signed_in(request)
    space = await queries.space_by_slug(actor, slug_of(request))
    form = parse(NewComment, await read_json(request), strict=True)
    key = _key(request)
    if not await known_key(actor, key):
        await request.app.state.limiter.hit("post", actor.person_id)
    try:
        posted = await post_comment(actor, space, form, key)
    except NotFound as unknown:
        raise invalid(question=Problem("space.question")) from unknown
    seen = await threads.one(actor, posted.comment_id, lang_of(request))
    if seen is None:  # gone in the moment since
        raise NotFound
    status = 201 if posted.created else 200
    return answer(comment_answer(actor, seen), status, f"/api/v1/comments/{seen.id}")


def _key(request: Request) -> str | None:
    sent = request.headers.getlist(HEADER)
    if not sent:
        return None
    if len(sent) > 1 or not KEY.fullmatch(sent[0]):
        raise invalid(**{HEADER: Problem("field.invalid")})
    return sent[0]


async def single(request: Request) -> Response:
    """Answer one comment."""
    read_query(request, Localized)
    actor = actor_of(request)
    return readable(request, comment_answer(actor, await _seen(actor, comment_id_of(request), lang_of(request))))


async def _seen(actor: Actor, comment_id: str, lang: str) -> Seen:
    """Return a comment of a space that `actor` may read; raises NotFound alike for a hidden and an unknown one."""
    seen = await threads.one(actor, comment_id, lang)
    if seen is None:
        raise NotFound
    await queries.space_by_id(actor, seen.space_id)
    return seen


async def _own(request: Request, actor: Actor) -> str:
    """Return the id of a comment of the actor's; what another wrote is not theirs to change, if they know of it at all."""
    seen = await _seen(actor, comment_id_of(request), lang_of(request))
    if seen.author_id != actor.person_id:
        raise Forbidden("forbidden")
    return seen.id


async def edit(request: Request) -> Response:
    """Write a comment anew and answer it as its author now sees it."""
    actor = require_signed_in(request)
    comment_id = await _own(request, actor)
    form = parse(Edit, await read_json(request), strict=True)
    await request.app.state.limiter.hit("edit", actor.person_id)
    await edit_comment(actor, comment_id, form)
    return answer(comment_answer(actor, await _seen(actor, comment_id, lang_of(request))))


async def withdraw(request: Request) -> Response:
    """Withdraw a comment and answer the stub that stays."""
    actor = require_signed_in(request)
    comment_id = await _own(request, actor)
    version = await _version(request)
    await request.app.state.limiter.hit("edit", actor.person_id)
    await withdraw_comment(actor, comment_id, version)
    return answer(comment_answer(actor, await _seen(actor, comment_id, lang_of(request))))


async def _version(request: Request) -> int:
    """Return the version from the address, as some clients cannot send a body with DELETE, else from the body."""
    named = read_query(request, Version).version
    return named or parse(Withdrawal, await read_json(request), strict=True).version
