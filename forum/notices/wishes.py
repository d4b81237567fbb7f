"""Whether a person wants their notices by mail. They do until they say otherwise; the page has them either way."""

from forum.kernel import clock
from forum.notices.models import NoticeWish


async def wants_mail(person_id: str) -> bool:
    """Return whether a person wants mail."""
    wish = await NoticeWish.get_or_none(person_id=person_id)
    return wish is None or wish.mail


async def set_mail(person_id: str, wanted: bool) -> None:
    """Remember whether a person wants mail."""
    row = NoticeWish(person_id=person_id, mail=wanted, changed_at=clock.now())
    await NoticeWish.bulk_create([row], on_conflict=["person_id"], update_fields=["mail", "changed_at"])
