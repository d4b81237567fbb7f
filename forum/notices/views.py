"""One's own notices: read them, and say so."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound, Refusal
from forum.kernel.ids import is_id
from forum.kernel.messages import N_
from forum.notices import queries
from forum.notices.marking import mark, mark_until
from forum.notices.queries import Page, Wanted
from forum.web import respond
from forum.web.forms import read_form
from forum.web.identity import require_signed_in
from forum.web.language import lang_of

PATH = "/notices"


@dataclass(frozen=True, slots=True)
class Row:
    """A notice as its page shows it."""

    id: str
    title: str
    sentence: str
    url: str
    space_title: str
    space_lang: str
    symbol: str
    at: object
    unread: bool


async def notices_page(request: Request) -> Response:
    """GET /notices?after=…"""
    actor, lang = require_signed_in(request), lang_of(request)
    after = request.query_params.get("after", "")
    if after and not is_id(after):
        raise NotFound
    page = await queries.page(_id(actor), Wanted(after), lang)
    context = {
        "items": _rows(page, lang),
        "unread": await queries.unread(_id(actor)),
        "after": after,
        "next_url": f"/{lang}{PATH}?after={page.next}" if page.next else "",
        "first_url": f"/{lang}{PATH}" if after else "",
    }
    return respond.page(request, "notices/notices.html", context)


def _id(actor: Actor) -> str:
    assert actor.person_id is not None
    return actor.person_id


def _rows(page: Page, lang: str) -> list[Row]:
    return [
        Row(
            id=one.notice.id,
            title=one.title,
            sentence=one.sentence,
            url=f"/{lang}{one.notice.url}",
            space_title=one.space_title,
            space_lang=one.space_lang,
            symbol=one.symbol,
            at=one.notice.due_at,
            unread=one.notice.read_at is None,
        )
        for one in page.items
    ]


async def read(request: Request) -> Response:
    """POST /notices/read: mark one (`id`), or one and all older ones (`until`), and come back to where one was."""
    actor = require_signed_in(request)
    values = await read_form(request)
    one, until, after = (values.get(name, "") for name in ("id", "until", "after"))
    if not is_id(one or until):
        raise Refusal("field.choice")
    await (mark(_id(actor), [one]) if one else mark_until(_id(actor), until))
    back = f"{PATH}?after={after}" if is_id(after) else PATH
    return respond.see_other(request, back, ("success", N_("Marked as read."), {}))
