"""A comment as it would look, and what its author should look at before posting it; nothing is stored."""

from typing import Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries
from forum.discussions.addresses import slug_of
from forum.discussions.api.answers import answer
from forum.discussions.forms import RAW_LIMIT
from forum.discussions.policy import require_post
from forum.discussions.views.previewing import preview_of
from forum.kernel import clock
from forum.kernel.locales import Lang
from forum.web.forms import parse, read_json
from forum.web.identity import actor_of, require_signed_in
from forum.web.openapi import Doc
from forum.web.shapes import A_LANG, SOMETHING

PREVIEW = "/api/v1/spaces/{slug}/preview"


class PreviewText(BaseModel):
    """A text that is not posted yet, and its language."""

    body: str = Field(max_length=RAW_LIMIT, json_schema_extra=SOMETHING)
    lang: str = Field(max_length=2, json_schema_extra=A_LANG)


class HintAnswer(BaseModel):
    """What seems to be personal data: its kind, the same in words of the request's language, and what was seen, masked."""

    kind: Literal["email", "phone", "document", "account"]
    text: str
    sample: str


class PreviewAnswer(BaseModel):
    """The text as safe HTML. `seems` is the language it seems to be written in where that is another one.

    A text with hints can be posted as it is; a moderator then reads it before it is published.
    """

    html: str
    lang: Lang
    seems: Lang | None
    hints: list[HintAnswer]


DOCS = [
    Doc(
        method="POST",
        path=PREVIEW,
        name="previewComment",
        summary="A text as it would look, with what seems to be personal data in it; nothing is posted.",
        answers={200: PreviewAnswer},
        body=PreviewText,
        auth="required",
    )
]


async def preview(request: Request) -> Response:
    """Answer what a text would look like to whoever may post it."""
    actor = require_signed_in(request)
    space = await queries.space_by_slug(actor, slug_of(request))
    require_post(actor, space, clock.now())
    form = parse(PreviewText, await read_json(request), strict=True)
    await request.app.state.limiter.hit("preview", actor_of(request).person_id)
    made = await preview_of(form.body, form.lang, "")
    hints = [{"kind": one.kind, "text": one.text, "sample": one.sample} for one in made.hints]
    values = {"html": str(made.html), "lang": made.lang, "seems": made.seems or None, "hints": hints}
    return answer(PreviewAnswer.model_validate(values))
