"""Updates: the public record of a space from a number on, for those who follow without a websocket."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries
from forum.discussions.addresses import slug_of
from forum.discussions.api.answers import readable
from forum.discussions.api.query import Since, read_query
from forum.discussions.api.schemas import Update, UpdatesAnswer
from forum.discussions.live import project
from forum.record.reading import public_head, public_since
from forum.web.identity import actor_of
from forum.web.language import lang_of


async def listed(request: Request) -> Response:
    """Answer what followers were told after `since`, in order, as the live frames say it."""
    space = await queries.space_by_slug(actor_of(request), slug_of(request))
    wanted = read_query(request, Since)
    head = await public_head(space.id)
    told = await public_since(space.id, wanted.since, wanted.limit)
    shown = [await project(one, lang_of(request)) for one in told]
    items = [Update.model_validate(update) for update in shown if update is not None]
    # A client goes on from `seq`: while entries are left it must not point beyond them.
    last = told[-1].seq if told else 0
    seq = last if len(told) == wanted.limit else max(head, last)
    return readable(request, UpdatesAnswer(items=items, seq=seq, head=max(head, last)))
