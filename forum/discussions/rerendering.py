"""Render stored texts anew where an older version of the renderer made their HTML."""

from forum.discussions.models import Revision, Space
from forum.text.aside import aside
from forum.text.markup import RENDERER_VERSION, render

BATCH = 200


async def rerender() -> int:
    """Bring the HTML of all revisions and spaces up to date and return how many texts were rendered. The sources stay."""
    count = 0
    while batch := await Revision.filter(renderer__lt=RENDERER_VERSION).limit(BATCH):
        for revision in batch:
            text = await aside(render, revision.source, anchor=revision.comment_id)
            revision.html, revision.paragraphs, revision.renderer = text.html, text.paragraphs, text.version
        for revision in batch:
            # One at a time, each committed: a writer who holds one of them and wants the next must not wait for us, and we for it.
            await revision.save(update_fields=["html", "paragraphs", "renderer"])
        count += len(batch)
    for space in await Space.filter(renderer__lt=RENDERER_VERSION):
        space.note_html = {lang: (await aside(render, text)).html for lang, text in space.note.items()}
        space.policy_html = {lang: (await aside(render, text)).html for lang, text in space.policy.items()}
        space.renderer = RENDERER_VERSION
        await space.save(update_fields=["note_html", "policy_html", "renderer"])
        count += 1
    return count
