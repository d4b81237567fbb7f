"""The form to write with: for a comment, a reply or an edit; filled from what was typed, else from the draft."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request

from forum.discussions import drafts, threads
from forum.discussions.addresses import is_id
from forum.discussions.models import CommentState, Draft, Space
from forum.discussions.threads import Seen
from forum.discussions.views.places import Place
from forum.discussions.views.previewing import Preview
from forum.kernel.actors import Actor
from forum.kernel.errors import Refusal
from forum.kernel.ids import new_secret
from forum.kernel.locales import ENDONYM, LANGS, direction, is_lang
from forum.people import affiliations
from forum.text.excerpt import excerpt
from forum.text.markup import MAX_SOURCE
from forum.web.catalogue import gettext, plural_messages
from forum.web.errors import field_errors
from forum.web.language import lang_of

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
QUOTED = 280
_FIELDS = frozenset({"body", "lang", "capacity"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form was sent with."""

    body: str = ""
    lang: str = ""
    capacity: str = "personal"
    token: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Answering:
    """The comment that a reply answers."""

    id: str
    author_name: str
    symbol: str
    text: str
    lang: str
    dir: str


@dataclass(frozen=True, slots=True)
class Composer:
    """What `_form.html` shows. `place` is the key of the draft; `hidden` are the fields that say what the text is for."""

    place: str
    hidden: Mapping[str, str | int]
    languages: list[dict[str, str]]
    capacities: list[tuple[str, str]]
    typed: Typed
    messages: str
    answering: Answering | None = None
    restored: bool = False
    preview: Preview | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    limit: int = MAX_SOURCE


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the last try with the form ended: what was typed, and a preview or what is wrong with it."""

    typed: Typed
    preview: Preview | None = None
    refusal: Refusal | None = None


def typed_in(values: Mapping[str, str]) -> Typed:
    """Return what the fields of a form say."""
    token = values.get("form_token", "")
    return Typed(
        body=values.get("body", ""),
        lang=values.get("lang", ""),
        capacity=values.get("capacity") or "personal",
        token=token if TOKEN.fullmatch(token) else "",
        checked=values.get("checked", ""),
    )


def new_token() -> str:
    """Return a token that makes the same form, sent twice, one comment."""
    return new_secret(18)


def form_errors(refusal: Refusal | None) -> dict[str, str]:
    """Return what is wrong by field; what no field of the form is to blame for is said of the whole form."""
    if refusal is None:
        return {}
    if refusal.key == "comment.key_reused":
        return {"": gettext("A comment was already sent with this form. If this is another one, please send it again.")}
    found: dict[str, str] = {}
    for name, text in field_errors(refusal).items():
        shown = name if name in _FIELDS else ""
        found[shown] = f"{found[shown]} {text}" if shown in found else text
    return found


def language_options(space: Space) -> list[dict[str, str]]:
    """Return the languages that the space accepts, in the order of the switcher."""
    return [{"value": code, "text": ENDONYM[code], "lang": code} for code in LANGS if code in space.languages]


def usual_language(space: Space, actor: Actor, lang: str) -> str:
    """Return the language that a new text is probably in: that of the page, of the person, or the first accepted one."""
    accepted = [code for code in (lang, actor.lang, *LANGS) if code in space.languages]
    return accepted[0] if accepted else lang


def messages() -> str:
    """Return what the script of the form says, as JSON; plural forms by their category."""
    said: dict[str, object] = {
        "left": plural_messages("%(num)s character left", "%(num)s characters left"),
        "over": plural_messages("%(num)s character too many", "%(num)s characters too many"),
        "saved": gettext("Draft saved"),
        "kept": gettext("The server cannot be reached. Your text is kept in this browser."),
        "unsaved": gettext("The draft could not be saved. Your text is still in this page."),
        "unreachable": gettext("The server cannot be reached. Your text is still here; please try again."),
        "found": gettext("This browser has kept a text that you wrote here."),
        "restore": gettext("Put it into the form"),
        "discard": gettext("Forget it"),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


async def answered(actor: Actor, place: Place, comment_id: str, lang: str) -> Seen | None:
    """Return the comment to answer if `actor` may see it there and it can be answered; why not is not told."""
    seen = await threads.one(actor, comment_id, lang) if is_id(comment_id) else None
    if seen is None or seen.space_id != place.space.id or seen.question != place.question.number:
        return None
    return seen if seen.state == CommentState.PUBLISHED.value else None


def _answering(seen: Seen) -> Answering:
    return Answering(seen.id, seen.author_name, seen.symbol, excerpt(seen.html, QUOTED), seen.lang, direction(seen.lang))


async def capacity_options(actor: Actor, lang: str) -> list[tuple[str, str]]:
    """Return for whom `actor` may speak: for themselves, and for each entity that the secretariat has verified."""
    assert actor.person_id
    return capacities([(one.entity_id, one.entity_name) for one in await affiliations.may_speak_for(actor.person_id, lang)])


def capacities(verified: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the choices of somebody who may speak for these entities, given as (id, name)."""
    named = [(entity, gettext("On behalf of %(entity)s", entity=name)) for entity, name in verified]
    return [("personal", gettext("In a personal capacity")), *named]


def filled(space: Space, outcome: Outcome | None, draft: Draft | None, start: Typed) -> tuple[Typed, bool]:
    """Return what stands in the form, and whether it came from a draft: what was sent, else the draft, else `start`."""
    if outcome is not None:
        used_up = outcome.refusal is not None and outcome.refusal.key == "comment.key_reused"
        token = new_token() if used_up or not outcome.typed.token else outcome.typed.token
        return Typed(outcome.typed.body, outcome.typed.lang, outcome.typed.capacity, token), False
    if draft is not None:
        lang = draft.lang if draft.lang in space.languages and is_lang(draft.lang) else start.lang
        return Typed(draft.body, lang, start.capacity, new_token()), True
    return Typed(start.body, start.lang, start.capacity, new_token()), False


def confirmed(outcome: Outcome | None) -> dict[str, str | int]:
    """Return the hidden field that says which hints were seen, where a form comes back for another reason."""
    return {"checked": outcome.typed.checked} if outcome and outcome.refusal and outcome.typed.checked else {}


async def composer(request: Request, actor: Actor, place: Place, reply: Seen | None, outcome: Outcome | None = None) -> Composer:
    """Return the form for a comment on the question, or for a reply to `reply`."""
    lang = lang_of(request)
    key = f"r:{reply.id}" if reply else f"q:{place.question.id}"
    draft = None if outcome else await drafts.at(actor, key)
    typed, restored = filled(place.space, outcome, draft, Typed(lang=usual_language(place.space, actor, lang)))
    hidden: dict[str, str | int] = {"question": place.question.number, "parent": reply.id if reply else ""}
    return Composer(
        place=key,
        hidden=hidden | {"place": key, "form_token": typed.token} | confirmed(outcome),
        languages=language_options(place.space),
        capacities=await capacity_options(actor, lang),
        typed=typed,
        messages=messages(),
        answering=_answering(reply) if reply else None,
        restored=restored,
        preview=outcome.preview if outcome else None,
        errors=form_errors(outcome.refusal) if outcome else {},
    )
