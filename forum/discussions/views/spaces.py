"""The list of spaces and the page of one space."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries
from forum.discussions.models import Question, Space, SpaceState, Visibility
from forum.discussions.opening import STATE_NAMES
from forum.discussions.views.cards import (
    MODES,
    OVER,
    badge,
    block,
    cards,
    deadline_label,
    safe_block,
    table_and_edition,
)
from forum.kernel.locales import ENDONYM, LANGS, direction
from forum.kernel.messages import N_
from forum.objectives.principles import principles
from forum.objectives.wording import Wording
from forum.people import entities
from forum.record.reading import last_told
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.identity import actor_of
from forum.web.language import lang_of
from forum.web.pagecache import cacheable

Shown = dict[str, object]

NOTES = {
    SpaceState.DRAFT.value: N_("This space is a draft: only its moderators and the secretariat can see it."),
    SpaceState.ANNOUNCED.value: N_("Comments will be accepted from the opening time on. The questions can be read already."),
    SpaceState.CLOSED.value: N_("This space is closed. All published comments can be read; new ones are not accepted."),
    SpaceState.SUMMARISED.value: N_("This discussion is over and has been summarised. All published comments can be read."),
    SpaceState.ARCHIVED.value: N_("This space is archived: it can be read and cited, and nothing in it changes any more."),
}
"""What a reader must know about a state; an open space speaks for itself."""
AHEAD = frozenset({SpaceState.DRAFT.value, SpaceState.ANNOUNCED.value})
"""States in which the opening lies ahead."""


async def listed(request: Request) -> Response:
    """GET /spaces: all spaces that the reader may see, open ones first."""
    lang = lang_of(request)
    cacheable(request, "spaces")
    spaces = await cards(await queries.listed(actor_of(request)), lang)
    return respond.page(request, "discussions/spaces.html", {"spaces": spaces})


async def single(request: Request) -> Response:
    """GET /spaces/{slug}: what the space is about, until when, how it is moderated, and its questions."""
    lang, actor = lang_of(request), actor_of(request)
    space = await queries.space_by_slug(actor, request.path_params["slug"])
    cacheable(request, f"space:{space.id}")
    objectives = (await queries.objectives_of([space.id]))[space.id]
    moderating = await queries.moderating_entities(space.id)
    context: Shown = {
        "space": space,
        "title": block(space.title, lang),
        "table": table_and_edition(space, lang),
        "state_text": gettext(STATE_NAMES[space.state]),
        "state_note": gettext(NOTES[space.state]) if space.state in NOTES else "",
        "members_only": space.visibility == Visibility.MEMBERS.value,
        "note": safe_block(space.note_html, lang),
        "policy": safe_block(space.policy_html, lang),
        "mode": gettext(MODES[space.premoderation]) if space.premoderation else "",
        "languages": [{"code": code, "name": ENDONYM[code], "dir": direction(code)} for code in LANGS if code in space.languages],
        "entities": await entities.named(moderating, lang),
        "objectives": [badge(number, lang) for number in objectives],
        "principles": _principles(space, lang),
        "questions": [_question(one, space.slug, lang) for one in await queries.questions_of(space.id)],
        "moderates": actor.moderates(space.id),
        **await deadlines(space),
    }
    return respond.page(request, "discussions/space.html", context)


def _question(question: Question, slug: str, lang: str) -> Shown:
    text = block(question.text, lang)
    return {
        "number": question.number,
        "text": text.text,
        "lang": text.lang,
        "dir": text.dir,
        "href": f"/{lang}/spaces/{slug}/questions/{question.number}",
        "count": question.published,
    }


def _principles(space: Space, lang: str) -> list[Wording]:
    return [one.name(lang) for one in principles() if one.order in space.principles]


async def deadlines(space: Space) -> Shown:
    """Return the opening and closing times as they came to be, and all extensions, for `parts.deadline`."""
    return {
        "opens_at": await _opening(space),
        "opens_label": gettext(N_("Opens")) if space.state in AHEAD else gettext(N_("Opened")),
        "closes_at": await _closing(space),
        "deadline_label": deadline_label(space.state),
        "extensions": [
            {
                "old": one.before,
                "new": one.after,
                "reason": one.reason,
                "lang": one.reason_lang,
                "dir": direction(one.reason_lang),
            }
            for one in await queries.extensions(space.id)
        ],
    }


async def _opening(space: Space) -> datetime | None:
    if space.state in AHEAD or space.opens_at is None:
        return space.opens_at
    # The secretariat may have opened it earlier than was announced.
    opened = await last_told(space.id, "space.opened")
    return min(space.opens_at, opened) if opened else space.opens_at


async def _closing(space: Space) -> datetime | None:
    if space.state not in OVER or space.closes_at is None:
        return space.closes_at
    # Closed by the clock some seconds after the deadline, or by the secretariat before it.
    closed = await last_told(space.id, "space.closed")
    return min(space.closes_at, closed) if closed else space.closes_at
