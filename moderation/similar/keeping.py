"""Keep the signature of every text that comes, in the transaction that writes it, until its author takes the text back."""

from tortoise.backends.base.client import BaseDBAsyncClient

from forum.db.reading import execute, rows
from forum.db.work import Work, begin
from forum.kernel.events import Fact
from forum.text.aside import aside
from forum.text.excerpt import plain_text
from moderation.screening.looking import signature_for
from moderation.similar.signing import Signed, sign

COMES = frozenset({"comment.received", "comment.revised", "comment.resubmitted", "comment.edit_received"})
GOES = frozenset({"comment.withdrawn", "comment.retracted"})
BATCH = 50


async def keep_signature(work: Work, fact: Fact) -> None:
    """Hear of a text that has come. It was signed when it was screened; one that was not is signed by `fill`.

    A comment that its author takes back is forgotten with all its texts: sent anew it is no repetition.
    """
    if fact.subject is not None and fact.kind in GOES:
        await erase(work.connection, fact.subject)
    if fact.kind not in COMES or fact.subject is None:
        return
    signed = signature_for(fact.subject)
    if signed is not None:
        await keep(work.connection, (str(fact.data["revision"]), fact.subject, fact.log), signed)


async def keep(using: BaseDBAsyncClient, ids: tuple[str, str, str], signed: Signed) -> None:
    """Write a signature and its bands; `ids` are those of the revision, its comment and its space. Twice is as good as once."""
    made = "INSERT INTO similar_signatures (revision_id, comment_id, space_id, digest) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
    await execute(made, [*ids, signed.stored()], using)
    if bands := signed.bands():
        marks = ", ".join("(?, ?)" for _ in bands)
        values = [value for band in bands for value in (band, ids[0])]
        await execute(f"INSERT INTO similar_bands (band, revision_id) VALUES {marks} ON CONFLICT DO NOTHING", values, using)


async def erase(using: BaseDBAsyncClient, comment_id: str) -> None:
    """Delete all signatures of a comment."""
    of_comment = "SELECT revision_id FROM similar_signatures WHERE comment_id = ?"
    await execute(f"DELETE FROM similar_bands WHERE revision_id IN ({of_comment})", [comment_id], using)
    await execute("DELETE FROM similar_signatures WHERE comment_id = ?", [comment_id], using)


_UNSIGNED = (
    "SELECT r.id, r.comment_id, c.space_id, r.html FROM revisions r JOIN comments c ON c.id = r.comment_id"
    " LEFT JOIN similar_signatures g ON g.revision_id = r.id"
    " WHERE g.revision_id IS NULL AND c.state <> 'withdrawn' AND r.id > ? ORDER BY r.id LIMIT ?"
)


async def fill() -> int:
    """Sign what has no signature yet: texts from before there were any, or whose screening failed. Return how many there were."""
    count, last = 0, ""
    while found := await rows(_UNSIGNED, [last, BATCH]):
        signed = [await aside(lambda html: sign(plain_text(html)), one["html"]) for one in found]
        async with begin() as work:
            for one, made in zip(found, signed, strict=True):
                await keep(work.connection, (one["id"], one["comment_id"], one["space_id"]), made)
        count, last = count + len(found), found[-1]["id"]
    return count
