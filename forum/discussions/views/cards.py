"""Spaces as pages show them: a card in a list, with every text in the language it is really in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from forum.discussions import queries
from forum.discussions.models import Premoderation, Space, SpaceState, Visibility
from forum.discussions.opening import STATE_NAMES
from forum.kernel.locales import direction, pick
from forum.kernel.messages import N_
from forum.objectives import compact, imrf
from forum.people import entities
from forum.people.entities import Named
from forum.web.catalogue import gettext

MODES = {
    Premoderation.ALL.value: N_("Every comment is read by a moderator before it is published."),
    Premoderation.NEWCOMERS.value: N_(
        "The first comments of people who are new here are read by a moderator before they are published."
    ),
    Premoderation.NONE.value: N_("Comments are published at once; moderators may remove them afterwards."),
}
MODE_NAMES = {
    Premoderation.ALL.value: N_("All comments are read first"),
    Premoderation.NEWCOMERS.value: N_("Comments of newcomers are read first"),
    Premoderation.NONE.value: N_("No comments are read first"),
}
OVER = frozenset({SpaceState.CLOSED.value, SpaceState.SUMMARISED.value, SpaceState.ARCHIVED.value})
"""States in which the deadline lies behind."""


@dataclass(frozen=True, slots=True)
class Block:
    """A text with the language it is really in and its direction; `text` is empty when there is none."""

    text: str
    lang: str
    dir: str


@dataclass(frozen=True, slots=True)
class Badge:
    """An objective as its badge shows it; `note` says in words that a wording is unofficial."""

    number: int
    mark: str
    label: str
    lang: str
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    """A space in a list. `comments` counts the published ones alone."""

    slug: str
    title: Block
    table: str
    state: str
    state_text: str
    is_demo: bool
    members_only: bool
    deadline_label: str
    opens_at: datetime | None
    closes_at: datetime | None
    zone: str
    comments: int
    objectives: Sequence[Badge]
    entities: Sequence[Named]
    mode: str


def block(texts: Mapping[str, str], lang: str) -> Block:
    """Return the text in `lang`, else in the nearest language there is."""
    text, found = pick(texts, lang)
    return Block(text, found, direction(found))


def safe_block(html: Mapping[str, str], lang: str) -> Block:
    """Return stored HTML in `lang`, else in the nearest language there is, as markup."""
    found = block(html, lang)
    return Block(Markup(found.text), found.lang, found.dir)  # noqa: S704 - made by forum.text.markup


def badge(number: int, lang: str) -> Badge:
    """Return the badge of objective 1 to 23, or of “General” for 0."""
    label = compact.objective(number).label(lang)
    note = gettext(N_("unofficial wording")) if label.is_unofficial else ""
    # “General” is no objective and has no number in the Compact.
    return Badge(number, str(number) if number else "–", label.text, label.lang, note)


def round_table(number: int | None, lang: str) -> str:
    """Return “Round table 4”, empty for none."""
    if number is None:
        return ""
    known = {one.number: one for one in imrf.round_tables()}
    return known[number].name(lang).text if number in known else gettext(N_("Round table %(number)s"), number=number)


def table_and_edition(space: Space, lang: str) -> str:
    """Return the round table and the year of the forum that a space belongs to, as far as it has them."""
    parts = [round_table(space.round_table, lang), str(space.edition or "")]
    return " · ".join(part for part in parts if part)


def deadline_label(state: str) -> str:
    """Return the word before the closing time."""
    return gettext(N_("Closed")) if state in OVER else gettext(N_("Closes"))


async def cards(spaces: Sequence[Space], lang: str) -> list[Card]:
    """Return spaces, which the reader is known to see, as cards; four queries whatever their number."""
    ids = [space.id for space in spaces]
    objectives, counts = await queries.objectives_of(ids), await queries.published_counts(ids)
    moderating = await queries.entities_by_space(ids)
    names = {one.id: one for one in await entities.named((found for each in moderating.values() for found in each), lang)}
    return [
        Card(
            slug=space.slug,
            title=block(space.title, lang) if any(space.title.values()) else Block(space.slug, "en", "ltr"),
            table=table_and_edition(space, lang),
            state=space.state,
            state_text=gettext(STATE_NAMES[space.state]),
            is_demo=space.is_demo,
            members_only=space.visibility == Visibility.MEMBERS.value,
            deadline_label=deadline_label(space.state),
            opens_at=space.opens_at if space.state == SpaceState.ANNOUNCED.value else None,
            closes_at=space.closes_at,
            zone=space.zone,
            comments=counts.get(space.id, 0),
            objectives=[badge(number, lang) for number in objectives[space.id]],
            entities=[names[found] for found in moderating[space.id] if found in names],
            mode=gettext(MODE_NAMES[space.premoderation]) if space.premoderation else "",
        )
        for space in spaces
    ]
