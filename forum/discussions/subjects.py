"""What a notice is about: the space, and the comment's symbol once it has been public."""

from collections.abc import Collection, Mapping

from forum.discussions.models import Comment, CommentState, Space
from forum.notices.sources import Subject


async def subjects(comment_ids: Collection[str], space_ids: Collection[str]) -> Mapping[str, Subject]:
    """Return the subjects that these comments and spaces are, each by its id; one statement for either."""
    found: dict[str, Subject] = {}
    if comment_ids:
        for comment in await Comment.filter(id__in=list(comment_ids)).select_related("space"):
            is_public = comment.state == CommentState.PUBLISHED.value
            found[comment.id] = Subject(comment.space.slug, comment.space.title, comment.symbol, is_public)
    if space_ids:
        for space in await Space.filter(id__in=list(space_ids)):
            found[space.id] = Subject(space.slug, space.title)
    return found
