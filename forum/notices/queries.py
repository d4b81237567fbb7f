"""Read a person's notices: those that are due and were not taken back, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.queryset import QuerySet

from forum.kernel import clock
from forum.kernel.locales import pick
from forum.notices import sources
from forum.notices.kinds import kind_of
from forum.notices.models import Notice
from forum.notices.sources import Subject
from forum.web.catalogue import gettext


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notices: those before the one with the id `after`, at most `limit`, all or only the unread ones."""

    after: str = ""
    limit: int = 30
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice in the words of the current language; `space_title` is in `space_lang` and empty when it is about no space."""

    notice: Notice
    title: str
    sentence: str
    space_slug: str
    space_title: str
    space_lang: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Page:
    """Notices, newest first; `next` is the cursor of the rest, None at the end."""

    items: list[Shown]
    next: str | None


def present(person_id: str) -> QuerySet[Notice]:
    """Return the notices that a person may see by now."""
    return Notice.filter(person_id=person_id, cancelled_at=None, due_at__lte=clock.now())


async def page(person_id: str, wanted: Wanted, lang: str) -> Page:
    """Return a page of a person's notices in `lang`: two statements, three where notices are about spaces alone."""
    query = present(person_id)
    if wanted.after:
        query = query.filter(id__lt=wanted.after)
    if wanted.unread:
        query = query.filter(read_at=None)
    found = await query.order_by("-id").limit(wanted.limit + 1)
    kept = found[: wanted.limit]
    about = await subjects_of(kept)
    items = [shown(one, about.get(one.id), lang) for one in kept]
    return Page(items, kept[-1].id if len(found) > wanted.limit else None)


async def unread(person_id: str) -> int:
    """Return how many notices a person has not read yet."""
    return await present(person_id).filter(read_at=None).count()


async def subjects_of(notices: Sequence[Notice]) -> dict[str, Subject]:
    """Return what each notice is about, by its id; a notice about nothing, or about what is gone, has no entry."""
    comments = {one.comment_id for one in notices if one.comment_id}
    spaces = {one.space_id for one in notices if one.space_id and not one.comment_id}
    found = await sources.subjects(comments, spaces) if comments or spaces else {}
    pairs = ((one.id, found.get(one.comment_id or one.space_id or "")) for one in notices)
    return {notice_id: subject for notice_id, subject in pairs if subject is not None}


def shown(notice: Notice, subject: Subject | None, lang: str) -> Shown:
    """Return a notice in the words of the current language, and the names of its subject in `lang` where there are some."""
    kind = kind_of(notice.kind)
    title, title_lang = pick(subject.space_title, lang) if subject else ("", lang)
    return Shown(
        notice=notice,
        title=gettext(kind.title, **notice.params),
        sentence=gettext(kind.sentence, **notice.params),
        space_slug=subject.space_slug if subject else "",
        space_title=title,
        space_lang=title_lang,
        symbol=subject.symbol if subject else "",
    )
