"""A comment as it would look: rendered by the same function, in a thread, and stored nowhere."""

import asyncio
from dataclasses import dataclass

from markupsafe import Markup

from forum.discussions.forms import check_body
from forum.kernel.actors import Actor
from forum.kernel.errors import Problem, invalid
from forum.kernel.locales import ENDONYM, direction, is_lang
from forum.people import affiliations
from forum.text.language import detect
from forum.text.markup import Rendered, render

ANCHOR = "preview"


@dataclass(frozen=True, slots=True)
class Preview:
    """What somebody is about to send.

    `entity` is for whom they speak, "" for themselves. `seems` is the language the text seems to be in where that is not `lang`.
    """

    html: Markup
    lang: str
    dir: str
    lang_name: str
    entity: str
    seems: str
    seems_name: str


def _work(body: str) -> tuple[Rendered, str | None]:
    text = render(body, anchor=ANCHOR)
    return text, detect(text.text)


async def entity_name(actor: Actor, capacity: str, lang: str) -> str:
    """Return the name of the entity that `actor` wants to speak for, "" in a personal capacity; raises Refusal if not verified."""
    if capacity in {"", "personal"}:
        return ""
    assert actor.person_id
    for one in await affiliations.may_speak_for(actor.person_id, lang):
        if capacity in {one.entity_id, one.entity_code}:
            return one.entity_name
    raise invalid(capacity=Problem("comment.capacity"))


async def preview_of(body: str, lang: str, entity: str) -> Preview:
    """Return the preview of a text in `lang`; raises Refusal for what could not be sent either."""
    check_body(body)
    if not is_lang(lang):
        raise invalid(lang=Problem("field.choice"))
    text, found = await asyncio.to_thread(_work, body)
    if not text.text.strip():
        raise invalid(body=Problem("comment.empty"))
    seems = found if found is not None and found != lang and is_lang(found) else ""
    html = Markup(text.html)  # noqa: S704 - made by forum.text.markup
    return Preview(html, lang, direction(lang), ENDONYM[lang], entity, seems, ENDONYM[seems] if seems else "")
