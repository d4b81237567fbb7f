"""Find texts that are nearly the same: for a phase, whether there is one; for moderators, which, in the spaces they moderate."""

from collections.abc import Sequence
from dataclasses import dataclass

from forum.db.reading import Row, row, rows
from forum.kernel.actors import Actor
from forum.text.aside import aside
from forum.text.excerpt import plain_text
from moderation.policy import require_case, scope
from moderation.rules.scopes import handles, scope_of
from moderation.similar.signing import Signed, in_common, read_stored, sequences

ALIKE = 0.5
"""Texts with less in common are not shown to moderators."""
SHARED = 500
"""Texts sharing a band that are looked at: where more are all the same, so many of them tell as much."""
COMPARED = 20
"""Texts of which that is read as they were written."""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Near:
    """A text like the one asked about; `score` is the share of what they have in common.

    `elsewhere` is true in another space than that of the comment asked about.
    """

    comment_id: str
    revision_id: str
    space_id: str
    space_slug: str
    state: str
    symbol: str
    author_id: str
    author_name: str
    same_author: bool
    elsewhere: bool
    lang: str
    html: str
    score: float


def _sharing(bands: Sequence[int], more: str = "") -> str:
    """Return the statement for signatures that share one of these bands, a bounded number of them."""
    marks = ", ".join("?" for _ in bands)
    return (
        "SELECT g.revision_id, g.comment_id, g.digest FROM similar_signatures g JOIN"
        f" (SELECT DISTINCT revision_id FROM (SELECT revision_id FROM similar_bands WHERE band IN ({marks}) LIMIT {SHARED}) few) b"
        f" ON b.revision_id = g.revision_id WHERE g.comment_id <> ?{more}"
    )


async def is_known(signed: Signed, comment_id: str, least: float) -> bool:
    """Return whether another comment, in any space, has or had a text that has `least` in common with the signed one."""
    bands = signed.bands()
    if not bands:
        return False
    found = await rows(_sharing(bands), [*bands, comment_id])
    return any(signed.likeness(read_stored(one["digest"])) >= least for one in found)


_ASKED = (
    "SELECT c.space_id, c.author_id, r.html, g.digest FROM comments c JOIN revisions r ON r.id = COALESCE(c.pending_id, c.shown_id)"
    " LEFT JOIN similar_signatures g ON g.revision_id = r.id WHERE c.id = ?"
)
_DETAILS = (
    "SELECT c.id AS comment_id, r.id AS revision_id, c.space_id, s.slug AS space_slug, c.state, c.symbol, c.author_id,"
    " p.name AS author_name, r.lang, r.html FROM revisions r JOIN comments c ON c.id = r.comment_id"
    " JOIN spaces s ON s.id = c.space_id JOIN persons p ON p.id = c.author_id WHERE r.id IN "
)


async def similar_to(actor: Actor, comment_id: str, limit: int = SHOWN) -> list[Near]:
    """Return the comments whose text is nearly that of this one, the likest first, from the spaces and languages given to `actor`.

    Raises NotFound where `actor` does not moderate the comment's own space. Four statements, however many there are.
    """
    asked = await row(_ASKED, [comment_id])
    require_case(actor, str(asked["space_id"]) if asked else "")
    assert asked is not None
    signed = read_stored(asked["digest"]) if asked["digest"] else Signed(())
    if not (bands := signed.bands()):
        return []
    spaces = scope(actor)
    within = f" AND g.space_id IN ({', '.join('?' for _ in spaces)})"
    found = await rows(_sharing(bands, within), [*bands, comment_id, *spaces])
    likest = sorted(found, key=lambda one: -signed.likeness(read_stored(one["digest"])))[:COMPARED]
    if not likest:
        return []
    marks = ", ".join("?" for _ in likest)
    given = await scope_of(actor)
    every = await rows(f"{_DETAILS}({marks})", [one["revision_id"] for one in likest])
    details = [one for one in every if handles(given, one["space_id"], one["lang"])]
    scored = await aside(_scored, asked["html"], [one["html"] for one in details])
    return _best(asked, details, scored)[:limit]


def _scored(html: str, others: Sequence[str]) -> list[float]:
    mine = sequences(plain_text(html))
    return [in_common(mine, sequences(plain_text(one))) for one in others]


def _best(asked: Row, details: Sequence[Row], scored: Sequence[float]) -> list[Near]:
    """Return one row for each comment, that of its likest revision."""
    best: dict[str, Near] = {}
    for one, score in sorted(zip(details, scored, strict=True), key=lambda pair: (-pair[1], pair[0]["revision_id"])):
        if score >= ALIKE and one["comment_id"] not in best:
            mine = {"same_author": one["author_id"] == asked["author_id"], "elsewhere": one["space_id"] != asked["space_id"]}
            best[one["comment_id"]] = Near(**one, **mine, score=score)
    return list(best.values())
