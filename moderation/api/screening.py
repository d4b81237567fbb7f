"""How a space screens: read it, and set it anew."""

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, read_query
from forum.kernel.locales import Lang
from forum.web.forms import parse, read_json
from forum.web.identity import actor_of
from forum.web.openapi import Doc
from moderation.screening.forms import ScreeningForm, Turnable
from moderation.screening.models import ScreeningSettings
from moderation.screening.tuning import settings_of, tune
from moderation.views.screening import space_of

SCREENING = "/api/v1/moderation/spaces/{slug}/screening"


class ScreeningAnswer(BaseModel):
    """How a space screens; `version` is what the next change compares, 0 while the space has the defaults."""

    max_links: int
    newcomer_texts: int
    off: list[Turnable]
    words: dict[Lang, list[str]]
    version: int


DOCS = [
    Doc(
        method="GET",
        path=SCREENING,
        name="getScreening",
        summary="How the texts of a space are screened; for its moderators and the secretariat.",
        answers={200: ScreeningAnswer},
        query=Localized,
        auth="required",
    ),
    Doc(
        method="PUT",
        path=SCREENING,
        name="setScreening",
        summary="Set how the texts of a space are screened; 409 when that was changed meanwhile.",
        answers={200: ScreeningAnswer},
        body=ScreeningForm,
        auth="required",
        errors=(409,),
    ),
]


async def single(request: Request) -> Response:
    """Answer how a space screens."""
    read_query(request, Localized)
    return _answer(await settings_of(await space_of(request)))


async def replace(request: Request) -> Response:
    """Set how a space screens and answer it."""
    space = await space_of(request)
    form = parse(ScreeningForm, await read_json(request))
    await request.app.state.limiter.hit("decide", actor_of(request).person_id)
    return _answer(await tune(actor_of(request), space, form))


def _answer(now: ScreeningSettings) -> Response:
    names = ("max_links", "newcomer_texts", "off", "words", "version")
    return answer(ScreeningAnswer.model_validate({name: getattr(now, name) for name in names}))
