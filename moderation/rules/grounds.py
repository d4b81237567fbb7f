"""Grounds: the reasons that apply in a space, with the clause of its policy and their words in every language."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from forum.kernel.locales import LANGS
from forum.web.catalogue import translate
from moderation.forms import DecisionForm
from moderation.models import REASONED, Action
from moderation.reasons import OTHER, REASONS, Reason
from moderation.rules.models import SpaceReason


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason as it applies in a space. `name` and `text` are by language; `four_eyes` asks for a second moderator."""

    code: str
    clause: str
    name: Mapping[str, str]
    text: Mapping[str, str]
    four_eyes: bool = False


NONE = Ground("", "", {}, {})
"""The ground of what needs none."""


def dumped(ground: Ground, words: str) -> str:
    """Return a ground and the free words given with it as JSON, for `ground_in`."""
    return json.dumps({**asdict(ground), "words": words}, ensure_ascii=False)


async def ground_in(space_id: str, form: DecisionForm, kept: str) -> tuple[Ground, str]:
    """Return (ground, free words) of a proposal, from what `dumped` returned; of one older than that ("") as the space has it now."""
    if not kept:
        return await ground_of(space_id, form.action, form.reason)
    values = json.loads(kept)
    words = str(values.pop("words"))
    return Ground(**values), words


def usual(reason: Reason) -> Ground:
    """Return one of the usual reasons as a ground."""
    return Ground(
        reason.code,
        reason.clause,
        {lang: translate(lang, reason.name) for lang in LANGS},
        {lang: translate(lang, reason.text) for lang in LANGS},
    )


def worded(ground: Ground, words: str, lang: str) -> Ground:
    """Return a ground with the words that a moderator has found for one text, in the one language that they are in; its own without any."""
    own = words.strip()
    return replace(ground, text={lang: own}) if own and ground.code else ground


async def grounds_of(space_id: str) -> list[Ground]:
    """Return the reasons that moderators of the space choose from, in order: its own, else the usual ones."""
    own = await SpaceReason.filter(space_id=space_id, retired_at=None).order_by("place", "id")
    if not own:
        return [usual(reason) for reason in REASONS]
    return [Ground(one.code, one.clause, one.name, one.text, one.four_eyes) for one in own]


def says_nothing(ground: Ground, words: str, form: DecisionForm) -> bool:
    """Return whether a decision would be given no reason at all: "another reason", and no word of which."""
    return ground.code in {"", OTHER} and not (words or form.text.strip() or form.reason_text.strip())


async def resolve(space_id: str, given: str) -> tuple[Ground, str]:
    """Return (ground, free words) for what was sent as the reason: a code of the space, or words of its own under "other"."""
    cleaned = given.strip()
    listed = {one.code: one for one in await grounds_of(space_id)}
    if cleaned in listed:
        return listed[cleaned], ""
    other = listed.get(OTHER) or usual(next(one for one in REASONS if one.code == OTHER))
    return other, cleaned


async def ground_of(space_id: str, action: Action, given: str) -> tuple[Ground, str]:
    """Return the ground of a decision, NONE for one that needs none, and the free words that were given as the reason.

    What overturns a decision rests on words: "another reason" than those to refuse would say nothing.
    """
    if not given.strip():
        return NONE, ""
    ground, words = await resolve(space_id, given)
    if action not in REASONED or (action is Action.OVERTURN and ground.code == OTHER):
        return NONE, words
    return ground, words
