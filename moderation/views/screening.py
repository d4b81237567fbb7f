"""The page on which the moderators of a space say how its texts are screened."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries
from forum.discussions.addresses import slug_of
from forum.discussions.models import Space
from forum.discussions.views.cards import block
from forum.kernel.errors import Refusal
from forum.kernel.locales import ENDONYM, LANGS, direction
from forum.kernel.messages import N_
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import form_list, parse, read_form_lists
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation.screening.forms import MOST_LINKS, MOST_TEXTS, ScreeningForm
from moderation.screening.models import ScreeningSettings
from moderation.screening.tuning import require_tuning, settings_of, tune

PHASE_WORDS = {
    "length": (
        N_("Length"),
        N_("Very short texts, and texts above the advised length of 500 words or 1,000 Chinese characters."),
    ),
    "links": (N_("Links"), N_("Many links, links that show another address than their own, hosts without a plain name.")),
    "repeated": (N_("Repeated texts"), N_("Texts that were sent before, word for word or nearly so, by anybody.")),
    "words": (N_("Insulting words"), N_("Words of the lists that come with the forum, and those you add below.")),
    "personal": (
        N_("Personal data"),
        N_("E-mail addresses, telephone numbers, numbers of identity documents and bank accounts."),
    ),
    "accusation": (N_("Accusations"), N_("A State named in one sentence with a word that may accuse.")),
}
"""Name and explanation of each phase that a space can turn off."""


async def space_of(request: Request) -> Space:
    """Return the space in the path; raises NotFound, NotSignedIn or Forbidden."""
    actor = actor_of(request)
    space = await queries.space_by_slug(actor, slug_of(request))
    require_tuning(actor, space.id)
    return space


async def screening_page(request: Request) -> Response:
    """GET /moderation/spaces/{slug}/screening"""
    space = await space_of(request)
    return await _page(request, space, _values(await settings_of(space)))


async def change(request: Request) -> Response:
    """POST /moderation/spaces/{slug}/screening"""
    space = await space_of(request)
    lists = await read_form_lists(request)
    on, sent = form_list(lists, "on"), {name: values[0] for name, values in lists.items()}
    try:
        await request.app.state.limiter.hit("decide", actor_of(request).person_id)
        await tune(actor_of(request), space, parse(ScreeningForm, _form(sent, on)))
    except Refusal as refusal:
        values: dict[str, Any] = {"max_links": "", "newcomer_texts": "", "version": "", **sent, "on": on}
        if refusal.key == "screening.stale":
            values["version"] = (await settings_of(space)).version
        return await _page(request, space, values, refusal)
    return respond.see_other(
        request, f"/moderation/spaces/{space.slug}/screening", ("success", N_("The screening is changed."), {})
    )


def _form(sent: Mapping[str, str], on: Sequence[str]) -> dict[str, object]:
    """Return what the fields of the form say: one word or phrase a line, a ticked box for each phase that stays on."""
    numbers = {name: _number(sent.get(name, "")) for name in ("max_links", "newcomer_texts", "version")}
    lines = {lang: [line.strip() for line in sent.get(f"words_{lang}", "").splitlines() if line.strip()] for lang in LANGS}
    off = [name for name in PHASE_WORDS if name not in on]
    return {**numbers, "off": off, "words": {lang: found for lang, found in lines.items() if found}}


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _values(now: ScreeningSettings) -> dict[str, Any]:
    words = {f"words_{lang}": "\n".join(now.words.get(lang, [])) for lang in LANGS}
    on = [name for name in PHASE_WORDS if name not in now.off]
    return {"max_links": now.max_links, "newcomer_texts": now.newcomer_texts, "version": now.version, "on": on, **words}


async def _page(request: Request, space: Space, values: Mapping[str, Any], refusal: Refusal | None = None) -> Response:
    context = {
        "space": space,
        "title": block(space.title, lang_of(request)),
        "values": values,
        "phases": [{"value": name, "text": gettext(title), "hint": gettext(hint)} for name, (title, hint) in PHASE_WORDS.items()],
        "languages": [(lang, ENDONYM[lang], direction(lang)) for lang in LANGS],
        "most": {"links": MOST_LINKS, "texts": MOST_TEXTS},
        "newcomers": space.premoderation == "newcomers",
        "labels": {f"words_{lang}": ENDONYM[lang] for lang in LANGS},
        "errors": _errors(refusal),
    }
    return respond.page(request, "moderation/screening.html", context, status=refusal.status if refusal else 200)


def _errors(refusal: Refusal | None) -> dict[str, str]:
    """Return what is wrong by field; what a field inside another is to blame for is said of the outer one's language."""
    if refusal is None:
        return {}
    found: dict[str, str] = {}
    for name, text in field_errors(refusal).items():
        first, _, rest = name.partition(".")
        lang = rest.partition(".")[0]
        shown = (
            f"words_{lang}" if first == "words" and lang in LANGS else first if first in {"max_links", "newcomer_texts"} else ""
        )
        found.setdefault(shown, text)
    return found
