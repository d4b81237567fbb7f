"""A comment as it would look: rendered by the same function, in a thread, and stored nowhere; with what to look at before sending it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forum.discussions.forms import check_body
from forum.discussions.screening import Hint, hints
from forum.kernel.actors import Actor
from forum.kernel.canonical import canonical, digest
from forum.kernel.errors import Problem, Refusal, invalid
from forum.kernel.locales import ENDONYM, direction, is_lang
from forum.people import affiliations
from forum.text.aside import aside
from forum.text.language import detect
from forum.text.markup import Rendered, normalize, render
from forum.web.catalogue import gettext

ANCHOR = "preview"


@dataclass(frozen=True, slots=True)
class ShownHint:
    """A hint in the current language: its kind, what it says, and what was seen, masked."""

    kind: str
    text: str
    sample: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What somebody is about to send.

    `entity` is for whom they speak, "" for themselves. `seems` is the language the text seems to be in where that is not `lang`.
    A form that carries `checked` says that its author has looked at the hints. `unsent` is true when somebody who meant to send is
    shown this first.
    """

    html: Markup
    lang: str
    dir: str
    lang_name: str
    entity: str
    seems: str
    seems_name: str
    hints: Sequence[ShownHint] = ()
    checked: str = ""
    unsent: bool = False


def _work(body: str, lang: str) -> tuple[Rendered, str | None, list[Hint]]:
    text = render(body, anchor=ANCHOR)
    return text, detect(text.text), hints(text.source, lang)


def _mark(found: Sequence[Hint]) -> str:
    """Return what a form says to tell that these hints were seen, "" when there are none: other hints have another mark."""
    return digest(canonical({"seen": [[one.kind, one.sample] for one in found]}))[:32] if found else ""


async def unchecked(body: str, lang: str, checked: str) -> bool:
    """Return whether there are hints in a text that its author has not been shown; False for what cannot be sent anyway."""
    try:
        check_body(body)
    except Refusal:
        return False
    mark = _mark(await aside(hints, normalize(body), lang))
    return bool(mark) and mark != checked


async def entity_name(actor: Actor, capacity: str, lang: str) -> str:
    """Return the name of the entity that `actor` wants to speak for, "" in a personal capacity; raises Refusal if not verified."""
    if capacity in {"", "personal"}:
        return ""
    assert actor.person_id
    for one in await affiliations.may_speak_for(actor.person_id, lang):
        if capacity in {one.entity_id, one.entity_code}:
            return one.entity_name
    raise invalid(capacity=Problem("comment.capacity"))


async def preview_of(body: str, lang: str, entity: str, *, unsent: bool = False) -> Preview:
    """Return the preview of a text in `lang`; raises Refusal for what could not be sent either."""
    check_body(body)
    if not is_lang(lang):
        raise invalid(lang=Problem("field.choice"))
    text, found, hinted = await aside(_work, body, lang)
    if not text.text.strip():
        raise invalid(body=Problem("comment.empty"))
    seems = found if found is not None and found != lang and is_lang(found) else ""
    html = Markup(text.html)  # noqa: S704 - made by forum.text.markup
    return Preview(
        html=html,
        lang=lang,
        dir=direction(lang),
        lang_name=ENDONYM[lang],
        entity=entity,
        seems=seems,
        seems_name=ENDONYM[seems] if seems else "",
        hints=[ShownHint(one.kind, gettext(one.message), one.sample) for one in hinted],
        checked=_mark(hinted),
        unsent=unsent,
    )
