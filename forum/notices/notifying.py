"""Tell a person something, and take it back before it has left. Both happen inside the unit of work of the act that is told of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from forum.db.work import Work
from forum.kernel import clock
from forum.notices.kinds import is_known
from forum.notices.models import MailState, Notice

LONGEST = 80
"""Characters of a param: enough for a name or a code, and nobody's text passes for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A notice to be given.

    `ref` names the act, such as "case:<id>:<seq>": the same person is told of it once in each kind. `params` are ids, codes, names and
    numbers, at most LONGEST characters on one line each. `url` is a path without its language. Without `due_at` it leaves at once.
    """

    person_id: str
    kind: str
    ref: str
    url: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    comment_id: str | None = None
    space_id: str | None = None
    due_at: datetime | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown kind, for what is no path of ours, and for a param that could be somebody's text."""
        if not is_known(self.kind):
            raise ValueError(f"no kind of notice: {self.kind}")
        if not self.url.startswith("/") or self.url.startswith("//"):
            raise ValueError("the address of a notice is a path of this forum")
        words = [value for value in self.params.values() if isinstance(value, str)]
        if any(len(word) > LONGEST or len(word.splitlines()) > 1 for word in words):
            raise ValueError(f"params of {self.kind} are names and codes, not texts")


async def notify(work: Work, *told: Told) -> None:
    """Give these notices with the transaction of `work`: they are there if it commits. One that was given before changes nothing."""
    now = clock.now()
    rows = [
        Notice(
            person_id=one.person_id,
            kind=one.kind,
            ref=one.ref,
            params=dict(one.params),
            url=one.url,
            comment_id=one.comment_id,
            space_id=one.space_id,
            created_at=now,
            due_at=one.due_at or now,
            next_try_at=one.due_at or now,
        )
        for one in told
    ]
    if rows:
        await Notice.bulk_create(rows, ignore_conflicts=True, using_db=work.connection)


async def cancel(work: Work, ref: str, kinds: Collection[str] = ()) -> int:
    """Take back what was told of the act `ref`, with the transaction of `work`; return to how many notices that happened.

    With `kinds`, notices of other kinds about the same act stay.

    What has been read, or has left by mail, has been told and stays.
    """
    there = Notice.filter(ref=ref, cancelled_at=None, read_at=None).exclude(mail_state=MailState.SENT.value)
    if kinds:
        there = there.filter(kind__in=list(kinds))
    return await there.using_db(work.connection).update(cancelled_at=clock.now(), mail_state=MailState.DROPPED.value)
