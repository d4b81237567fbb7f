"""The record for programs of moderators. Reading is all that it does: taking a file here is not noted in the record, as no GET writes."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, Number, read_query
from forum.kernel.actors import Actor, Capacity
from forum.record.browsing import Wanted, Written
from forum.record.chain import verify
from forum.web.catalogue import gettext
from forum.web.identity import actor_of
from forum.web.shapes import place
from moderation.audit import exporting, queries
from moderation.audit.asked import PLACE, Asked, cursor, place_of, read
from moderation.audit.logs import AT_ONCE, log_named
from moderation.audit.queries import Space
from moderation.audit.words import FAULTS, GROUPS


def _day(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [{"type": "string", "format": "date"}, {"const": ""}]


class AuditFilters(Localized):
    """Which entries are wanted; what is left out or empty means any."""

    space: str | None = Field(default=None, max_length=60, description="address of a space; `-` is the forum's own log")
    actor: str | None = Field(default=None, max_length=80, description="id of who acted, or a part of the name")
    capacity: Literal["", "member", "moderator", "secretariat", "system"] | None = Field(default=None, description="of who acted")
    group: str | None = Field(
        default=None,
        max_length=20,
        description="group of kinds: comment, case, sanction, space, desk, role or person",
        json_schema_extra={"enum": ["", *GROUPS]},
    )
    case: str | None = Field(default=None, max_length=64, description="id of the case", json_schema_extra=place())
    comment: str | None = Field(default=None, max_length=64, description="id or symbol of the comment")
    since: str | None = Field(default=None, max_length=10, description="first day, in UTC: 2026-05-17", json_schema_extra=_day)
    until: str | None = Field(default=None, max_length=10, description="last day, in UTC: 2026-05-17", json_schema_extra=_day)
    q: str | None = Field(
        default=None,
        max_length=100,
        description="part of a kind or of a reason's name, beginning of a reason's code, or a symbol",
    )

    def asked(self) -> Asked:
        """Return the filters as the pages know them."""
        return read({name: value for name, value in self.model_dump().items() if isinstance(value, str)})


class AuditQuery(AuditFilters):
    """Which entries are wanted, how many, and after which."""

    limit: Number = Field(default=50, ge=1, le=200)
    after: str | None = Field(
        default=None, max_length=80, description="`next` of the page before", json_schema_extra=place(PLACE)
    )


class EntryAnswer(BaseModel):
    """An entry of the record. `data` is what `hash` covers, to the letter; `says` is the same, read.

    `hash` is the SHA-256, in hexadecimal digits, of `prev` followed by the canonical JSON (RFC 8785) of actor, at, capacity, data, kind,
    log, public_seq, seq and subject.
    """

    log: str = Field(description="id of the space, or `forum`")
    space: str | None = Field(description="address of the space")
    seq: int
    public_seq: int | None
    at: datetime
    kind: str
    capacity: Capacity
    actor: str | None = Field(description="id of who acted; null is the forum itself, or the command line")
    actor_name: str | None
    subject: str | None = Field(description="id of what it is about")
    data: str
    says: dict[str, Any]
    prev: str
    hash: str


class AuditAnswer(BaseModel):
    """Entries, newest first. `next` is the value of `after` for the rest, null at the end."""

    items: list[EntryAnswer]
    next: str | None


async def listed(request: Request) -> Response:
    """Answer entries of the logs that the caller may read."""
    query, actor = read_query(request, AuditQuery), actor_of(request)
    place = place_of(query.after or "")
    wanted, spaces = await _wanted(actor, query.asked())
    page = await queries.page(replace(wanted, after=place) if wanted else None, query.limit)
    people = await queries.names(one.actor_id for one, _ in page.items)
    slugs = {one.id: one.slug for one in spaces}
    items = [_entry(one, slugs.get(one.log_id), people) for one, _ in page.items]
    return answer(AuditAnswer(items=items, next=cursor(page.next) if page.next else None))


async def table(request: Request) -> Response:
    """Answer all entries that fit, as a file."""
    query, actor = read_query(request, AuditFilters), actor_of(request)
    wanted, spaces = await _wanted(actor, query.asked())
    await request.app.state.limiter.hit("export", actor.person_id)
    return exporting.file(exporting.Taken(actor, wanted, {one.id: one.slug for one in spaces}), "csv")


class VerifyQuery(Localized):
    """Whose record is read."""

    space: str = Field(min_length=1, max_length=60, description="address of a space; `-` is the forum's own log")


class VerdictAnswer(BaseModel):
    """Whether a record is whole: each entry follows from the one before. `head` is the hash of the last one."""

    ok: bool
    entries: int
    head: str
    bad_seq: int | None = Field(description="number of the first entry that is wrong")
    why: str | None = Field(description="what is wrong with it, in the request's language")


async def verified(request: Request) -> Response:
    """Read a record from end to end and answer whether it is whole."""
    query, actor = read_query(request, VerifyQuery), actor_of(request)
    log_id = log_named(actor, await queries.spaces(actor), query.space)
    await request.app.state.limiter.hit("verify", actor.person_id)
    async with AT_ONCE:
        found = await verify(log_id)
    why = gettext(FAULTS[found.why]) if found.why else None
    return answer(VerdictAnswer(ok=found.ok, entries=found.entries, head=found.head, bad_seq=found.bad_seq, why=why))


async def _wanted(actor: Actor, asked: Asked) -> tuple[Wanted | None, list[Space]]:
    spaces = await queries.spaces(actor)
    return await queries.narrow(actor, spaces, asked), spaces


def _entry(one: Written, slug: str | None, people: dict[str, str]) -> EntryAnswer:
    return EntryAnswer(
        log=one.log_id,
        space=slug,
        seq=one.seq,
        public_seq=one.public_seq,
        at=one.at,
        kind=one.kind,
        capacity=Capacity(one.capacity),
        actor=one.actor_id,
        actor_name=people.get(one.actor_id or ""),
        subject=one.subject,
        data=one.data,
        says=json.loads(one.data),
        prev=one.prev,
        hash=one.hash,
    )
