"""Reports of comments in the API."""

from datetime import datetime
from typing import cast

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import comment_id_of
from forum.discussions.api.answers import answer
from forum.discussions.flagging import FlagForm, flag_comment, reportable
from forum.discussions.flags import FlagReason
from forum.kernel.locales import Lang
from forum.web.forms import parse, read_json
from forum.web.identity import require_signed_in
from forum.web.openapi import Doc

REPORT = "/api/v1/comments/{id}/report"


class FlagAnswer(BaseModel):
    """A report that was received. What comes of it is in `GET /contributions`."""

    id: str
    comment: str
    reason: FlagReason
    text: str
    lang: Lang
    at: datetime


async def report(request: Request) -> Response:
    """Report a comment: 201; 409 when the caller has reported this text before."""
    actor, comment_id = require_signed_in(request), comment_id_of(request)
    await reportable(actor, comment_id)
    form = parse(FlagForm, await read_json(request))
    await request.app.state.limiter.hit("flag", actor.person_id)
    made = await flag_comment(actor, comment_id, form)
    said = FlagAnswer(
        id=made.id,
        comment=made.comment_id,
        reason=FlagReason(made.reason),
        text=made.text,
        lang=cast(Lang, made.lang),
        at=made.made_at,
    )
    return answer(said, 201)


DOCS = [
    Doc(
        method="POST",
        path=REPORT,
        name="reportComment",
        summary="Report a published comment to the moderators, once for each text; its author never learns by whom.",
        answers={201: FlagAnswer},
        body=FlagForm,
        auth="required",
        errors=(409,),
    ),
]
