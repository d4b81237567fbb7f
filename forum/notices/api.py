"""One's own notices as JSON."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.kernel.errors import Problem, invalid
from forum.kernel.ids import is_id
from forum.notices import queries
from forum.notices.marking import mark, mark_until
from forum.notices.queries import Shown, Wanted
from forum.web import respond
from forum.web.forms import parse, read_json
from forum.web.identity import require_signed_in
from forum.web.language import lang_of
from forum.web.openapi import Doc
from forum.web.query import Localized, Number, read_query
from forum.web.shapes import place

NOTICES = "/api/v1/notices"
READ = f"{NOTICES}/read"
MOST = 100
Id = Annotated[str, Field(max_length=32)]


class NoticesQuery(Localized):
    """How many notices, which ones, and after which."""

    limit: Number = Field(default=30, ge=1, le=MOST)
    after: str | None = Field(default=None, max_length=64, description="`next` of the page before", json_schema_extra=place())
    unread: bool = Field(default=False, description="only those that are not marked as read")


class NoticeAnswer(BaseModel):
    """One thing that you were told. `title` and `text` are in the request's language; `url` is the page to look at."""

    id: str
    kind: str
    title: str
    text: str
    url: str
    comment: str | None
    space: str | None = Field(description="slug")
    at: datetime
    read_at: datetime | None


class NoticesAnswer(BaseModel):
    """Your notices, newest first; `next` is the value of `after` for the rest, null at the end. `unread` counts all of them."""

    items: list[NoticeAnswer]
    next: str | None
    unread: int


def _only(given: str, other: str) -> JsonDict:
    return {"required": [given], "properties": {given: {"not": {"type": "null"}}, other: {"type": "null"}}}


class ReadNotices(BaseModel):
    """What you have read: these notices, or the one with the id `before` and all older ones. One of the two."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_only("ids", "before"), _only("before", "ids")]})

    ids: list[Id] | None = Field(default=None, min_length=1, max_length=MOST)
    before: str | None = Field(default=None, max_length=32)


class ReadAnswer(BaseModel):
    """How many notices were unread until now, and how many still are."""

    marked: int
    unread: int


async def listed(request: Request) -> Response:
    """Answer the caller's notices, newest first."""
    actor, lang = require_signed_in(request), lang_of(request)
    assert actor.person_id
    wanted = read_query(request, NoticesQuery)
    if wanted.after and not is_id(wanted.after):
        raise invalid(after=Problem("page.cursor"))
    page = await queries.page(actor.person_id, Wanted(wanted.after or "", wanted.limit, wanted.unread), lang)
    items = [_answer(one, lang) for one in page.items]
    found = NoticesAnswer(items=items, next=page.next, unread=await queries.unread(actor.person_id))
    return respond.json(found.model_dump())


def _answer(one: Shown, lang: str) -> NoticeAnswer:
    notice = one.notice
    return NoticeAnswer(
        id=notice.id,
        kind=notice.kind,
        title=one.title,
        text=one.sentence,
        url=f"/{lang}{notice.url}",
        comment=notice.comment_id,
        space=one.space_slug or None,
        at=notice.due_at,
        read_at=notice.read_at,
    )


async def read(request: Request) -> Response:
    """Mark notices of the caller's as read."""
    actor = require_signed_in(request)
    assert actor.person_id
    form = parse(ReadNotices, await read_json(request), strict=True)
    if (form.ids is None) == (form.before is None):
        raise invalid(ids=Problem("field.required" if form.ids is None else "field.invalid"))
    marked = await (mark(actor.person_id, form.ids) if form.ids else mark_until(actor.person_id, form.before or ""))
    return respond.json(ReadAnswer(marked=marked, unread=await queries.unread(actor.person_id)).model_dump())


API = [
    Route(NOTICES, listed, methods=["GET"]),
    Route(READ, read, methods=["POST"]),
]

DOCS = [
    Doc(
        method="GET",
        path=NOTICES,
        name="listNotices",
        summary="What you were told about your contributions, newest first.",
        answers={200: NoticesAnswer},
        query=NoticesQuery,
        auth="required",
    ),
    Doc(
        method="POST",
        path=READ,
        name="readNotices",
        summary="Mark notices as read.",
        answers={200: ReadAnswer},
        body=ReadNotices,
        auth="required",
    ),
]
"""The operations, for the description."""
