"""The rules of a space in the API: its moderators and the secretariat read them; who may change what is as on the pages."""

from typing import cast

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import is_id
from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, read_query
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound, NotSignedIn
from forum.kernel.locales import Lang
from forum.web.forms import parse, read_json
from forum.web.identity import actor_of
from forum.web.openapi import Doc
from moderation.rules import queries, regulating
from moderation.rules.forms import CODE, NEW, PhraseForm, ReasonForm, ReasonWords, ScopeForm, SettingsForm
from moderation.rules.grounds import grounds_of
from moderation.rules.settings import settings_of

RULES = "/api/v1/moderation/spaces/{slug}/rules"
REASON = f"{RULES}/reasons/{{code}}"
PHRASES = f"{RULES}/phrases"
PHRASE = f"{PHRASES}/{{id}}"
MODERATOR = f"{RULES}/moderators/{{id}}"


class SettingsAnswer(BaseModel):
    """How the space is moderated; `version` is what a change compares."""

    goal_days: int
    four_eyes: bool
    recuse_entity: bool
    recuse_nationality: bool
    undo_seconds: int
    appeal_days: int
    version: int


class ReasonAnswer(BaseModel):
    """A reason, by language."""

    code: str
    clause: str
    name: dict[Lang, str]
    text: dict[Lang, str]
    four_eyes: bool
    place: int = Field(description="in the list")


class PhraseAnswer(BaseModel):
    """A phrase, by language."""

    id: str
    title: dict[Lang, str]
    text: dict[Lang, str]
    place: int


class ModeratorAnswer(BaseModel):
    """Somebody who moderates the space; no languages: all of them."""

    id: str
    name: str
    languages: list[Lang]
    nationality: str | None = Field(
        description="of which State they are a national, empty if not noted; null but for the secretariat"
    )


class RulesAnswer(BaseModel):
    """All rules of a space. `own_reasons` is false while it has the usual ones."""

    settings: SettingsAnswer
    own_reasons: bool
    reasons: list[ReasonAnswer] = Field(description="in the order in which moderators see them")
    phrases: list[PhraseAnswer]
    moderators: list[ModeratorAnswer]


async def _asked(request: Request) -> tuple[Actor, str]:
    """Return who asks and the id of the space in the address. Raises NotSignedIn, NotFound."""
    actor = actor_of(request)
    if not actor.signed_in:
        raise NotSignedIn
    if request.method != "GET":
        await request.app.state.limiter.hit("manage", actor.person_id)
    return actor, (await queries.ruled_space(actor, request.path_params["slug"])).id


def _id(request: Request) -> str:
    found = str(request.path_params["id"])
    if not is_id(found):
        raise NotFound
    return found


async def _rules(actor: Actor, space_id: str) -> Response:
    settings = await settings_of(space_id)
    return answer(
        RulesAnswer(
            settings=SettingsAnswer(**{name: getattr(settings, name) for name in SettingsAnswer.model_fields}),
            own_reasons=await queries.has_own_reasons(space_id),
            reasons=[
                ReasonAnswer(
                    code=one.code,
                    clause=one.clause,
                    name=cast(dict[Lang, str], dict(one.name)),
                    text=cast(dict[Lang, str], dict(one.text)),
                    four_eyes=one.four_eyes,
                    place=place,
                )
                for place, one in enumerate(await grounds_of(space_id))
            ],
            phrases=[
                PhraseAnswer(id=one.id, title=one.title, text=one.text, place=one.place)
                for one in await queries.phrases_of(space_id)
            ],
            moderators=[
                ModeratorAnswer(
                    id=one.person_id,
                    name=one.name,
                    languages=cast(list[Lang], one.languages),
                    nationality=one.nationality if actor.is_secretariat else None,
                )
                for one in await queries.moderators_of(space_id)
            ],
        )
    )


async def rules(request: Request) -> Response:
    """Answer the rules of a space."""
    read_query(request, Localized)
    actor, space_id = await _asked(request)
    return await _rules(actor, space_id)


async def put_settings(request: Request) -> Response:
    """Change the settings and answer the rules."""
    actor, space_id = await _asked(request)
    form = parse(SettingsForm, await read_json(request))
    await regulating.set_settings(actor, space_id, form)
    return await _rules(actor, space_id)


async def put_reason(request: Request) -> Response:
    """Write a reason and answer the rules."""
    actor, space_id = await _asked(request)
    code = str(request.path_params["code"])
    if not CODE.fullmatch(code) or code == NEW:
        raise NotFound
    said = parse(ReasonWords, await read_json(request))
    await regulating.write_reason(actor, space_id, ReasonForm(code=code, **said.model_dump()))
    return await _rules(actor, space_id)


async def retire_reason(request: Request) -> Response:
    """Retire a reason and answer the rules."""
    actor, space_id = await _asked(request)
    await regulating.retire_reason(actor, space_id, str(request.path_params["code"]))
    return await _rules(actor, space_id)


async def write_phrase(request: Request) -> Response:
    """Write a phrase, a new one where the address names none, and answer the rules."""
    actor, space_id = await _asked(request)
    form = parse(PhraseForm, await read_json(request))
    await regulating.write_phrase(actor, space_id, form, _id(request) if "id" in request.path_params else None)
    return await _rules(actor, space_id)


async def drop_phrase(request: Request) -> Response:
    """Drop a phrase and answer the rules."""
    actor, space_id = await _asked(request)
    await regulating.drop_phrase(actor, space_id, _id(request))
    return await _rules(actor, space_id)


async def put_moderator(request: Request) -> Response:
    """Set what a moderator is given and answer the rules."""
    actor, space_id = await _asked(request)
    form = parse(ScopeForm, await read_json(request))
    await regulating.set_scope(actor, space_id, _id(request), form)
    return await _rules(actor, space_id)


def _doc(call: str, name: str, summary: str, body: type[BaseModel] | None = None, errors: tuple[int, ...] = ()) -> Doc:
    method, path = call.split()
    return Doc(
        method=method,
        path=path,
        name=name,
        summary=summary,
        answers={200: RulesAnswer},
        body=body,
        query=Localized if method == "GET" else None,
        auth="required",
        errors=errors,
    )


DOCS = [
    _doc(f"GET {RULES}", "getRules", "How a space is moderated: settings, reasons, phrases, moderators."),
    _doc(f"PUT {RULES}", "setRules", "Change the settings; the secretariat alone.", SettingsForm, (409,)),
    _doc(f"PUT {REASON}", "writeReason", "Write a reason: a new one, or one that is there.", ReasonWords),
    _doc(f"DELETE {REASON}", "retireReason", "Let a reason be chosen no more."),
    _doc(f"POST {PHRASES}", "addPhrase", "Add words that moderators use again.", PhraseForm),
    _doc(f"PUT {PHRASE}", "writePhrase", "Change a phrase.", PhraseForm),
    _doc(f"DELETE {PHRASE}", "dropPhrase", "Drop a phrase."),
    _doc(f"PUT {MODERATOR}", "setScope", "Give a moderator languages of a space; the secretariat alone.", ScopeForm),
]
