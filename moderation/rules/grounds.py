"""Grounds: the reasons that apply in a space, with the clause of its policy and their words in every language."""

from collections.abc import Mapping
from dataclasses import dataclass

from forum.kernel.locales import LANGS
from forum.web.catalogue import translate
from moderation.reasons import REASONS, Reason
from moderation.rules.models import SpaceReason

OTHER = "other"


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


def usual(reason: Reason) -> Ground:
    """Return one of the usual reasons as a ground."""
    return Ground(
        reason.code,
        reason.clause,
        {lang: translate(lang, reason.name) for lang in LANGS},
        {lang: translate(lang, reason.text) for lang in LANGS},
    )


async def grounds_of(space_id: str) -> list[Ground]:
    """Return the reasons that moderators of the space choose from, in order: its own, else the usual ones."""
    own = await SpaceReason.filter(space_id=space_id, retired_at=None).order_by("place", "id")
    if not own:
        return [usual(reason) for reason in REASONS]
    return [Ground(one.code, one.clause, one.name, one.text, one.four_eyes) for one in own]


async def resolve(space_id: str, given: str) -> tuple[Ground, str]:
    """Return (ground, free words) for what was sent as the reason: a code of the space, or words of its own under "other"."""
    cleaned = given.strip()
    listed = {one.code: one for one in await grounds_of(space_id)}
    if cleaned in listed:
        return listed[cleaned], ""
    other = listed.get(OTHER) or usual(next(one for one in REASONS if one.code == OTHER))
    return other, cleaned
