"""What the API of sanctions answers, and how a sanction becomes it."""

from datetime import datetime
from enum import StrEnum
from typing import cast

from pydantic import BaseModel, Field

from forum.discussions.api.query import Localized, Number
from forum.kernel.locales import Lang
from forum.web.catalogue import gettext
from forum.web.shapes import place
from moderation.reasons import BY_CODE
from moderation.sanctions.models import Outcome, Sanction, SanctionKind, SanctionState
from moderation.sanctions.policy import may_appeal, state_of
from moderation.sanctions.queries import Seen


class Show(StrEnum):
    """Which sanctions are wanted."""

    ACTIVE = "active"
    APPEALED = "appealed"
    ENDED = "ended"
    ALL = "all"


class SanctionsQuery(Localized):
    """Which sanctions are wanted; what is left out or empty means any, and `show` the active ones."""

    show: Show = Show.ACTIVE
    space: str | None = Field(default=None, max_length=60, description="address of a space")
    person: str | None = Field(default=None, max_length=64, description="id of the person")
    limit: Number = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=64, description="`next` of the page before", json_schema_extra=place())


class AppealAnswer(BaseModel):
    """An appeal in its author's words; `outcome` and what follows it are null while nobody has decided."""

    text: str
    lang: Lang
    at: datetime
    outcome: Outcome | None
    answer: str | None
    answer_lang: Lang | None
    answered_at: datetime | None


class OwnSanctionAnswer(BaseModel):
    """A sanction as its person reads it. `space` is null for the whole forum, `ends_at` for one without an end.

    `reason` is a code, `reason_name` its name, `text` what was written to the person; `end_text` says why it was lifted.
    """

    id: str
    version: int
    space: str | None = Field(description="address of the space")
    kind: SanctionKind
    every: int | None = Field(description="seconds between two posts, of slow alone")
    reason: str
    reason_name: str | None
    text: str
    text_lang: Lang
    imposed_at: datetime
    ends_at: datetime | None
    state: SanctionState
    ended_at: datetime | None
    end_text: str | None
    end_lang: Lang | None
    can_appeal: bool
    appeal: AppealAnswer | None


class Person(BaseModel):
    """Whom a sanction is about."""

    id: str
    name: str


class SanctionAnswer(OwnSanctionAnswer):
    """A sanction as the desk reads it. `note` stays there; names are null where nobody has acted."""

    person: Person
    note: str
    case: str | None
    imposed_by: str
    ended_by: str | None
    answered_by: str | None


class SanctionsAnswer(BaseModel):
    """Sanctions, newest first. `next` is the value of `after` for the rest, null at the end."""

    items: list[SanctionAnswer]
    next: str | None


class OwnSanctionsAnswer(BaseModel):
    """The newest sanctions on the person who asks, newest first."""

    items: list[OwnSanctionAnswer]


def _lang(code: str) -> Lang | None:
    return cast(Lang, code) if code else None


def _appeal(row: Sanction) -> AppealAnswer | None:
    if row.appealed_at is None:
        return None
    return AppealAnswer(
        text=row.appeal_text,
        lang=cast(Lang, row.appeal_lang),
        at=row.appealed_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        answer=row.answer or None,
        answer_lang=_lang(row.answer_lang),
        answered_at=row.answered_at,
    )


def own_answer(seen: Seen) -> OwnSanctionAnswer:
    """Return a sanction for the person it is about, its reason in the current language."""
    row = seen.row
    reason = BY_CODE.get(row.reason)
    return OwnSanctionAnswer(
        id=row.id,
        version=row.version,
        space=seen.space_slug or None,
        kind=SanctionKind(row.kind),
        every=row.every or None,
        reason=row.reason,
        reason_name=gettext(reason.name) if reason else None,
        text=row.text,
        text_lang=cast(Lang, row.text_lang),
        imposed_at=row.imposed_at,
        ends_at=row.ends_at,
        state=state_of(row),
        ended_at=row.ended_at,
        end_text=row.end_text or None,
        end_lang=_lang(row.end_lang),
        can_appeal=may_appeal(row),
        appeal=_appeal(row),
    )


def desk_answer(seen: Seen) -> SanctionAnswer:
    """Return a sanction for the desk."""
    row = seen.row
    return SanctionAnswer(
        **dict(own_answer(seen)),
        person=Person(id=row.person_id, name=seen.person),
        note=row.note,
        case=row.case_id,
        imposed_by=seen.imposed_by,
        ended_by=seen.ended_by or None,
        answered_by=seen.answered_by or None,
    )
